/**
 * Seals what rests in Redis and on the disk, so that a copy of either tells nothing.
 *
 * AES-256-GCM under a key that comes by HKDF-SHA256 (RFC 5869) from a sealing key, for each member and kind of
 * purpose one. Sealing keys are random and have nothing to do with the keys that sign: those change, and may lie
 * where nobody can read them.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

/** A line of the sealing keys file. */
export interface SealingSecret {
  /** What sealed texts bear of it, `[A-Za-z0-9_-]{1,32}`. */
  id: string;
  /** 32 random bytes. */
  secret: Buffer;
}

export interface Sealer {
  /**
   * Seals a text under the first key.
   * @param purpose what the text is for, its kind first: `report 12`. It opens under the same purpose alone.
   * @returns `v2.<key id>.<base64url of nonce, ciphertext and tag>`.
   */
  seal(memberCode: string, purpose: string, plaintext: Buffer | string): string;
  /** @throws SealError when it was altered, is another's, or its key is not among the present ones. */
  open(memberCode: string, purpose: string, sealed: string): Buffer;
  /**
   * Keyed digests that tell whether two secrets are the same without keeping either.
   * @returns base64url of 32 bytes under each key, the first key's first: that is the one to keep, and
   *   one that was kept earlier may be any of them.
   */
  fingerprints(memberCode: string, purpose: string, secret: string): string[];
}

/** `missing`: its key is not there. `altered`: or sealed by another key, for another member or purpose. */
export type SealFault = 'missing' | 'altered' | 'unsealed';

/** What was sealed cannot be opened. The message names the reason, never what was sealed. */
export class SealError extends Error {
  override readonly name = 'SealError';
  readonly fault: SealFault;

  constructor(fault: SealFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

const VERSION = 'v2';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param secrets those of now, the one to seal with first; the same array for as long as they are the same. */
export function createSealer(secrets: () => readonly SealingSecret[]): Sealer {
  const derive = createDerivation();

  return {
    seal(memberCode, purpose, plaintext) {
      const [secret] = secrets();
      if (secret === undefined) throw new SealError('missing', 'there is no sealing key');
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, derive(secret, memberCode, purpose), nonce);
      cipher.setAAD(context(memberCode, purpose, secret.id));
      const body = [cipher.update(Buffer.from(plaintext)), cipher.final(), cipher.getAuthTag()];
      return `${VERSION}.${secret.id}.${Buffer.concat([nonce, ...body]).toString('base64url')}`;
    },

    open(memberCode, purpose, sealed) {
      const [version, id, text, ...rest] = sealed.split('.');
      if (version !== VERSION || id === undefined || text === undefined || rest.length > 0) {
        throw new SealError('unsealed', 'not a sealed text');
      }
      const secret = secrets().find((each) => each.id === id);
      if (secret === undefined) {
        throw new SealError('missing', 'sealed under a key that is not there');
      }
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) {
        throw new SealError('unsealed', 'not a sealed text');
      }
      return decrypt(derive(secret, memberCode, purpose), context(memberCode, purpose, id), bytes);
    },

    fingerprints(memberCode, purpose, secret) {
      return secrets().map((each) =>
        createHmac('sha256', derive(each, memberCode, `${purpose}-fingerprint`))
          .update(context(memberCode, purpose, 'fingerprint'))
          .update(secret)
          .digest('base64url'),
      );
    },
  };
}

/** Keys of members and kinds of purposes, each derived once: there are as many as members, times a few. */
function createDerivation() {
  // As key objects: what is given as bytes is made into one for each use, which takes longer than the use.
  const derived = new WeakMap<Buffer, Map<string, KeyObject>>();
  return ({ secret }: SealingSecret, memberCode: string, purpose: string): KeyObject => {
    const [kind = ''] = purpose.split(' ', 1);
    const name = `${memberCode} ${kind}`;
    const known = derived.get(secret) ?? new Map<string, KeyObject>();
    derived.set(secret, known);
    let key = known.get(name);
    if (key === undefined) {
      const info = `mks-gateway ${VERSION} ${kind}`;
      key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, memberCode, info, KEY_BYTES)));
      known.set(name, key);
    }
    return key;
  };
}

function decrypt(key: KeyObject, additionalData: Buffer, bytes: Buffer): Buffer {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]);
  } catch (cause) {
    throw new SealError('altered', 'altered, or sealed for another member or purpose', { cause });
  }
}

/** What a sealed text is bound to. JSON, so that no two contexts can be written alike. */
function context(memberCode: string, purpose: string, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([VERSION, memberCode, purpose, keyId]));
}
