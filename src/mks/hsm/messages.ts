/** What the gateway and an HSM's process say to each other. */
import type { HsmKey, HsmTrouble } from '../../lib/hsm.ts';

/** A token, and what logs in to it. */
export type HsmPlace = Omit<HsmKey, 'keyLabel'>;

export interface SignOrder {
  id: number;
  keyLabel: string;
  bytes: Uint8Array;
}

/** The first message is where, every further one what to sign. */
export type Order = { place: HsmPlace } | SignOrder;

export type Reply =
  | { kind: 'open' }
  /** What keeps the token from being opened: the process is of no use. */
  | { kind: 'closed'; trouble: HsmTrouble }
  | { kind: 'signed'; id: number; signature: Uint8Array }
  | { kind: 'unsigned'; id: number; trouble: HsmTrouble };

export class HsmError extends Error {
  override readonly name = 'HsmError';
  readonly trouble: HsmTrouble;

  constructor(trouble: HsmTrouble) {
    super(trouble.detail === undefined ? trouble.reason : `${trouble.reason}: ${trouble.detail}`);
    this.trouble = trouble;
  }
}
