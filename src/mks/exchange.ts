/** One exchange over the wire: the message goes out, and its answer or its loss is recorded. */
import type { Clock } from '../lib/clock.ts';
import { MksError } from './errors.ts';
import type { Message } from './outgoing.ts';
import { receive, type Sent } from './receive.ts';
import { TransportError } from './reply.ts';
import type { Transport } from './transport.ts';
import type { MksAnswer } from './types.ts';

/** A file that stops coming for this long is given up. */
const DOWNLOAD_IDLE_MS = 30_000;

/**
 * Sends and receives; the promise always settles, by the deadline at the latest.
 * @param jws the signed message.
 * @throws MksError for what is no answer of MKS, and when none came.
 */
export async function exchange(
  { member, service, token }: Message,
  jws: string,
  sent: Sent,
  { transport, clock }: { transport: Transport; clock: Clock },
): Promise<MksAnswer> {
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
    throw lost(error, sent);
  }
}

/** What it means that no whole answer came: nothing was sent, or nobody knows. */
function lost(error: TransportError, sent: Sent): MksError {
  const { deadline } = sent;
  if (!error.sent) {
    sent.settle({ state: 'not-sent' });
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
