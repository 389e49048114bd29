/**
 * Seals what rests in Redis and in the spool, so that a copy of either tells nothing.
 *
 * AES-256-GCM under a key that comes by HKDF-SHA256 (RFC 5869) from the member's signing key: there
 * is no further secret to keep, and what was sealed opens for as long as that signing key is
 * configured, whether as the present identity or as the next one.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import {
  activeIdentity,
  type Credentials,
  type Member,
  type Identity,
} from '../lib/credentials.ts';

/** A sealing key and the name that sealed texts bear in its stead. */
export interface SealingKey {
  /** 16 hexadecimal digits, derived beside the key; tells nothing of it. */
  id: string;
  /** AES-256-GCM. */
  encryption: Buffer;
  /** HMAC-SHA256, for fingerprints. */
  authentication: Buffer;
}

export interface Sealer {
  /**
   * Seals a text under the member's first key.
   * @param purpose what the text is for; it opens under the same purpose alone.
   * @returns `v1.<key id>.<base64url of nonce, ciphertext and tag>`.
   * @throws SealError when the member has no key.
   */
  seal(memberCode: string, purpose: string, plaintext: Buffer | string): string;
  /** Whether the member has a key: one whose key file cannot be read has none. */
  hasKey(memberCode: string): boolean;
  /** @throws SealError when it was altered, is another's, or its key is no longer configured. */
  open(memberCode: string, purpose: string, sealed: string): Buffer;
  /**
   * Keyed digests that tell whether two secrets are the same without keeping either.
   * @returns base64url of 32 bytes under each key of the member, the first key's first: that is the
   *   one to keep, and one that was kept earlier may be any of them.
   */
  fingerprints(memberCode: string, purpose: string, secret: string): string[];
}

/** What was sealed cannot be opened. The message names the reason, never what was sealed. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 8;

/**
 * The member's keys: first the one to seal with, that of the identity which signs at this instant,
 * then the other one if there is one.
 */
export function deriveSealingKeys(member: Member, nowMs: number): SealingKey[] {
  const { identity, next } = member;
  const isNextActive = next !== undefined && activeIdentity(member, nowMs) === next;
  // Of files that cannot be used there may be no key: then nothing of it can be opened.
  return (isNextActive ? [next, identity] : [identity, next])
    .flatMap((each) => each?.privateKey ?? [])
    .map((key) => deriveSealingKey(key, member.memberCode));
}

/**
 * The `keysOf` of a sealer over the credentials of now: derived once per member and identity, and
 * in the right order from the next identity's first moment on.
 */
export function createSealingKeys(
  credentials: () => Credentials,
  clock: Clock,
): (memberCode: string) => readonly SealingKey[] {
  const derived = new WeakMap<Member, { active: Identity; keys: SealingKey[] }>();
  return (memberCode) => {
    const member = credentials().members.get(memberCode);
    if (member === undefined) return [];
    const active = activeIdentity(member, clock.now());
    const known = derived.get(member);
    if (known?.active === active) return known.keys;
    const keys = deriveSealingKeys(member, clock.now());
    derived.set(member, { active, keys });
    return keys;
  };
}

function deriveSealingKey(signingKey: KeyObject, memberCode: string): SealingKey {
  const secret = signingKey.export({ type: 'pkcs8', format: 'der' });
  const derive = (use: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, memberCode, `mks-gateway ${VERSION} ${use}`, bytes));
  const key = {
    id: derive('key id', ID_BYTES).toString('hex'),
    encryption: derive('encryption', KEY_BYTES),
    authentication: derive('fingerprint', KEY_BYTES),
  };
  secret.fill(0);
  return key;
}

/**
 * Makes the sealer of all members.
 * @param keysOf the member's keys, the one to seal with first; read at each call, so that exchanged
 *   credentials count at once. It is called often: derive the keys beforehand.
 */
export function createSealer(keysOf: (memberCode: string) => readonly SealingKey[]): Sealer {
  const firstKey = (memberCode: string): SealingKey => {
    const [key] = keysOf(memberCode);
    if (key === undefined) throw new SealError('the member has no sealing key');
    return key;
  };

  return {
    hasKey: (memberCode) => keysOf(memberCode).length > 0,

    seal(memberCode, purpose, plaintext) {
      const key = firstKey(memberCode);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key.encryption, nonce);
      cipher.setAAD(context(memberCode, purpose, key.id));
      const body = [cipher.update(Buffer.from(plaintext)), cipher.final(), cipher.getAuthTag()];
      return `${VERSION}.${key.id}.${Buffer.concat([nonce, ...body]).toString('base64url')}`;
    },

    open(memberCode, purpose, sealed) {
      const [version, keyId, text, ...rest] = sealed.split('.');
      if (version !== VERSION || keyId === undefined || text === undefined || rest.length > 0) {
        throw new SealError('not a sealed text');
      }
      const key = keysOf(memberCode).find((candidate) => candidate.id === keyId);
      if (key === undefined) throw new SealError('sealed under a key that is not configured');
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealError('not a sealed text');
      return decrypt(key, context(memberCode, purpose, keyId), bytes);
    },

    fingerprints(memberCode, purpose, secret) {
      firstKey(memberCode);
      return keysOf(memberCode).map(({ authentication }) =>
        createHmac('sha256', authentication)
          .update(context(memberCode, purpose, 'fingerprint'))
          .update(secret)
          .digest('base64url'),
      );
    },
  };
}

function decrypt(key: SealingKey, additionalData: Buffer, bytes: Buffer): Buffer {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key.encryption, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]);
  } catch (cause) {
    throw new SealError('altered, or sealed for another member or purpose', { cause });
  }
}

/** What a sealed text is bound to. JSON, so that no two contexts can be written alike. */
function context(memberCode: string, purpose: string, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([VERSION, memberCode, purpose, keyId]));
}
