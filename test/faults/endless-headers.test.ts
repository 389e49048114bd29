/** A head without an end: refused at its bound. */
import { sentFault } from './support.ts';

sentFault(
  'endless headers',
  ({ socket }) => {
    socket?.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket?.write(`X-More: ${'x'.repeat(8000)}\r\n`), 5);
    socket?.on('close', () => clearInterval(timer));
  },
  'mks-error',
);
