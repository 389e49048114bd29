/** The shape of what is known about a result code. */
import type { Localised } from '../../lib/localised.ts';
import type { Authority } from '../services/authority.ts';

/**
 * success: done; business: an answer about what was asked; wait: ask again later; empty: there is
 * nothing to give; gone: MKS does not know what is asked for; used: the reference has been used
 * before; authority: the user may not; upstream: the gateway in front of MKS could not pass the
 * message on; system: MKS itself failed.
 */
export const CODE_KINDS = [
  'success',
  'business',
  'wait',
  'empty',
  'gone',
  'used',
  'authority',
  'upstream',
  'system',
] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

/** Who can put it right. `gateway` is this software and whoever runs it. */
export type Mender = 'nobody' | 'caller' | 'member' | 'gateway' | 'mkk';

export interface ResultCode {
  code: string;
  meaning: Localised;
  kind: CodeKind;
  mends: Mender;
  /**
   * Whether the same request can succeed later without anybody doing anything: the one word that
   * the desk, `/result-codes` and every problem go by.
   */
  retryable: boolean;
  /** What to look for in screen YT14. */
  authorities: readonly Authority[];
}

export interface CodeFacts extends Omit<ResultCode, 'authorities'> {
  /** The message functions concerned: by name, or those of every service. */
  functions?: readonly string[] | 'all';
}
