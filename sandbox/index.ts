/** The MKS sandbox as a library: starts one, steers it, and tells what its reports have to hold. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createPrivateKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerCertificate, signWith } from './certificates.ts';
import { createClock, type SandboxClock } from './clock.ts';
import { loadContract } from './contract.ts';
import type { Row } from './data/columns.ts';
import type { FileType } from './data/file-bytes.ts';
import { expectedRows, type Filters } from './data/rows.ts';
import { createFaults, type Faults } from './faults/faults.ts';
import { createSandboxFiles } from './files/create.ts';
import { readMembers, type SandboxMember } from './files/members.ts';
import { sandboxPaths } from './files/paths.ts';
import { listen } from './http/server.ts';
import { minuteOfDay } from './istanbul.ts';
import { type Ledger, orderLedger } from './ledger/ledger.ts';
import { createJournal, type LogEntry, type Stats } from './journal.ts';
import { checkOptions, DEFAULT_MEMBERS, type SandboxOptions } from './options.ts';
import { createReferences } from './references.ts';
import { createReports } from './reports/reports.ts';
import type { Settings } from './settings.ts';
import { DEFAULT_SHAPE, mergeShape, type Shape } from './shape.ts';
import { createTokens } from './tokens.ts';
import type { World } from './world.ts';

export { createSandboxFiles, type SandboxFilesOptions } from './files/create.ts';
export { expectedRows } from './data/rows.ts';
export type { Row } from './data/columns.ts';
export type { Fault, FaultName } from './faults/catalogue.ts';
export type { ServiceName } from './services/service.ts';
export type { Ledger, LogEntry, SandboxOptions, Shape, Stats };

export interface Sandbox {
  /** For MKS_BASE_URL. */
  url: string;
  port: number;
  clock: SandboxClock;
  faults: Pick<Faults, 'arm' | 'clear' | 'armed'>;
  shape: {
    current(): Shape;
    /** Changes these fields for reports to come. @throws RangeError */
    set(changes: Partial<Shape>): void;
    reset(): void;
  };
  /** Whether services keep their hours. */
  enforceHours(enforced: boolean): void;
  /** Opens so late each day (HH:MM in Istanbul), but for the login; 00:00 ends it. @throws RangeError */
  openAt(time: string): void;
  /** Every token given so far is refused from now on. */
  revokeTokens(): void;
  /** Received messages, oldest first; the oldest of more than 10,000 are gone. */
  log: readonly LogEntry[];
  stats: Stats;
  members: ReadonlyMap<string, SandboxMember>;
  /** Takes messages signed with this certificate's key too. @throws RangeError */
  registerCertificate(memberCode: string, pem: string): void;
  /** Signs answers with this key from now on. @throws RangeError */
  signWith(keyPem: string): void;
  /** For MKS_MEMBERS_FILE. */
  membersFile: string;
  /** For MKS_TRUSTED_CERTIFICATES_FILE, and what is in it. */
  trustedCertificateFile: string;
  trustedCertificatePem: string;
  /** For MKS_CA_FILE; with TLS only. */
  caFile: string | undefined;
  /** What a report has to hold, under the shape of now. `fileType` is json unless told. */
  expectedRows(request: {
    member: string;
    processDate: string;
    filters?: Filters;
    fileType?: FileType;
  }): Generator<Row>;
  /** What `POST /_sandbox/ledger` makes, under the shape of now. @throws RangeError */
  ledger(order: object): Ledger;
  /** Breaks all connections, stops all work, removes archives, and the data folder if it was its own. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox. The first start in a data folder makes its keys.
 * @throws RangeError for options that cannot be; Error when files or the port cannot be had.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  checkOptions(options);
  const settings: Settings = {
    shape: mergeShape(DEFAULT_SHAPE, options.shape ?? {}),
    hoursEnforced: options.hoursEnforced ?? false,
    opensAtMinute: 0,
  };
  const { host = '127.0.0.1', seed = 'mks' } = options;
  const directory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'mks-sandbox-')));
  const paths = sandboxPaths(directory);
  await createSandboxFiles(directory, filesOptions(options, host));
  const world = await createWorld(options, settings, directory, seed);
  const tls =
    options.tls === true
      ? {
          key: await readFile(paths.tlsKey, 'utf8'),
          cert: await readFile(paths.tlsCertificate, 'utf8'),
        }
      : undefined;
  const server = await listen(world, host, options.port ?? 0, tls);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${urlHost(host)}:${server.port}`,
    port: server.port,
    clock: world.clock,
    faults: world.faults,
    shape: {
      current: () => settings.shape,
      set: (changes) => void (settings.shape = mergeShape(settings.shape, changes)),
      reset: () => void (settings.shape = mergeShape(DEFAULT_SHAPE, options.shape ?? {})),
    },
    enforceHours: (enforced) => void (settings.hoursEnforced = enforced),
    openAt: (time) => void (settings.opensAtMinute = minuteOfDay(time)),
    revokeTokens: () => world.tokens.revokeAll(),
    log: world.journal.log,
    stats: world.journal.stats,
    members: world.members,
    registerCertificate: (memberCode, pem) => registerCertificate(world, memberCode, pem),
    signWith: (keyPem) => signWith(world, keyPem),
    membersFile: paths.members,
    trustedCertificateFile: paths.signingCertificate,
    trustedCertificatePem: world.certificatePem,
    caFile: tls === undefined ? undefined : paths.authorityCertificate,
    expectedRows({ member, processDate, filters = {}, fileType = 'json' }) {
      const plainText = fileType === 'csv' && settings.shape.csvQuotes === 'never';
      const { rows } = settings.shape;
      return expectedRows({ seed, member, processDate, filters, rows, plainText });
    },
    ledger: (order) => orderLedger(world, { ...order }),
    async close() {
      await server.close();
      await world.reports.close();
      if (options.dataDirectory === undefined)
        await rm(directory, { recursive: true, force: true });
    },
  };
}

async function createWorld(
  options: SandboxOptions,
  settings: Settings,
  directory: string,
  seed: string,
): Promise<World> {
  const clock = createClock();
  const paths = sandboxPaths(directory);
  const signingKey = createPrivateKey(await readFile(paths.signingKey));
  const members = readMembers(directory, options.members ?? DEFAULT_MEMBERS);
  const { prepareSeconds = 4, lifetimeSeconds = 3600, datesWithoutData = [] } = options;
  const archives = await archiveDirectory(directory);
  const { acceptsOverlaps = false } = options;
  const made = { directory: archives, seed, prepareSeconds, datesWithoutData, acceptsOverlaps };
  let messageNumber = 875_000_000;
  return {
    seed,
    clock,
    settings,
    contract: loadContract(),
    members,
    signingKey,
    certificatePem: await readFile(paths.signingCertificate, 'utf8'),
    answerContentType: options.answerContentType ?? 'text/plain',
    tokens: createTokens({ clock, key: signingKey, lifetimeSeconds }),
    references: createReferences(),
    reports: createReports({ clock, settings, ...made }),
    faults: createFaults(clock),
    journal: createJournal(members.keys()),
    nextMessageId: () => String((messageNumber += 1)),
  };
}

/** A folder of this run's own: what an earlier run left behind is of no use any more. */
async function archiveDirectory(directory: string): Promise<string> {
  const parent = join(directory, 'archives');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, 'run-'));
}

function filesOptions(options: SandboxOptions, host: string) {
  const { members = DEFAULT_MEMBERS, memberKeyBits = 4096, tlsNames = [] } = options;
  const names = [...new Set(['localhost', '127.0.0.1', '::1', ...tlsNames, ...hostNames(host)])];
  return { members, memberKeyBits, ...(options.tls === true ? { tlsNames: names } : {}) };
}

/** "All addresses" is nobody's name. */
function hostNames(host: string): string[] {
  return ['0.0.0.0', '::'].includes(host) ? [] : [host];
}

function urlHost(host: string): string {
  const [name = 'localhost'] = hostNames(host);
  return name.includes(':') ? `[${name}]` : name;
}
