/**
 * The files of the configuration, followed while the gateway runs.
 *
 * What changes is read and checked as at start and then takes effect as a whole or not at all: the
 * credentials (members, their keys and MKK's certificates), the API clients, the TLS identity. A
 * mistake in one of the three does not keep the others from changing, so that a stolen API key can
 * be shut out although some certificate has expired.
 */
import type { Logger } from 'pino';
import { loadClients, loadCredentials, loadTls, type Configuration } from '../config.ts';
import type { Clock } from '../lib/clock.ts';
import { canSign, type Credentials } from '../lib/credentials.ts';
import type { ApiClient } from './clients.ts';
import { ConfigurationError, createFindings, type Findings, type Warning } from './findings.ts';
import type { TlsIdentity } from './tls.ts';
import { followPaths } from './follow.ts';

export type LivePart = 'credentials' | 'clients' | 'tls';

export interface LiveFiles {
  /** What is in force now; another object once it has changed. */
  credentials: () => Credentials;
  /** Undefined: no API key is asked. */
  clients: () => readonly ApiClient[] | undefined;
  /** Undefined: plain HTTP. */
  tls: () => TlsIdentity | undefined;
  /** The mistakes that keep files as they lie on the disk from taking effect; never a secret. */
  refused: () => readonly string[];
  /** Calls back after each change that took effect. */
  onChange(listener: (part: LivePart) => unknown): void;
  close(): void;
}

/** Mistakes count when they last: whoever writes several files may take this long over it. */
const PATIENCE_MS = 1_500;
const ORDER = ['credentials', 'clients', 'tls'] as const;

/** What was read of one part, good or not. */
interface Reading<T> {
  /** Undefined when there is a mistake. */
  value: T | undefined;
  findings: Findings;
}

interface Parts {
  credentials: Reading<Credentials>;
  clients?: Reading<ApiClient[]> | undefined;
  tls?: Reading<TlsIdentity> | undefined;
}

/**
 * Follows the files that the configuration was read from.
 * @param configuration what is in force at first.
 */
export function followFiles(configuration: Configuration, clock: Clock, log: Logger): LiveFiles {
  const { config } = configuration;
  const inForce = {
    credentials: configuration.credentials,
    clients: configuration.clients,
    tls: config.tls as TlsIdentity | undefined,
  };
  /** Digests of the files that each part in force was read from. */
  const sources = new Map<LivePart, Findings['files']>();
  const listeners = new Set<(part: LivePart) => unknown>();
  let refused: readonly string[] = [];
  let patience: NodeJS.Timeout | undefined;
  const files = followPaths(() => {
    clearTimeout(patience);
    look(false);
  });

  function readClients({ members }: Credentials): Reading<ApiClient[]> | undefined {
    const { apiClientsFile } = config;
    if (apiClientsFile === undefined) return undefined;
    const codes = new Set(members.keys());
    return read((findings) => loadClients(apiClientsFile, codes, findings).clients);
  }

  /** Reads everything. A member does not go while the clients in force still name it. */
  function readParts(): Parts {
    const { tls } = config;
    const credentials = read((findings) => loadCredentials(config, clock, findings).credentials);
    const clients = readClients(credentials.value ?? inForce.credentials);
    const parts = {
      credentials,
      clients,
      tls: tls && read((findings) => loadTls(tls, clock, findings)),
    };
    for (const warning of credentials.findings.warnings) {
      // Files that would take a member away that can sign are refused: what is in force is better.
      const member = inForce.credentials.members.get(warning.shutsOff ?? '');
      if (member === undefined || !canSign(member, clock.now())) continue;
      credentials.findings.mistakes.push(warning);
      credentials.value = undefined;
    }
    const isFit = clients?.value !== undefined || coversClients(credentials.value);
    if (credentials.value === undefined || isFit) return parts;
    // Why the clients do not fit is why the credentials are refused.
    credentials.findings.mistakes.push(...(clients?.findings.mistakes ?? []));
    credentials.value = undefined;
    return { ...parts, clients: readClients(inForce.credentials) };
  }
  function coversClients(credentials: Credentials | undefined): boolean {
    const named = (inForce.clients ?? []).flatMap(({ members }) => members);
    return named.every((code) => credentials?.members.has(code) === true);
  }

  function take<Part extends LivePart>(part: Part, reading: Parts[Part]): boolean {
    if (reading?.value === undefined) return false;
    const before = sources.get(part);
    sources.set(part, reading.findings.files);
    if (before !== undefined && isSame(before, reading.findings.files)) return false;
    inForce[part] = reading.value as (typeof inForce)[Part];
    return true;
  }

  /** @returns the parts that changed and what is wrong; nothing while somebody is writing. */
  function update(): { changed: LivePart[]; mistakes: string[]; warnings: Warning[] } | undefined {
    let parts = readParts();
    // What was not followed while it was read is read again, so that no change falls in between.
    if (files.follow(pathsOf(parts))) parts = readParts();
    if (!files.isAtRest()) return undefined;
    const changed = ORDER.filter((part) => take(part, parts[part]));
    const findings = ORDER.flatMap((part) => parts[part]?.findings ?? []);
    return {
      changed,
      mistakes: [...new Set(findings.flatMap(({ mistakes }) => mistakes.map(({ en }) => en)))],
      warnings: changed.flatMap((part) => parts[part]?.findings.warnings ?? []),
    };
  }

  /** @param isLasting whether mistakes are told: they are not of a moment. */
  function look(isLasting: boolean): void {
    try {
      const result = update();
      if (result === undefined) return;
      const { changed, mistakes, warnings } = result;
      for (const part of changed) log.info({ part }, 'changed files are in force');
      for (const warning of warnings) log.warn(warning.en);
      for (const part of changed) for (const listener of listeners) listener(part);
      if (mistakes.length === 0 || isLasting) tell(mistakes);
      else patience = setTimeout(look, PATIENCE_MS, true).unref();
    } catch (error) {
      log.error({ err: error }, 'changed files could not be taken over');
    }
  }
  function tell(mistakes: readonly string[]): void {
    const isNews = mistakes.join('\n') !== refused.join('\n');
    refused = mistakes;
    if (!isNews) return;
    if (mistakes.length === 0) log.info('the files are good again');
    else log.error({ mistakes }, 'changed files are refused: what was in force stays');
  }

  // Something may have changed since the configuration was read: then that counts, from the start.
  const { mistakes = [] } = update() ?? {};
  if (mistakes.length > 0) tell(mistakes);
  return {
    credentials: () => inForce.credentials,
    clients: () => inForce.clients,
    tls: () => inForce.tls,
    refused: () => refused,
    onChange: (listener) => void listeners.add(listener),
    close() {
      clearTimeout(patience);
      files.close();
    },
  };
}

function read<T>(load: (findings: Findings) => T): Reading<T> {
  const findings = createFindings();
  try {
    return { value: load(findings), findings };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { value: undefined, findings };
  }
}

function pathsOf(parts: Parts): string[] {
  return ORDER.flatMap((part) => [...(parts[part]?.findings.files.keys() ?? [])]);
}

function isSame(one: Findings['files'], other: Findings['files']): boolean {
  return one.size === other.size && [...one].every(([path, digest]) => other.get(path) === digest);
}
