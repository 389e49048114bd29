/**
 * The way to the time stamp server: the one connection of the gateway that does not go to MKS. It bears a
 * digest and a random number there, and a signed answer back; nothing of anybody's.
 */
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { getCACertificates } from 'node:tls';

export interface StampServer {
  /** `https`, or `http`: RFC 3161 §3.4. */
  url: string;
  /** PEM: authorities that TLS trusts beside the usual ones. */
  ca?: string;
}

const MEDIA_TYPE = 'application/timestamp-query';
/** A token with a few certificates has some 5 KB. */
const MAX_REPLY_BYTES = 64 * 1024;
const LIMIT_MS = 10_000;

/**
 * Sends a question over a connection of its own, from the address that the machine's routes give.
 * @returns the answer's bytes.
 * @throws errors of the network, of TLS and of time; and where the answer is no `200`, or too long.
 */
export async function askServer(
  { url, ca }: StampServer,
  question: Buffer,
  signal: AbortSignal,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const fail = (error: Error): void => {
    reject(error);
    request.destroy();
  };
  const request = (url.startsWith('https:') ? requestTls : requestPlain)(url, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': MEDIA_TYPE,
      'content-length': question.byteLength,
      accept: 'application/timestamp-reply',
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    ...(ca !== undefined && { ca: [...getCACertificates('default'), ca] }),
  });
  request.on('error', fail);
  request.on('response', (response) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const { statusCode } = response;
    if (statusCode !== 200) return fail(new Error(`it answers with status ${statusCode}`));
    response.on('error', fail);
    response.on('data', (piece: Buffer) => {
      bytes += piece.byteLength;
      if (bytes > MAX_REPLY_BYTES) fail(new Error('its answer is too long'));
      else pieces.push(piece);
    });
    response.on('end', () => resolve(Buffer.concat(pieces)));
  });
  request.end(question);
  return promise;
}
