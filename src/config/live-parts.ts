/**
 * The files of the configuration, read part by part while the gateway runs: the credentials, the API
 * clients, the TLS identity, the sealing keys, the standing orders, the profiles of ledgers. What one part says may be what keeps another from changing.
 */
import {
  loadCheckProfiles,
  loadClients,
  loadCredentials,
  loadOrders,
  loadSealingKeys,
  loadTls,
  type Configuration,
} from '../config.ts';
import type { CheckProfile } from '../lib/check-profile.ts';
import type { Clock } from '../lib/clock.ts';
import type { Credentials } from '../lib/credentials.ts';
import type { Hsms } from '../lib/hsm.ts';
import type { SealingSecret } from '../state/sealing.ts';
import type { ApiClient } from './clients.ts';
import { ConfigurationError, createFindings, type Findings } from './findings.ts';
import type { StandingOrder } from './orders.ts';
import type { TlsIdentity } from './tls.ts';

/** The parts, in the order in which they take effect. */
export const LIVE_PARTS = [
  'credentials',
  'clients',
  'tls',
  'sealing',
  'orders',
  'profiles',
] as const;
export type LivePart = (typeof LIVE_PARTS)[number];

/** What is in force of each part. */
export interface InForce {
  credentials: Credentials;
  clients: ApiClient[] | undefined;
  tls: TlsIdentity | undefined;
  sealing: SealingSecret[];
  orders: StandingOrder[];
  profiles: CheckProfile[];
}

/** What was read of one part, good or not. */
interface Reading<T> {
  /** Undefined when there is a mistake. */
  value: T | undefined;
  findings: Findings;
}

/** What was read of each part; undefined where the configuration names no files. */
export interface Readings {
  credentials: Reading<Credentials>;
  clients: Reading<ApiClient[]> | undefined;
  tls: Reading<TlsIdentity> | undefined;
  sealing: Reading<SealingSecret[]>;
  orders: Reading<StandingOrder[]> | undefined;
  profiles: Reading<CheckProfile[]> | undefined;
}

/**
 * Reads everything. A member does not go while the clients in force still name it; whose own files are
 * spoilt stays as it is.
 * @returns per part a value that may take effect, or the mistakes for which it may not.
 */
export function readParts(
  config: Configuration['config'],
  clock: Clock,
  inForce: Readonly<InForce>,
  hsms: Hsms,
): Readings {
  const { tls, apiClientsFile, sealingKeysFile, standingOrdersFile, checkProfilesFile } = config;
  const readClients = ({ members }: Credentials): Readings['clients'] => {
    if (apiClientsFile === undefined) return undefined;
    const codes = new Set(members.keys());
    return read((findings) => loadClients(apiClientsFile, codes, findings).clients);
  };
  const readOrders = ({ members }: Credentials): Readings['orders'] =>
    standingOrdersFile === undefined
      ? undefined
      : read((findings) => loadOrders(standingOrdersFile, new Set(members.keys()), findings));
  const { members } = inForce.credentials;
  const credentials = read(
    (findings) => loadCredentials(config, clock, findings, { hsms, inForce: members }).credentials,
  );
  const clients = readClients(credentials.value ?? inForce.credentials);
  const readings = {
    credentials,
    clients,
    tls: tls && read((findings) => loadTls(tls, clock, findings)),
    sealing: read((findings) => loadSealingKeys(sealingKeysFile, findings)),
    orders: readOrders(credentials.value ?? inForce.credentials),
    profiles:
      checkProfilesFile === undefined
        ? undefined
        : read((findings) => loadCheckProfiles(checkProfilesFile, findings)),
  };
  const isFit = clients?.value !== undefined || coversClients(credentials.value, inForce.clients);
  if (credentials.value === undefined || isFit) return readings;
  // Why the clients do not fit is why the credentials are refused.
  refuse(credentials, ...(clients?.findings.mistakes ?? []));
  return { ...readings, clients: readClients(inForce.credentials) };
}

/** The files that were read, good or not. */
export function pathsOf(readings: Readings): string[] {
  return LIVE_PARTS.flatMap((part) => [...(readings[part]?.findings.files ?? [])]);
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

function refuse(reading: Reading<unknown>, ...mistakes: Findings['mistakes']): void {
  reading.findings.mistakes.push(...mistakes);
  reading.value = undefined;
}

function coversClients(
  credentials: Credentials | undefined,
  clients: readonly ApiClient[] = [],
): boolean {
  const named = clients.flatMap(({ members }) => members);
  return named.every((code) => credentials?.members.has(code) === true);
}
