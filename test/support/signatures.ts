/** Signatures of ours for others to verify, and answers of MKK's changed at random. */
import type { KeyObject } from 'node:crypto';
import type { Signer } from '../../src/lib/credentials.ts';
import { shapeOf } from '../../src/mks/decode.ts';
import { signMessage } from '../../src/mks/sign.ts';
import { UntrustedError, verifyAnswer } from '../../src/mks/verify.ts';
import { createRandom, type Random } from './random.ts';
import { jws } from './upstream.ts';

/** `header.payload` is what was signed; both are base64url. */
export interface Signed {
  header: string;
  payload: string;
  signature: Buffer;
}

/** Whether somebody else's verifier takes a signature for one over these bytes. */
export type Verify = (signedBytes: Buffer, signature: Buffer) => boolean | Promise<boolean>;

/** RFC 7515 §3.1, MKS 9.2: RS256 alone in the header. */
const HEADER = 'eyJhbGciOiJSUzI1NiJ9';

/**
 * Signs random payloads of 0 bytes, 1 byte, 2 bytes …
 * @returns what was wrong: a header, a payload that is not the one given, a signature that `verify` refuses.
 */
export async function wrongSignatures(
  count: number,
  seed: number,
  signer: Signer,
  verify: Verify,
): Promise<string[]> {
  const random = createRandom(seed);
  const wrong: string[] = [];
  for (let size = 0; size < count; size += 1) {
    const payload = Buffer.from(Array.from({ length: size }, () => random.below(256)));
    const [header = '', body = '', signature = ''] = (await signMessage(payload, signer)).split(
      '.',
    );
    if (header !== HEADER) wrong.push(`${size} bytes: header ${header}`);
    if (!Buffer.from(body, 'base64url').equals(payload)) wrong.push(`${size} bytes: payload`);
    const isGood = await verify(
      Buffer.from(`${header}.${body}`),
      Buffer.from(signature, 'base64url'),
    );
    if (!isGood) wrong.push(`${size} bytes: signature`);
  }
  return wrong;
}

const REFERENCE = 'GW12-0123456789ABCDEF';

/** What MKS may say, each signed with another of the algorithms that MKK may use with PKCS #1 v1.5. */
function originals(key: KeyObject): string[] {
  return ['0000', 'RP003', 'RP026'].map((responseCode, at) => {
    const bits = [256, 384, 512][at] ?? 256;
    const answer = {
      responseHeader: { senderReference: REFERENCE, messageId: '875569523' },
      response: { responseCode, responseDesc: 'Başarılı' },
    };
    return jws(answer, key, { alg: `RS${bits}` }, `sha${bits}`);
  });
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.{}"= ';

/** One place of a text changed: another letter, one more, some fewer, turned about, repeated; or one bit. */
function changed(text: string, random: Random): string {
  const at = random.below(text.length);
  const letter = ALPHABET.charAt(random.below(ALPHABET.length));
  const after = text.slice(at + 1);
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + letter + after;
    case 1:
      return text.slice(0, at) + letter + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + random.below(4));
    case 3:
      return text.slice(0, at) + text.slice(at).split('').toReversed().join('');
    case 4:
      return text.slice(0, at) + text.slice(random.below(at + 1));
    default:
      return (
        text.slice(0, at) +
        String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(7))) +
        after
      );
  }
}

/** Changes inside one part, made in the decoded bytes, so that it is sound base64url again. */
function changedInside(text: string, random: Random): string {
  const parts = text.split('.');
  const which = random.below(3);
  const bytes = Buffer.from(parts[which] ?? '', 'base64url');
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  parts[which] = bytes.toString('base64url');
  return parts.join('.');
}

export interface Mutated {
  /** Those that still had the shape of a JWS, and so came before the verifier. */
  read: number;
  /** Those that differ from the original by unused bits at the signature's end, or not at all. */
  believed: number;
  /** Believed with another header or payload, or refused by an error that is not of the catalogue. */
  wrong: string[];
}

/** Gives the verifier answers of MKK's, changed at one to three places. */
export async function mutateAnswers(
  rounds: number,
  seed: number,
  mkk: { privateKey: KeyObject; publicKey: KeyObject },
): Promise<Mutated> {
  const random = createRandom(seed);
  const texts = originals(mkk.privateKey);
  const told: Mutated = { read: 0, believed: 0, wrong: [] };
  for (let round = 0; round < rounds; round += 1) {
    const original = random.pick(texts);
    let text = original;
    if (random.chance(0.25)) text = changedInside(text, random);
    else for (let left = 1 + random.below(3); left > 0; left -= 1) text = changed(text, random);
    const shape = shapeOf(Buffer.from(text));
    if (shape.kind !== 'jws') continue;
    told.read += 1;
    try {
      await verifyAnswer(shape.text, [mkk.publicKey], REFERENCE);
    } catch (error) {
      if (!(error instanceof UntrustedError)) told.wrong.push(`round ${round}: ${String(error)}`);
      continue;
    }
    told.believed += 1;
    const isSame = original.startsWith(shape.text.slice(0, shape.text.lastIndexOf('.') + 1));
    if (!isSame) told.wrong.push(`round ${round}: ${shape.text} was believed`);
  }
  return told;
}
