/** What one check of the doctor found, in both languages. */

import type { Localised } from '../../src/lib/localised.ts';

/** `note`: nothing is wrong, but good to know. All is well when nothing is above it. */
export type Status = 'ok' | 'note' | 'warning' | 'failure';

/** Who can put it right: whoever runs the gateway, the member in MKS's screens, the network, MKK. */
export type Mender = 'operator' | 'member' | 'network' | 'mkk';

export type CheckName =
  | 'configuration'
  | 'secret-files'
  | 'serving-certificate'
  | 'trusted-certificates'
  | 'certificate'
  | 'signing-key'
  | 'user-code'
  | 'password'
  | 'name'
  | 'connection'
  | 'tls'
  | 'clock'
  | 'service-hours'
  | 'token'
  | 'address'
  | 'signed'
  | 'redis'
  | 'redis-persistence'
  | 'redis-memory'
  | 'disk'
  | 'folders'
  | 'time-stamp'
  | 'sealing-keys';

export interface Finding {
  check: CheckName;
  /** The member that it is about. */
  member?: string;
  status: Status;
  text: Localised;
  mends?: Mender;
}

type Found = Pick<Finding, 'status' | 'text' | 'mends'>;

export const ok = (en: string, tr: string): Found => ({ status: 'ok', text: { en, tr } });
export const note = (en: string, tr: string): Found => ({ status: 'note', text: { en, tr } });
export const warning = (mends: Mender, en: string, tr: string): Found => ({
  status: 'warning',
  mends,
  text: { en, tr },
});
export const failure = (mends: Mender, en: string, tr: string): Found => ({
  status: 'failure',
  mends,
  text: { en, tr },
});

/** A text of somebody else's on one line of a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
