/** Faults in the signature of an answer or in how the JWS is written. */
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { signJws, toBase64Url } from '../jws.ts';
import type { JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import type { Fault, FaultNameOf } from './catalogue.ts';

export type SignatureFault = Fault & { name: FaultNameOf<'signature'> };

interface Stranger {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

let stranger: Stranger | undefined;

/**
 * The body text for a payload under this fault. The harmless ones (`json-string-jws`,
 * `whitespace-jws`, `extra-header-fields`) bear a good signature; all others have to be refused.
 * @param previous the signed answer before this one, for `other-answer`.
 */
export function signBadly(
  world: World,
  fault: SignatureFault,
  payload: JsonObject,
  previous: string | undefined,
): string {
  const { signingKey, certificatePem } = world;
  const good = (): string => signJws(payload, signingKey);
  const withHeader = (header: JsonObject): string => signJws(payload, signingKey, header);
  switch (fault.name) {
    case 'wrong-signer':
      return signJws(payload, someoneElse().privateKey);
    case 'alg-none':
      return `${unsigned({ alg: 'none' }, payload)}.`;
    case 'hs256': {
      const input = unsigned({ alg: 'HS256' }, payload);
      return `${input}.${createHmac('sha256', certificatePem).update(input).digest('base64url')}`;
    }
    case 'tampered-payload': {
      const signature = good().split('.')[2] ?? '';
      return `${unsigned({ alg: 'RS256' }, { ...payload, tampered: true })}.${signature}`;
    }
    case 'other-answer':
      return previous ?? signJws(withOtherReference(payload), signingKey);
    case 'json-string-jws':
      return JSON.stringify(good());
    case 'whitespace-jws':
      return `\r\n  ${good()} \n`;
    case 'extra-header-fields':
      return withHeader({ alg: 'RS256', typ: 'JOSE', cty: 'json', kid: 'mkk-1' });
    case 'crit-header':
      return withHeader({
        alg: 'RS256',
        crit: ['urn:sandbox:unknown'],
        'urn:sandbox:unknown': true,
      });
    case 'b64-header':
      return withHeader({ alg: 'RS256', b64: false, crit: ['b64'] });
    case 'jwk-in-header': {
      const { privateKey, publicKey } = someoneElse();
      return signJws(payload, privateKey, {
        alg: 'RS256',
        jwk: publicKey.export({ format: 'jwk' }),
      });
    }
  }
}

function unsigned(header: JsonObject, payload: JsonObject): string {
  return `${toBase64Url(JSON.stringify(header))}.${toBase64Url(JSON.stringify(payload))}`;
}

function withOtherReference(payload: JsonObject): JsonObject {
  const header = payload['responseHeader'];
  const senderReference = 'ANOTHER-MESSAGE-1';
  return { ...payload, responseHeader: { ...(header as JsonObject), senderReference } };
}

/** A key that nobody trusts, made when it is first needed. */
function someoneElse(): Stranger {
  stranger ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return stranger;
}
