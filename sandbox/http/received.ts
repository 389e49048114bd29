/** A request as it came in, its body read whole, and what can be read out of it before anything is checked. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { SandboxClock } from '../clock.ts';
import { withoutSecrets, type LogEntry } from '../journal.ts';
import { textOf, type JsonObject } from '../json.ts';
import { parseJws, parseObject, type CompactJws } from '../jws.ts';

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** The signed body, if it is one. */
  jws: CompactJws | undefined;
  /** The JSON that was sent, signed or not. */
  payload: JsonObject | undefined;
  /** From the `Sender` header, for the login from the request's own header. */
  member: string | undefined;
  reference: string | undefined;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** Reads the request. @throws RangeError for more than 1 MiB, Error when the connection breaks. */
export async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('the body is larger than 1 MiB');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const jws = parseJws(body.toString('latin1'));
  const payload = parseObject(jws?.payload ?? body);
  const header = payload?.['requestHeader'];
  const { sender } = request.headers;
  return {
    method: request.method ?? '',
    path: new URL(request.url ?? '/', 'http://sandbox').pathname,
    headers: request.headers,
    body,
    jws,
    payload,
    member: typeof sender === 'string' ? sender : textOf(header, 'senderMember'),
    reference: textOf(header, 'senderReference'),
  };
}

/** The log's entry for a request, before it has been handled. */
export function logEntryOf(
  received: Received,
  clock: SandboxClock,
  remoteAddress: string | undefined,
): LogEntry {
  const { member, reference, jws, payload } = received;
  return {
    time: new Date(clock.now()).toISOString(),
    path: received.path,
    remoteAddress,
    bodySha256: createHash('sha256').update(received.body).digest('hex'),
    ...(member === undefined ? {} : { member }),
    ...(reference === undefined ? {} : { reference }),
    ...(jws === undefined ? {} : { jwsHeader: jws.header }),
    ...(payload === undefined ? {} : { payload: withoutSecrets(payload) }),
  };
}
