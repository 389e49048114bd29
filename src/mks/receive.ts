/** Takes in the answer to a message, records that it came, and says what it means. */
import { defined } from '../lib/defined.ts';
import type { Credentials } from '../lib/credentials.ts';
import { judgeAnswer } from './answer.ts';
import { passFileOn } from './archive.ts';
import { beginsLikeMessage } from './decode.ts';
import { MksError } from './errors.ts';
import type { ExchangeLine } from './exchange-line.ts';
import { pinnedKeys } from './keys.ts';
import type { OpenReference, ReferenceEnd } from './reference.ts';
import type { ServiceFacts } from './services/service.ts';
import { readBody, type Reply } from './reply.ts';
import type { MksAnswer, MksArchive, MksMessage } from './types.ts';

/** A message that has left. */
export interface Sent {
  open: OpenReference;
  /** Wall ms. */
  deadline: number;
  /** The same on the monotonic clock. */
  deadlineElapsedMs: number;
  line: ExchangeLine;
  service: ServiceFacts;
  /** Records the end, before whatever is asked of Redis from then on; nobody waits for it. */
  settle: (end: ReferenceEnd) => void;
  credentials: () => Credentials;
  archiveMaxBytes: number;
  signal?: AbortSignal;
}

const MESSAGE_MAX_BYTES = 1024 * 1024;
/** Enough to tell a message from a file, white space in front included. */
const PEEK_BYTES = 64;
const LONGEST_RETRY_AFTER_SECONDS = 3600;

/** @throws MksError for what is no answer of MKS, TransportError when it does not come whole. */
export async function receive(reply: Reply, sent: Sent): Promise<MksAnswer> {
  const mayBeFile = sent.service.givesFile && reply.status >= 200 && reply.status < 300;
  const first = mayBeFile ? await peek(reply) : new Uint8Array();
  return first.byteLength > 0 && !beginsLikeMessage(first)
    ? receiveFile(reply, first, sent)
    : receiveMessage(reply, first, sent);
}

async function receiveMessage(reply: Reply, first: Uint8Array, sent: Sent): Promise<MksMessage> {
  const { open, deadline, line } = sent;
  const body = await readBody(reply, MESSAGE_MAX_BYTES, first);
  const retryAfterMs = retryAfter(reply);
  const { result, messageId, signed } = await judgeAnswer(
    {
      service: sent.service.name,
      senderReference: open.senderReference,
      httpStatus: reply.status,
      body,
      deadline,
      ...defined({ retryAfterMs }),
    },
    pinnedKeys(sent.credentials()),
  );
  const outcome = result instanceof MksError ? result.outcome : 'answered';
  // A complete answer ends the sending, whatever it says: without a messageId the same message may
  // go again under its reference at once (MKS 3.2.2).
  sent.settle({ state: 'answered', ...defined({ messageId }) });
  const code = result instanceof MksError ? result.details.mksCode : result.code;
  line.end({
    outcome,
    httpStatus: reply.status,
    ...defined({ code, messageId, answer: signed }),
  });
  if (result instanceof MksError) throw result;
  return result;
}

function receiveFile(reply: Reply, first: Uint8Array, sent: Sent): MksArchive {
  const { open, line } = sent;
  return passFileOn(reply, first, {
    senderReference: open.senderReference,
    maxBytes: sent.archiveMaxBytes,
    ...defined({ signal: sent.signal }),
    onEnd(end) {
      const isComplete = end === 'complete';
      line.end({ outcome: isComplete ? 'answered' : 'unknown', httpStatus: reply.status });
      if (isComplete) sent.settle({ state: 'answered' });
    },
  });
}

async function peek(reply: Reply): Promise<Uint8Array> {
  let start: Uint8Array = new Uint8Array();
  while (start.byteLength < PEEK_BYTES) {
    const { done, value } = await reply.body.next();
    if (done === true) break;
    start = start.byteLength === 0 ? value : Buffer.concat([start, value]);
  }
  return start;
}

/** Seconds of a Retry-After header, as milliseconds; its other form, a date, is not worth a clock. */
function retryAfter({ headers }: Reply): number | undefined {
  const text = headers['retry-after'];
  if (typeof text !== 'string' || !/^\d{1,9}$/.test(text)) return undefined;
  return Math.min(Number(text), LONGEST_RETRY_AFTER_SECONDS) * 1000;
}
