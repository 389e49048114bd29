/** Keys that lie in an HSM: how they are named, what may be wrong with them, and whoever opens them. */
import type { KeyObject } from 'node:crypto';
import type { Signer, SigningFault } from './credentials.ts';

/** Where a key lies (PKCS #11), and what opens it. */
export interface HsmKey {
  /** Absolute path of the vendor's PKCS #11 library. */
  module: string;
  tokenLabel: string;
  keyLabel: string;
  pin: string;
}

/** What keeps a key in an HSM from signing; its words are in hsm-troubles.ts. */
export type HsmReason =
  | 'driver-missing'
  | 'module-unusable'
  | 'no-token'
  | 'several-tokens'
  | 'pin-refused'
  | 'pin-locked'
  | 'pin-last-try'
  | 'no-key'
  | 'several-keys'
  | 'key-unfit'
  | 'other-key'
  | 'unreachable';

export interface HsmTrouble {
  reason: HsmReason;
  /** PKCS #11's name of the failure, or the labels that are there; never a secret. */
  detail?: string;
}

/** The HSMs that members' keys lie in. */
export interface Hsms {
  /**
   * What is known of a key; whoever asks for one for the first time has it looked at.
   * @param publicKey of the certificate: whatever the HSM signs has to verify with it.
   * @returns its signer once it has signed, and from then on even while it cannot.
   */
  find(key: HsmKey, publicKey: KeyObject): Signer | HsmTrouble | 'asking';
  /** Whether some key is being looked at for the first time. */
  isAsking(): boolean;
  /** Resolves when none is any more. */
  settled(): Promise<void>;
  /** Calls back when `find` may say something else than before. */
  onNews(listener: () => unknown): void;
  /** Lets go of every key that neither was asked for since the last time nor is among these. */
  keep(inForce: Iterable<Signer>): void;
}

/** Nothing was signed. */
export class SigningError extends Error {
  override readonly name = 'SigningError';
  readonly fault: SigningFault;

  constructor(fault: SigningFault, cause: unknown) {
    super('the HSM did not sign', { cause });
    this.fault = fault;
  }
}

/** For whoever has no use for HSMs: a member whose key lies in one cannot sign there. */
export const NO_HSMS: Hsms = {
  find: () => ({ reason: 'unreachable', detail: 'HSMs are not opened here' }),
  isAsking: () => false,
  settled: () => Promise.resolve(),
  onNews: () => undefined,
  keep: () => undefined,
};
