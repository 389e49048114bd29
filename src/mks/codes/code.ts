/** The shape of what is known about a result code. */
import type { Localised } from '../../lib/localised.ts';
import type { Authority } from '../services/service.ts';

/**
 * business: an answer about what was asked; wait: ask again later; empty: there is nothing to give;
 * gone: MKS does not know what is asked for; authority: the user may not; upstream: the gateway in
 * front of MKS could not pass the message on; system: MKS itself failed.
 */
export type CodeKind = 'business' | 'wait' | 'empty' | 'gone' | 'authority' | 'upstream' | 'system';

/** Who can put it right. `gateway` is this software and whoever runs it. */
export type Mender = 'nobody' | 'caller' | 'member' | 'gateway' | 'mkk';

export interface ResultCode {
  code: string;
  meaning: Localised;
  kind: CodeKind;
  mends: Mender;
  /** Whether the same request can succeed later without anybody doing anything. */
  retryable: boolean;
  /** What to look for in screen YT14. */
  authorities: readonly Authority[];
}

export interface CodeFacts extends Omit<ResultCode, 'authorities'> {
  /** The message functions concerned: by name, or those of every service. */
  functions?: readonly string[] | 'all';
}
