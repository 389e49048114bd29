/** A chunk's extension without end: no byte of the body ever comes of it. */
import { sentFault } from './support.ts';

sentFault(
  'endless chunk extension',
  ({ socket }) => {
    socket?.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=');
    const timer = setInterval(() => socket?.write('x'.repeat(8000)), 2);
    socket?.on('close', () => clearInterval(timer));
  },
  'mks-error',
);
