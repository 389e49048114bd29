/** Asks the running gateway for an exchange and makes the evidence of it. */
import type { X509Certificate } from 'node:crypto';
import {
  certificateRecord,
  checksumOf,
  FORMAT,
  sha256,
  type Evidence,
  type Exchange,
} from './document.ts';
import { CommandError, reasonOf } from '../failures.ts';
import { proveAnswer } from './prove.ts';
import type { Texts } from './texts.ts';

/** What the person has to be told; the message is in their language. */
export class EvidenceError extends CommandError {
  override readonly name = 'EvidenceError';
}

export interface Subject {
  member: string;
  reference: string;
}

export interface GatewayAccess {
  url: string;
  /** Of the API; without it the gateway has to ask for none. */
  key: string | undefined;
}

const TIMEOUT_MS = 30_000;

/**
 * The newest exchange under that reference which has a signed answer.
 * @throws EvidenceError when the gateway does not tell, or has none.
 */
export async function findExchange(
  { url, key }: GatewayAccess,
  { member, reference }: Subject,
  texts: Texts,
): Promise<Exchange & { answer: string }> {
  const address = new URL('exchanges', url.endsWith('/') ? url : `${url}/`);
  address.search = new URLSearchParams({ member, senderReference: reference }).toString();
  const response = await fetch(address, {
    headers: {
      'accept-language': texts.language,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new EvidenceError(texts.unreachable(url, reasonOf(error)), { cause: error });
  });
  const body = (await response.json().catch(() => ({}))) as {
    items?: Exchange[];
    title?: string;
    detail?: string;
  };
  if (!response.ok || body.items === undefined) {
    const { title = '', detail = '' } = body;
    throw new EvidenceError(texts.refused(response.status, `${title} ${detail}`.trim()));
  }
  const [newest] = body.items;
  if (newest === undefined) throw new EvidenceError(texts.noExchange(reference));
  for (const exchange of body.items) {
    const { answer } = exchange;
    if (answer !== undefined) return { ...exchange, answer };
  }
  throw new EvidenceError(texts.noAnswer(newest.outcome));
}

/** The evidence, with the verdict of now. */
export function makeEvidence(
  { answer, requestDigest, ...exchange }: Exchange & { answer: string },
  certificates: readonly X509Certificate[],
): Evidence {
  const evidence: Omit<Evidence, 'sha256'> = {
    format: FORMAT,
    madeAt: new Date().toISOString(),
    exchange,
    request: { sha256: requestDigest },
    answer: { jws: answer, sha256: sha256(answer) },
    certificates: certificates.map(certificateRecord),
    verdict: proveAnswer(answer, certificates, exchange.senderReference),
  };
  return { ...evidence, sha256: checksumOf(evidence) };
}
