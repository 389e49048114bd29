/**
 * Sends one message under one reference, and sees it to its end whether or not anybody still waits.
 *
 * The reference is recorded before the message leaves, and its end once the answer has come: nobody waits for
 * that, but it leaves for Redis before what follows from the answer, and together with it. Where nobody can say
 * what became of the message nothing is recorded: then the deadline in the record, which the sending never
 * outlives, tells when the reference may be sent again.
 */
import type { Logger } from 'pino';
import { defined } from '../lib/defined.ts';
import type { Clock } from '../lib/clock.ts';
import type { Credentials } from '../lib/credentials.ts';
import { untilAborted } from '../lib/within.ts';
import type { Sealer } from '../state/sealing.ts';
import { givenUp, MksError } from './errors.ts';
import { createExchangeLines } from './exchange-line.ts';
import { exchange } from './exchange.ts';
import {
  isAborted,
  openReference,
  prepareMessage,
  type Message,
  type ReadyMessage,
} from './outgoing.ts';
import type { Sent } from './receive.ts';
import type { OpenReference, ReferenceEnd, References } from './reference.ts';
import type { Tokens } from './token.ts';
import type { Transport } from './transport.ts';
import type { Exchange, MksAnswer } from './types.ts';

export interface Messenger {
  /**
   * @throws MksError, StateUnavailableError and TokenReplacedError (nothing was sent), whatever
   *   `beforeSend` throws.
   */
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
  /** Told of each token that a message goes out with, and what is left of it. */
  renewAhead: Tokens['renewAhead'];
  journal?: (exchange: Exchange) => void;
}

export function createMessenger(deps: MessengerDeps): Messenger {
  const { references, clock } = deps;
  const lines = createExchangeLines(deps);
  const underWay = new Set<Promise<unknown>>();

  /** Sees to it that it is waited for at the end. */
  function keep(work: Promise<unknown>): void {
    const forget = (): void => void underWay.delete(work);
    underWay.add(work);
    work.then(forget, forget);
  }

  function dispatch(message: Message, ready: ReadyMessage, way: Way): Promise<MksAnswer> {
    const { request, service } = message;
    const sent = {
      ...way,
      deadline: ready.deadline,
      line: lines.begin(subjectOf(message, way.open), ready.jws),
      service,
      settle: (end: ReferenceEnd) => keep(references.settle(way.open, end)),
      credentials: deps.credentials,
      archiveMaxBytes: deps.archiveMaxBytes,
      ...defined({ signal: request.signal }),
    };
    const answer = exchange(message, ready.jws, sent, deps);
    keep(answer);
    return answer;
  }

  return {
    async send(message) {
      const { request, service } = message;
      if (isAborted(request.signal)) throw givenUp();
      // Before the reference is recorded, so that the deadline in the record is never the earlier.
      const began = clock.elapsedMs();
      const durationMs = service.givesFile ? deps.downloadTimeoutMs : deps.requestTimeoutMs;
      const deadlineElapsedMs = began + durationMs;
      const { open, token } = await openReference(message, durationMs, deps);
      deps.renewAhead(message.member, token);
      message.onReference(open.senderReference);
      let ready: ReadyMessage;
      try {
        ready = await prepareMessage(message, open, deadlineElapsedMs, clock);
      } catch (error) {
        await references.settle(open, { state: 'not-sent' });
        throw error;
      }
      const answer = dispatch({ ...message, token }, ready, { open, deadlineElapsedMs });
      try {
        return await untilAborted(answer, request.signal, () => leftAlone(ready.deadline));
      } catch (error) {
        // A file that comes after all is not wanted any more.
        if (isAborted(request.signal)) void answer.then(letGo, () => undefined);
        throw error;
      }
    },

    close: async () => {
      // What is recorded of an answer begins when it has come.
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

type Way = Pick<Sent, 'open' | 'deadlineElapsedMs'>;

/** What the journal says of a message before it is known how it ends. */
function subjectOf({ request, member, service }: Message, { senderReference }: OpenReference) {
  const { refId } = request.body;
  return {
    memberCode: member.memberCode,
    service: service.name,
    senderReference,
    ...defined({
      client: request.client,
      refId: typeof refId === 'string' ? refId : undefined,
    }),
  };
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
