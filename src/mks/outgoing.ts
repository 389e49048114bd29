/** A message on its way out: its recorded reference, its payload and its signature. */
import type { Clock } from '../lib/clock.ts';
import { signingIdentity, type Member } from '../lib/credentials.ts';
import { SigningError } from '../lib/hsm.ts';
import type { Sealer } from '../state/sealing.ts';
import { givenUp, shutOff } from './errors.ts';
import { canonicalJson } from './json.ts';
import type { OpenReference, References } from './reference.ts';
import type { ServiceFacts } from './services/service.ts';
import { signMessage } from './sign.ts';
import { endingAt, type Token } from './stored-token.ts';
import type { MksRequest } from './types.ts';

export interface Message {
  request: MksRequest;
  member: Member;
  service: ServiceFacts;
  token: Token;
  /** The token is as this process remembers it, and has still to be found the stored one. */
  isTokenRemembered?: boolean;
  /** Told the reference as soon as the message has one. */
  onReference: (senderReference: string) => void;
}

/** A message that may leave. */
export interface ReadyMessage {
  jws: string;
  /** Wall ms. */
  deadline: number;
}

/** A message whose reference is recorded, with the token that it bears. */
export interface OpenedMessage {
  open: OpenReference;
  token: Token;
}

/**
 * Records a new reference for the message, or that the one it names is sent again.
 * @param durationMs how long the sending may take at most.
 * @throws MksError `conflict` when that one may not, StateUnavailableError, TokenReplacedError:
 *   nothing may be sent.
 */
export async function openReference(
  { request, member, service, token, isTokenRemembered = false }: Message,
  durationMs: number,
  { references, sealer, clock }: { references: References; sealer: Sealer; clock: Clock },
): Promise<OpenedMessage> {
  const { memberCode } = member;
  const payload = `${service.name}\n${canonicalJson(request.body)}`;
  const fingerprints = sealer.fingerprints(memberCode, 'reference', payload);
  const purpose = { memberCode, service: service.name, fingerprints, durationMs };
  if (request.senderReference !== undefined) {
    return { open: await references.resend(purpose, request.senderReference), token };
  }
  if (!isTokenRemembered) {
    return { open: (await references.issue(purpose, member.referencePrefix)).open, token };
  }
  // Before the question: the answer may have taken a while, and life only gets shorter.
  const askedAt = clock.elapsedMs();
  const issued = await references.issue(purpose, member.referencePrefix, token.sealed);
  return { open: issued.open, token: endingAt(token, askedAt + issued.tokenRemainingMs) };
}

/**
 * Everything from the recorded reference to the first byte.
 * @throws MksError when the caller has given up, whatever `beforeSend` throws.
 */
export async function prepareMessage(
  { request, member }: Message,
  { senderReference }: OpenReference,
  deadlineElapsedMs: number,
  clock: Clock,
): Promise<ReadyMessage> {
  const identity = signingIdentity(member, clock.now());
  if ('fault' in identity) throw shutOff(member.memberCode, identity.fault);
  const requestHeader = {
    senderReference,
    senderMember: member.memberCode,
    sender: member.userCode,
  };
  // The header first, as in MKS's samples, and ours whatever the body holds.
  const payload = Object.assign({ requestHeader }, request.body, { requestHeader });
  const jws = await signMessage(Buffer.from(JSON.stringify(payload)), identity.signer).catch(
    (error: unknown) => {
      if (!(error instanceof SigningError)) throw error;
      throw shutOff(member.memberCode, error.fault, error);
    },
  );
  const deadline = clock.now() + deadlineElapsedMs - clock.elapsedMs();
  await request.beforeSend?.({ senderReference, deadline });
  if (isAborted(request.signal)) throw givenUp();
  return { jws, deadline };
}

export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
