/** The settings of the process: the environment, turned into what the parts need. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { defined } from '../lib/defined.ts';
import type { HoursGroup, ServiceWindow, ServiceWindows } from '../lib/service-windows.ts';
import { parseRedisUrl, RedisUrlError } from '../state/redis-url.ts';
import {
  checkBaseUrl,
  checkIp,
  checkLocalIp,
  checkProxyUrl,
  checkRoute,
  defaultBaseUrl,
  isLoopback,
} from './addresses.ts';
import { readCertificates } from './certificates.ts';
import { type CheckSettings, readCheckSettings } from './check-settings.ts';
import { readEnvironment, type Environment } from './environment.ts';
import type { Findings, Place } from './findings.ts';
import { parseServiceWindow, SERVICE_HOURS_HINT } from './service-hours.ts';
import { readTlsFiles, type TlsFiles, type TlsIdentity } from './tls.ts';
import { readTrail, type TrailConfig } from './trail.ts';

/** What the environment says. Frozen; durations in milliseconds, sizes in bytes. */
export interface Config extends CheckSettings {
  host: string;
  port: number;
  /** Where health and metrics are served, and nowhere else; absent: on `port`. */
  operationsPort?: number;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** To serve HTTPS with. */
  tls?: TlsFiles & TlsIdentity;
  /** Absent: the embedded server under `dataDir`. */
  redisUrl?: string;
  /** Absolute path. */
  dataDir: string;
  /** Absolute path; empty where it had to be named and was not. */
  sealingKeysFile: string;
  /** It is the gateway's own: made when the data folder is new. */
  makesSealingKeys: boolean;
  apiClientsFile?: string;
  standingOrdersFile?: string;
  /** Of one API client; Infinity where no key is asked and no limit is set: nobody to tell apart. */
  rateLimitPerMinute: number;
  trail: TrailConfig;
  balancesWaitMs: number;
  reportRetentionMs: number;
  environment: 'test' | 'production';
  line: 'internet' | 'exchange';
  /** Of MKS: origin and, where there is one, path prefix, without a slash at its end. */
  baseUrl: string;
  membersFile: string;
  trustedCertificatesFile: string;
  fileType: 'json' | 'csv';
  egressAddress?: string;
  hostAddress?: string;
  /** May hold a user and password. */
  proxyUrl?: string;
  /** PEM text of one or more certificates that TLS trusts besides the usual ones. */
  ca?: string;
  requestTimeoutMs: number;
  downloadTimeoutMs: number;
  statusPollMs: number;
  archiveMaxBytes: number;
  fileMaxBytes: number;
  serviceHours: ServiceWindows;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const MEGABYTE = 1024 * 1024;

function readRateLimit(raw: Environment, env: NodeJS.ProcessEnv): number {
  const isSet = (env['RATE_LIMIT_PER_MINUTE'] ?? '') !== '';
  return isSet || raw.API_CLIENTS_FILE !== undefined ? raw.RATE_LIMIT_PER_MINUTE : Infinity;
}

/** Reads the settings; where a mistake is noted in the findings, the default stands instead. */
export function readSettings(env: NodeJS.ProcessEnv, clock: Clock, findings: Findings): Config {
  const raw = readEnvironment(env, findings);
  checkExposure(raw, findings);
  if (raw.OPERATIONS_PORT === raw.PORT) {
    findings
      .variable('OPERATIONS_PORT')
      .mistake('is PORT: it must be another', 'PORT ile aynı: başka olmalı');
  }
  return Object.freeze({
    host: raw.HOST,
    port: raw.PORT,
    logLevel: raw.LOG_LEVEL,
    dataDir: readDataDir(raw.DATA_DIR, findings.variable('DATA_DIR')),
    ...placeSealingKeys(raw, findings),
    rateLimitPerMinute: readRateLimit(raw, env),
    trail: readTrail(raw, findings),
    ...readCheckSettings(raw),
    balancesWaitMs: Math.round(raw.BALANCES_WAIT_SECONDS * SECOND_MS),
    reportRetentionMs: milliseconds(raw.REPORT_RETENTION_HOURS, HOUR_MS),
    environment: raw.MKS_ENVIRONMENT,
    line: raw.MKS_LINE,
    membersFile: absolute(raw.MKS_MEMBERS_FILE),
    trustedCertificatesFile: absolute(raw.MKS_TRUSTED_CERTIFICATES_FILE),
    fileType: raw.MKS_FILE_TYPE,
    requestTimeoutMs: milliseconds(raw.MKS_REQUEST_TIMEOUT_SECONDS, SECOND_MS),
    downloadTimeoutMs: milliseconds(raw.MKS_DOWNLOAD_TIMEOUT_SECONDS, SECOND_MS),
    statusPollMs: milliseconds(raw.MKS_STATUS_POLL_SECONDS, SECOND_MS),
    archiveMaxBytes: Math.ceil(raw.MKS_ARCHIVE_MAX_MB * MEGABYTE),
    fileMaxBytes: Math.ceil(raw.MKS_FILE_MAX_MB * MEGABYTE),
    serviceHours: readServiceHours(raw, findings),
    ...readEgress(raw, findings),
    ...defined({
      operationsPort: raw.OPERATIONS_PORT,
      tls: readTls(raw, clock, findings),
      apiClientsFile: given(raw.API_CLIENTS_FILE, absolute),
      standingOrdersFile: given(raw.STANDING_ORDERS_FILE, absolute),
      redisUrl: given(raw.REDIS_URL, (url) => checkRedisUrl(url, findings.variable('REDIS_URL'))),
    }),
  });
}

/** Replicas share what is sealed, so beside a Redis of its own the file has to be named. */
function placeSealingKeys(
  raw: Environment,
  findings: Findings,
): Pick<Config, 'sealingKeysFile' | 'makesSealingKeys'> {
  const { SEALING_KEYS_FILE: file, REDIS_URL: redisUrl } = raw;
  if (file !== undefined) return { sealingKeysFile: resolve(file), makesSealingKeys: false };
  if (redisUrl !== undefined) {
    findings
      .variable('SEALING_KEYS_FILE')
      .mistake(
        'is required beside REDIS_URL, the same for all replicas: (umask 077; npm run --silent sealing-key > sealing.keys)',
        'REDIS_URL ile birlikte gerekli, tüm kopyalarda aynı: (umask 077; npm run --silent sealing-key > sealing.keys)',
      );
    return { sealingKeysFile: '', makesSealingKeys: false };
  }
  return { sealingKeysFile: join(resolve(raw.DATA_DIR), 'sealing.keys'), makesSealingKeys: true };
}

function readEgress(
  raw: Environment,
  findings: Findings,
): Pick<Config, 'baseUrl' | 'egressAddress' | 'hostAddress' | 'proxyUrl' | 'ca'> {
  const at = (name: string): Place => findings.variable(name);
  const baseUrl = given(raw.MKS_BASE_URL, (url) => checkBaseUrl(url, at('MKS_BASE_URL')));
  const route = defined({
    baseUrl: baseUrl ?? defaultBaseUrl(raw.MKS_ENVIRONMENT, raw.MKS_LINE),
    egressAddress: given(raw.MKS_EGRESS_ADDRESS, (text) =>
      checkLocalIp(text, at('MKS_EGRESS_ADDRESS')),
    ),
    hostAddress: given(raw.MKS_HOST_ADDRESS, (text) => checkIp(text, at('MKS_HOST_ADDRESS'))),
    proxyUrl: given(raw.MKS_PROXY_URL, (text) => checkProxyUrl(text, at('MKS_PROXY_URL'))),
  });
  checkRoute(route, at);
  const ca = given(raw.MKS_CA_FILE, (file) => readCertificates(file, at('MKS_CA_FILE')));
  return { ...route, ...defined({ ca: ca?.join('') }) };
}

function readTls(raw: Environment, clock: Clock, findings: Findings): Config['tls'] {
  const { TLS_CERTIFICATE_FILE: certificateFile, TLS_KEY_FILE: keyFile } = raw;
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  if (certificateFile === undefined || keyFile === undefined) {
    findings
      .variable(keyFile === undefined ? 'TLS_KEY_FILE' : 'TLS_CERTIFICATE_FILE')
      .mistake(
        'is required: TLS_CERTIFICATE_FILE and TLS_KEY_FILE go together',
        'gerekli: TLS_CERTIFICATE_FILE ve TLS_KEY_FILE birlikte verilir',
      );
    return undefined;
  }
  const files = { certificateFile: resolve(certificateFile), keyFile: resolve(keyFile) };
  const tls = readTlsFiles(files, clock, findings);
  return tls === undefined ? undefined : { ...files, ...tls };
}

/** Who listens to more than this machine has to know its callers. */
function checkExposure(raw: Environment, findings: Findings): void {
  if (raw.API_CLIENTS_FILE !== undefined || isLoopback(raw.HOST)) return;
  findings
    .variable('HOST')
    .mistake(
      'must be a loopback address unless API_CLIENTS_FILE is set',
      'API_CLIENTS_FILE yoksa bu makine içi bir adres olmalı',
    );
}

function readServiceHours(raw: Environment, findings: Findings): ServiceWindows {
  const read = (group: HoursGroup): ServiceWindow => {
    const name = `SERVICE_HOURS_GROUP_${group}` as const;
    const window = parseServiceWindow(raw[name]);
    if (window === undefined) findings.variable(name).mistake(...SERVICE_HOURS_HINT);
    return window ?? { startMinute: 0, endMinute: 0 };
  };
  return Object.freeze({ 1: read(1), 2: read(2), 3: read(3), 4: read(4) });
}

function checkRedisUrl(url: string, place: Place): string | undefined {
  try {
    parseRedisUrl(url);
    if (url.startsWith('redis')) return url;
    place.mistake(
      'must be a redis://, rediss:// or redis+sentinel:// address',
      'şunlardan biri olmalı: redis://, rediss:// ya da redis+sentinel:// adresi',
    );
  } catch (error) {
    if (!(error instanceof RedisUrlError)) throw error;
    place.mistake(error.text.en, error.text.tr);
  }
  return undefined;
}

/** DATA_DIR is made where it is first needed; here it only has to be possible. */
function readDataDir(text: string, place: Place): string {
  const directory = resolve(text);
  let existing = directory;
  let status = statSync(existing, { throwIfNoEntry: false });
  while (status === undefined && dirname(existing) !== existing) {
    existing = dirname(existing);
    status = statSync(existing, { throwIfNoEntry: false });
  }
  if (status?.isDirectory() !== true) {
    place.mistake(`${existing} is not a directory`, `${existing} klasör değil`);
    return directory;
  }
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch {
    place.mistake(`${existing} cannot be written to`, `${existing} yazılamıyor`);
  }
  return directory;
}

/** What is read of a variable; undefined where it is not set. */
function given<Value>(
  text: string | undefined,
  read: (text: string) => Value | undefined,
): Value | undefined {
  return text === undefined ? undefined : read(text);
}

/** A path as it is meant from the working directory; nothing stays nothing. */
function absolute(path: string): string {
  return path === '' ? '' : resolve(path);
}

/** Rounded, but never to 0: a deadline of 0 would be none to some and at once to others. */
function milliseconds(value: number, unitMs: number): number {
  return Math.max(1, Math.round(value * unitMs));
}
