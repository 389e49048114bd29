/** In the place of the wire to MKS: a message arrives, or does not, and so does its answer. */
import type { Clock } from '../../../src/lib/clock.ts';
import { TransportError, type Reply } from '../../../src/mks/reply.ts';
import type { PostRequest, Transport } from '../../../src/mks/transport.ts';
import { here, later } from '../here.ts';
import type { Message } from '../place.ts';

export function createTransport(_options: unknown, clock: Clock): Transport {
  const place = here();
  const { world, random, simulator } = place;
  return {
    async post(request) {
      const way = world.way();
      await new Promise<void>((resolve) => void later(place, 1 + random.below(5), resolve));
      const leftMs = request.deadlineElapsedMs - clock.elapsedMs();
      if (leftMs <= 0 || way === 'refused') throw new TransportError('failed', false);
      try {
        request.beforeFirstByte?.();
      } catch (error) {
        throw new TransportError('failed', false, error);
      }
      if (world.pass(place, 'message') === 'lost') throw new TransportError('failed', true);
      return new Promise<Reply>((resolve, reject) => {
        const fail = (fault: 'deadline' | 'failed') => (): void =>
          reject(new TransportError(fault, true));
        const silence = later(place, leftMs, fail('deadline'));
        if (way === 'black-hole') return;
        // What is on its way arrives, whatever becomes of who sent it.
        simulator.after(1 + random.below(20), () => {
          const answer = world.receive(readMessage(request));
          const afterMs = way === 'slow' ? random.below(leftMs * 1.2) : 5 + random.below(40);
          if (answer === undefined || way === 'silent') return;
          later(place, afterMs, () => {
            silence.isOff = true;
            if (way === 'reset') return fail('failed')();
            world.delivered(answer);
            resolve(replyOf(answer.status, answer.body));
          });
        });
        world.passed(place);
      });
    },
    close: () => undefined,
  };
}

function readMessage({ path, body }: PostRequest): Message {
  const text = Buffer.from(body).toString();
  const [, payload = ''] = text.split('.');
  const json = text.startsWith('{') ? text : Buffer.from(payload, 'base64url').toString();
  const read = JSON.parse(json) as Record<string, string> & {
    requestHeader: { senderReference: string; senderMember: string };
  };
  const { senderReference: reference, senderMember: member } = read.requestHeader;
  return { service: path.replace('/v1/', ''), reference, member, body: read };
}

function replyOf(status: number, text: string): Reply {
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    yield Buffer.from(text);
  }
  return { status, headers: {}, body: body(), cancel: () => undefined };
}
