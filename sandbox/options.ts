/** What a sandbox can be told when it starts. */
import type { MemberName } from './files/members.ts';
import type { Shape } from './shape.ts';

export interface SandboxOptions {
  /** Address to listen on; 127.0.0.1 unless told. Any other than loopback needs TLS. */
  host?: string;
  /** 0, unless told, picks a free one. */
  port?: number;
  /** https, with a certificate by the sandbox's own authority. */
  tls?: boolean;
  /** More names and addresses for the TLS certificate. */
  tlsNames?: readonly string[];
  /** Where keys and passwords are kept; a new folder that goes with the sandbox unless told. */
  dataDirectory?: string;
  /** TIB with the user TIB991 unless told. */
  members?: readonly MemberName[];
  /** 4096 unless told; tests are faster with 2048. */
  memberKeyBits?: number;
  /** Other balances for another seed. */
  seed?: string;
  /** How long a report takes at least, by the sandbox's clock; 4 unless told. */
  prepareSeconds?: number;
  /** How long a token lives, by the sandbox's clock; 3600 unless told. */
  lifetimeSeconds?: number;
  /** Whether a member's report is taken while another of its is being made; it is not (RP003) unless told. */
  acceptsOverlaps?: boolean;
  /** Whether services keep their hours; they do not unless told. */
  hoursEnforced?: boolean;
  /** YYYYMMDD; no data besides Sundays. */
  datesWithoutData?: readonly string[];
  /** Content-Type of signed answers; text/plain unless told. */
  answerContentType?: string;
  shape?: Partial<Shape>;
}

export const DEFAULT_MEMBERS: readonly MemberName[] = [{ memberCode: 'TIB', userCode: 'TIB991' }];

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** @throws RangeError for options that cannot be, or that would send secrets over a network in clear. */
export function checkOptions(options: SandboxOptions): void {
  const { host = '127.0.0.1', tls = false, members = DEFAULT_MEMBERS } = options;
  if (!tls && !LOOPBACK.test(host)) {
    throw new RangeError(`plain http is for loopback addresses; ${host} needs TLS`);
  }
  if (members.length === 0) throw new RangeError('at least one member is needed');
  for (const { memberCode, userCode } of members) {
    if (!/^[A-Z0-9]{3,8}$/.test(memberCode)) throw new RangeError(`no member code: ${memberCode}`);
    if (!/^[A-Z0-9]{3,10}$/.test(userCode)) throw new RangeError(`no user code: ${userCode}`);
  }
  checkSeconds('prepareSeconds', options.prepareSeconds ?? 0);
  checkSeconds('lifetimeSeconds', options.lifetimeSeconds ?? 0);
}

function checkSeconds(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0)
    throw new RangeError(`${name} must be a number from 0 on`);
}
