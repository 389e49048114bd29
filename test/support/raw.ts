/** HTTP by hand, for what no client would send. */
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 when none came. */
  status: number;
  head: string;
  body: string;
  /** From the connection to its end. */
  elapsedMs: number;
}

/**
 * Sends bytes and reads until the other side ends the connection.
 * @param pieces each is sent `pauseMs` after the one before; the connection stays open after them.
 */
export function rawExchange(
  url: string,
  pieces: readonly string[],
  pauseMs = 0,
): Promise<RawAnswer> {
  const { port, hostname } = new URL(url);
  const began = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    const left = [...pieces];
    const sendNext = (): void => {
      const piece = left.shift();
      if (piece === undefined || !socket.writable) return;
      socket.write(piece);
      if (left.length > 0) timer = setTimeout(sendNext, pauseMs);
    };
    let timer: NodeJS.Timeout | undefined;
    socket.on('connect', sendNext);
    socket.on('error', () => undefined);
    socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
    socket.on('close', () => {
      clearTimeout(timer);
      const [head = '', ...rest] = text.split('\r\n\r\n');
      resolve({
        status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0),
        head,
        body: rest.join('\r\n\r\n'),
        elapsedMs: performance.now() - began,
      });
    });
  });
}
