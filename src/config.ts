/**
 * The configuration: everything that the environment and the files say, checked at once.
 *
 * At start every mistake is gathered before any of it is used; later the credentials and the
 * clients may be read again by themselves, while the environment stays as it was.
 */
import { readTrustedCertificates } from './config/certificates.ts';
import { readCheckProfiles } from './config/check-profiles.ts';
import { readClients, type ApiClient } from './config/clients.ts';
import {
  assertNoMistakes,
  createFindings,
  type Findings,
  type Warning,
} from './config/findings.ts';
import { keepInForce } from './config/kept-members.ts';
import { readMembers } from './config/members.ts';
import { readOrders, type StandingOrder } from './config/orders.ts';
import { readSealingKeys } from './config/sealing-keys.ts';
import { readSettings, type Config } from './config/settings.ts';
import { readTlsFiles, type TlsFiles, type TlsIdentity } from './config/tls.ts';
import type { CheckProfile } from './lib/check-profile.ts';
import type { Clock } from './lib/clock.ts';
import { defined } from './lib/defined.ts';
import { NO_HSMS, type Hsms } from './lib/hsm.ts';
import type { SealingSecret } from './state/sealing.ts';
import { canSign, type Credentials, type Member } from './lib/credentials.ts';

export { ConfigurationError } from './config/findings.ts';
export type { ApiClient } from './config/clients.ts';
export type { Config } from './config/settings.ts';
export type { TlsIdentity } from './config/tls.ts';

export interface Configuration {
  config: Config;
  credentials: Credentials;
  /** What everything that rests is sealed under; none while the file is yet to be made. */
  sealingKeys: SealingSecret[];
  /** Absent: no key is asked. */
  clients?: ApiClient[];
  /** What is asked for day by day. */
  orders: StandingOrder[];
  /** How callers' ledgers are read that are not as MKS writes. */
  checkProfiles: CheckProfile[];
  /** For the log: what works, but ought to be mended. */
  warnings: Warning[];
}

/** The files that may change while the gateway runs. */
export type CredentialFiles = Pick<Config, 'membersFile' | 'trustedCertificatesFile'>;

/**
 * Reads the environment and all files that it names, and waits for what HSMs say of the keys in them.
 * @throws ConfigurationError with every mistake of them all.
 */
export async function openConfiguration(
  env: NodeJS.ProcessEnv,
  clock: Clock,
  hsms: Hsms,
): Promise<Configuration> {
  for (;;) {
    try {
      const configuration = loadConfiguration(env, clock, hsms);
      if (!hsms.isAsking()) return configuration;
    } catch (error) {
      // That an HSM is being asked is among the mistakes.
      if (!hsms.isAsking()) throw error;
    }
    await hsms.settled();
  }
}

/**
 * Reads the environment and all files that it names.
 * @param hsms where keys lie that are in no file.
 * @throws ConfigurationError with every mistake of them all.
 */
export function loadConfiguration(
  env: NodeJS.ProcessEnv,
  clock: Clock,
  hsms: Hsms = NO_HSMS,
): Configuration {
  const findings = createFindings();
  const config = readSettings(env, clock, findings);
  const credentials = gatherCredentials(config, clock, findings, { hsms });
  const sealingKeys = readSealingKeys(config, findings.variable('SEALING_KEYS_FILE'));
  const { apiClientsFile, standingOrdersFile, checkProfilesFile } = config;
  const codes = credentials.members.size === 0 ? undefined : new Set(credentials.members.keys());
  const clients =
    apiClientsFile === undefined
      ? undefined
      : readClients(apiClientsFile, findings.variable('API_CLIENTS_FILE'), codes);
  const orders =
    standingOrdersFile === undefined
      ? []
      : readOrders(standingOrdersFile, findings.variable('STANDING_ORDERS_FILE'), codes);
  const checkProfiles =
    checkProfilesFile === undefined
      ? []
      : readCheckProfiles(checkProfilesFile, findings.variable('CHECK_PROFILES_FILE'));
  assertNoMistakes(findings);
  return {
    config,
    credentials,
    sealingKeys,
    ...defined({ clients }),
    orders,
    checkProfiles,
    warnings: findings.warnings,
  };
}

/**
 * Reads the environment alone, with the certificates and keys that TLS needs.
 * @throws ConfigurationError with every mistake.
 */
export function readConfig(env: NodeJS.ProcessEnv, clock: Clock): Config {
  const findings = createFindings();
  const config = readSettings(env, clock, findings);
  assertNoMistakes(findings);
  return config;
}

/**
 * Reads the members file, what it names, and MKK's certificates.
 * @param findings takes the mistakes, warnings and files.
 * @param around the HSMs, and the members of now: those whose own files are spoilt stay as they are.
 * @throws ConfigurationError with every mistake.
 */
export function loadCredentials(
  files: CredentialFiles,
  clock: Clock,
  findings = createFindings(),
  around: Around = { hsms: NO_HSMS },
): { credentials: Credentials; warnings: Warning[] } {
  const credentials = gatherCredentials(files, clock, findings, around);
  assertNoMistakes(findings);
  return { credentials, warnings: findings.warnings };
}

/**
 * Reads the sealing keys file.
 * @param findings takes the mistakes, warnings and files.
 * @throws ConfigurationError with every mistake.
 */
export function loadSealingKeys(file: string, findings = createFindings()): SealingSecret[] {
  const place = { sealingKeysFile: file, makesSealingKeys: false, dataDir: '' };
  const keys = readSealingKeys(place, findings.variable('SEALING_KEYS_FILE'));
  assertNoMistakes(findings);
  return keys;
}

/**
 * Reads the API clients file.
 * @param memberCodes the members that exist: a client may name no other.
 * @param findings takes the mistakes, warnings and files.
 * @throws ConfigurationError with every mistake.
 */
export function loadClients(
  file: string,
  memberCodes: ReadonlySet<string>,
  findings = createFindings(),
): { clients: ApiClient[] } {
  const clients = readClients(file, findings.variable('API_CLIENTS_FILE'), memberCodes);
  assertNoMistakes(findings);
  return { clients };
}

/**
 * Reads the standing orders file.
 * @param memberCodes the members that exist: an order may name no other.
 * @param findings takes the mistakes, warnings and files.
 * @throws ConfigurationError with every mistake.
 */
export function loadOrders(
  file: string,
  memberCodes: ReadonlySet<string>,
  findings = createFindings(),
): StandingOrder[] {
  const orders = readOrders(file, findings.variable('STANDING_ORDERS_FILE'), memberCodes);
  assertNoMistakes(findings);
  return orders;
}

/**
 * Reads the profiles file.
 * @param findings takes the mistakes, warnings and files.
 * @throws ConfigurationError with every mistake.
 */
export function loadCheckProfiles(file: string, findings = createFindings()): CheckProfile[] {
  const profiles = readCheckProfiles(file, findings.variable('CHECK_PROFILES_FILE'));
  assertNoMistakes(findings);
  return profiles;
}

/**
 * Reads the certificate and key to serve HTTPS with.
 * @param findings takes the mistakes, warnings and files.
 * @throws ConfigurationError with every mistake.
 */
export function loadTls(files: TlsFiles, clock: Clock, findings = createFindings()): TlsIdentity {
  const identity = readTlsFiles(files, clock, findings);
  assertNoMistakes(findings);
  if (identity === undefined) throw new Error('TLS files without an identity nor a mistake');
  return identity;
}

/** What a members file is read beside. */
interface Around {
  hsms: Hsms;
  inForce?: Credentials['members'];
}

function gatherCredentials(
  files: CredentialFiles,
  clock: Clock,
  findings: Findings,
  { hsms, inForce }: Around,
): Credentials {
  const { membersFile, trustedCertificatesFile } = files;
  const nowMs = clock.now();
  const membersPlace = findings.variable('MKS_MEMBERS_FILE');
  // An empty path is a variable that was not set: that has been noted already.
  const members =
    membersFile === ''
      ? new Map<string, Member>()
      : readMembers(membersFile, membersPlace, nowMs, hsms);
  if (inForce !== undefined) keepInForce(members, inForce, findings, membersPlace, nowMs);
  findings.pardonsShutOffs = [...members.values()].some((member) => canSign(member, nowMs));
  const place = findings.variable('MKS_TRUSTED_CERTIFICATES_FILE');
  const trustedCertificates =
    trustedCertificatesFile === ''
      ? []
      : (readTrustedCertificates(trustedCertificatesFile, place, nowMs) ?? []);
  return { members, trustedCertificates };
}
