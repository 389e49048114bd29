/** Asks the running gateway for an exchange and makes the evidence of it. */
import type { X509Certificate } from 'node:crypto';
import { type Check, isProvable } from './check.ts';
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
  gateway: GatewayAccess,
  { member, reference }: Subject,
  texts: Texts,
): Promise<Exchange & { answer: string }> {
  const query = new URLSearchParams({ member, senderReference: reference });
  const { items = [] } = await ask<{ items?: Exchange[] }>(
    gateway,
    `exchanges?${query.toString()}`,
    texts,
  );
  const [newest] = items;
  if (newest === undefined) throw new EvidenceError(texts.noExchange(reference));
  for (const exchange of items) {
    const { answer } = exchange;
    if (answer !== undefined) return { ...exchange, answer };
  }
  throw new EvidenceError(texts.noAnswer(newest.outcome));
}

/**
 * A check that was kept, with its breaks and MKK's signed answer.
 * @throws EvidenceError when the gateway does not tell, or the check was kept without such an answer.
 */
export async function findCheck(
  gateway: GatewayAccess,
  id: string,
  texts: Texts,
): Promise<Check & { breaks: unknown[] }> {
  const path = `balances/checks/${encodeURIComponent(id)}?format=json`;
  const check = await ask<Record<string, unknown>>(gateway, path, texts);
  if (!isProvable(check)) throw new EvidenceError(texts.noAnswerKept);
  return check;
}

async function ask<Body extends object>(
  { url, key }: GatewayAccess,
  path: string,
  texts: Texts,
): Promise<Body> {
  const response = await fetch(new URL(path, url.endsWith('/') ? url : `${url}/`), {
    headers: {
      'accept-language': texts.language,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new EvidenceError(texts.unreachable(url, reasonOf(error)), { cause: error });
  });
  const body = (await response.json().catch(() => undefined)) as
    (Body & { title?: string; detail?: string }) | undefined;
  if (response.ok && body !== undefined) return body;
  const { title = '', detail = '' } = body ?? {};
  throw new EvidenceError(texts.refused(response.status, `${title} ${detail}`.trim()));
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
