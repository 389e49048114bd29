/** The environment's schema: every variable with its default and its bounds. */
import { Type, type Static, type TNumberOptions } from 'typebox';
import type { Findings } from './findings.ts';
import {
  DEFAULT_SERVICE_HOURS,
  SERVICE_HOURS_HINT,
  SERVICE_HOURS_PATTERN,
} from './service-hours.ts';
import { differences, told } from './shape.ts';
import { noteUnknownNames } from './variable-names.ts';

const text = () => Type.Optional(Type.String());
const decimal = (value: number, bounds: TNumberOptions) =>
  Type.Number({ default: value, ...bounds, ...hint(['a number', 'sayı'], bounds) });
const whole = (value: number, bounds: TNumberOptions) =>
  Type.Integer({ default: value, ...bounds, ...hint(['a whole number', 'tam sayı'], bounds) });
const oneOf = <T extends string>(values: readonly T[], first: NoInfer<T>) =>
  Type.Enum([...values], { default: first });
const hours = (value: string) =>
  Type.String({ default: value, pattern: SERVICE_HOURS_PATTERN, ...told(...SERVICE_HOURS_HINT) });

const PORTS = { minimum: 1, maximum: 65_535 };
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const environmentSchema = Type.Object({
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: whole(3000, { minimum: 0, maximum: 65_535 }),
  OPERATIONS_PORT: Type.Optional(
    Type.Integer({ ...PORTS, ...hint(['a whole number', 'tam sayı'], PORTS) }),
  ),
  LOG_LEVEL: oneOf(LOG_LEVELS, 'info'),
  TLS_CERTIFICATE_FILE: text(),
  TLS_KEY_FILE: text(),
  REDIS_URL: text(),
  DATA_DIR: Type.String({ default: './data' }),
  SEALING_KEYS_FILE: text(),
  API_CLIENTS_FILE: text(),
  STANDING_ORDERS_FILE: text(),
  TRAIL_RETENTION_DAYS: whole(1_827, { minimum: 0, maximum: 36_525 }),
  TRAIL_TIMESTAMP_URL: text(),
  TRAIL_TIMESTAMP_CA_FILE: text(),
  CHECK_PROFILES_FILE: text(),
  CHECK_RETENTION_DAYS: whole(400, { minimum: 1, maximum: 36_525 }),
  RATE_LIMIT_PER_MINUTE: whole(600, { minimum: 1, maximum: 1_000_000 }),
  BALANCES_WAIT_SECONDS: decimal(30, { minimum: 0, maximum: 120 }),
  REPORT_RETENTION_HOURS: decimal(24, { exclusiveMinimum: 0, maximum: 8_760 }),
  MKS_ENVIRONMENT: oneOf(['test', 'production'], 'test'),
  MKS_LINE: oneOf(['internet', 'exchange'], 'internet'),
  MKS_BASE_URL: text(),
  MKS_MEMBERS_FILE: Type.String(),
  MKS_TRUSTED_CERTIFICATES_FILE: Type.String(),
  MKS_FILE_TYPE: oneOf(['json', 'csv'], 'json'),
  MKS_EGRESS_ADDRESS: text(),
  MKS_HOST_ADDRESS: text(),
  MKS_PROXY_URL: text(),
  MKS_CA_FILE: text(),
  MKS_REQUEST_TIMEOUT_SECONDS: decimal(30, { exclusiveMinimum: 0, maximum: 3_600 }),
  MKS_DOWNLOAD_TIMEOUT_SECONDS: decimal(900, { exclusiveMinimum: 0, maximum: 86_400 }),
  MKS_STATUS_POLL_SECONDS: decimal(2, { exclusiveMinimum: 0, maximum: 15 }),
  MKS_ARCHIVE_MAX_MB: decimal(1024, { exclusiveMinimum: 0, maximum: 1_048_576 }),
  MKS_FILE_MAX_MB: decimal(16_384, { exclusiveMinimum: 0, maximum: 16_777_216 }),
  SERVICE_HOURS_GROUP_1: hours(DEFAULT_SERVICE_HOURS[1]),
  SERVICE_HOURS_GROUP_2: hours(DEFAULT_SERVICE_HOURS[2]),
  SERVICE_HOURS_GROUP_3: hours(DEFAULT_SERVICE_HOURS[3]),
  SERVICE_HOURS_GROUP_4: hours(DEFAULT_SERVICE_HOURS[4]),
});

export type Environment = Static<typeof environmentSchema>;

type Raw = Record<string, string | number>;

interface Variable {
  type?: string;
  default?: string | number;
}
const VARIABLES = Object.entries(environmentSchema.properties as Record<string, Variable>);
const DEFAULTS = Object.fromEntries(
  VARIABLES.map(([name, schema]) => [name, schema.default]).filter(
    ([, value]) => value !== undefined,
  ),
) as Raw;

/**
 * Reads the variables of the schema, the empty ones as if they were not there.
 *
 * A variable with a mistake is noted and then taken as unset, so that what depends on others can be
 * checked in the same go; a required one is then an empty text.
 */
export function readEnvironment(env: NodeJS.ProcessEnv, findings: Findings): Environment {
  noteUnknownNames(
    env,
    VARIABLES.map(([name]) => name),
    findings,
  );
  const raw = relevant(env);
  for (const [[name], { en, tr }] of differences(environmentSchema, { ...DEFAULTS, ...raw })) {
    findings.variable(String(name)).mistake(en, tr);
    delete raw[String(name)];
  }
  const required = { MKS_MEMBERS_FILE: '', MKS_TRUSTED_CERTIFICATES_FILE: '' };
  return { ...required, ...DEFAULTS, ...raw } as Environment;
}

/** The schema's variables alone, numbers as numbers: `0x10`, `1e3` and `30x` are none. */
function relevant(env: NodeJS.ProcessEnv): Raw {
  const raw: Raw = {};
  for (const [name, { type }] of VARIABLES) {
    const value = env[name];
    if (value === undefined || value === '') continue;
    const isNumber = type === 'number' || type === 'integer';
    raw[name] = isNumber ? (/^\d{1,12}(\.\d{1,12})?$/.test(value) ? Number(value) : NaN) : value;
  }
  return raw;
}

function hint(
  [en, tr]: [en: string, tr: string],
  { minimum, exclusiveMinimum, maximum }: TNumberOptions,
) {
  const least = minimum === undefined ? `above ${exclusiveMinimum}` : `from ${minimum}`;
  const enAz = minimum === undefined ? `${exclusiveMinimum} değerinden büyük` : `en az ${minimum}`;
  return told(
    `must be ${en} ${least} to ${maximum}`,
    `${enAz}, en çok ${maximum} bir ${tr} olmalı`,
  );
}
