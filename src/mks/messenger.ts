/**
 * Sends one message under one reference, and sees it to its end whether or not anybody still waits.
 *
 * The reference is recorded before the message leaves and its end after the answer has come. Where
 * nobody can say what became of the message nothing is recorded: then the deadline in the record,
 * which the sending never outlives, tells when the reference may be sent again.
 */
import type { Logger } from 'pino';
import { defined } from '../lib/defined.ts';
import type { Clock } from '../lib/clock.ts';
import { activeIdentity, type Credentials, type Member } from '../lib/credentials.ts';
import { untilAborted } from '../lib/within.ts';
import type { Sealer } from '../state/sealing.ts';
import { givenUp, MksError } from './errors.ts';
import { createExchangeLines } from './exchange-line.ts';
import { canonicalJson } from './json.ts';
import { receive, type Sent } from './receive.ts';
import type { OpenReference, References } from './reference.ts';
import type { ServiceFacts } from './services/service.ts';
import { signMessage } from './sign.ts';
import type { Token } from './stored-token.ts';
import { TransportError } from './reply.ts';
import type { Transport } from './transport.ts';
import type { Exchange, MksAnswer, MksRequest } from './types.ts';

export interface Message {
  request: MksRequest;
  member: Member;
  service: ServiceFacts;
  token: Token;
  /** Told the reference as soon as the message has one. */
  onReference: (senderReference: string) => void;
}

export interface Messenger {
  /** @throws MksError, StateUnavailableError (nothing was sent), whatever `beforeSend` throws. */
  send(message: Message): Promise<MksAnswer>;
  /** Waits for messages that nobody waits for any more. */
  close(): Promise<void>;
}

export interface MessengerDeps {
  transport: Transport;
  references: References;
  credentials: () => Credentials;
  sealer: Sealer;
  clock: Clock;
  log: Logger;
  requestTimeoutMs: number;
  downloadTimeoutMs: number;
  archiveMaxBytes: number;
  journal?: (exchange: Exchange) => void;
}

/** A file that stops coming for this long is given up. */
const DOWNLOAD_IDLE_MS = 30_000;

export function createMessenger(deps: MessengerDeps): Messenger {
  const { transport, references, credentials, sealer, clock } = deps;
  const lines = createExchangeLines(deps);
  const underWay = new Set<Promise<unknown>>();

  function openReference(message: Message, durationMs: number): Promise<OpenReference> {
    const { request, member, service } = message;
    const { memberCode } = member;
    const payload = `${service.name}\n${canonicalJson(request.body)}`;
    const fingerprints = sealer.fingerprints(memberCode, 'reference', payload);
    const purpose = { memberCode, service: service.name, fingerprints, durationMs };
    return request.senderReference === undefined
      ? references.issue(purpose, member.referencePrefix)
      : references.resend(purpose, request.senderReference);
  }

  /** Everything from the recorded reference to the first byte. */
  async function prepare(message: Message, open: OpenReference, deadlineElapsedMs: number) {
    const { request, member } = message;
    const { senderReference } = open;
    const { privateKey } = activeIdentity(member, clock.now());
    const requestHeader = {
      senderReference,
      senderMember: member.memberCode,
      sender: member.userCode,
    };
    // The header first, as in MKS's samples, and ours whatever the body holds.
    const payload = Object.assign({ requestHeader }, request.body, { requestHeader });
    const jws = await signMessage(Buffer.from(JSON.stringify(payload)), privateKey);
    const deadline = clock.now() + deadlineElapsedMs - clock.elapsedMs();
    await request.beforeSend?.({ senderReference, deadline });
    if (isAborted(request.signal)) throw givenUp();
    return { jws, deadline };
  }

  /** Sends and receives; the promise always settles, by the deadline at the latest. */
  async function exchange(message: Message, jws: string, sent: Sent): Promise<MksAnswer> {
    const { member, service, token } = message;
    try {
      const reply = await transport.post({
        path: `/v1/${service.name}`,
        headers: {
          authorization: `Bearer ${token.text}`,
          sender: member.memberCode,
          'content-type': 'text/plain',
          accept: '*/*',
          'user-agent': 'mks-gateway',
        },
        body: Buffer.from(jws, 'latin1'),
        deadlineElapsedMs: sent.deadlineElapsedMs,
        ...(service.givesFile && { idleTimeoutMs: DOWNLOAD_IDLE_MS }),
        beforeFirstByte: () => {
          if (clock.elapsedMs() >= token.sendByElapsedMs) throw new Error('the token has ended');
        },
      });
      return await receive(reply, sent);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      throw await lost(error, sent);
    }
  }

  async function lost(error: TransportError, sent: Sent): Promise<MksError> {
    const { deadline } = sent;
    if (!error.sent) {
      await references.settle(sent.open, { state: 'not-sent' });
      return new MksError(
        'mks-unreachable',
        'no connection to MKS: nothing was sent',
        { outcome: 'not-sent', deadline },
        error,
      );
    }
    sent.line.end({ outcome: 'unknown' });
    const tooLarge = error.fault === 'too-large';
    return new MksError(
      tooLarge ? 'mks-error' : 'mks-unknown-outcome',
      tooLarge ? 'the answer is larger than a message may be' : 'sent, but no whole answer came',
      { outcome: 'unknown', deadline },
      error,
    );
  }

  return {
    async send(message) {
      const { request, member, service } = message;
      if (isAborted(request.signal)) throw givenUp();
      // Before the reference is recorded, so that the deadline in the record is never the earlier.
      const began = clock.elapsedMs();
      const durationMs = service.givesFile ? deps.downloadTimeoutMs : deps.requestTimeoutMs;
      const deadlineElapsedMs = began + durationMs;
      const open = await openReference(message, durationMs);
      const { senderReference } = open;
      message.onReference(senderReference);
      let ready: Awaited<ReturnType<typeof prepare>>;
      try {
        ready = await prepare(message, open, deadlineElapsedMs);
      } catch (error) {
        await references.settle(open, { state: 'not-sent' });
        throw error;
      }
      const subject = {
        memberCode: member.memberCode,
        service: service.name,
        senderReference,
        ...defined({ client: request.client }),
        ...(typeof request.body['refId'] === 'string' && { refId: request.body['refId'] }),
      };
      const answer = exchange(message, ready.jws, {
        open,
        deadlineElapsedMs,
        deadline: ready.deadline,
        line: lines.begin(subject, ready.jws),
        service,
        references,
        credentials,
        archiveMaxBytes: deps.archiveMaxBytes,
        ...(request.signal && { signal: request.signal }),
      });
      const ended = answer.then(
        () => undefined,
        () => undefined,
      );
      underWay.add(ended);
      void ended.finally(() => underWay.delete(ended));
      try {
        return await untilAborted(answer, request.signal, () => leftAlone(ready.deadline));
      } catch (error) {
        // A file that comes after all is not wanted any more.
        if (isAborted(request.signal)) void answer.then(letGo, () => undefined);
        throw error;
      }
    },

    close: async () => {
      await Promise.allSettled(underWay);
    },
  };
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function letGo(answer: MksAnswer): void {
  if (answer.kind === 'archive') answer.cancel();
}

function leftAlone(deadline: number): MksError {
  return new MksError('mks-unknown-outcome', 'the caller gave up while the message was under way', {
    outcome: 'unknown',
    deadline,
  });
}
