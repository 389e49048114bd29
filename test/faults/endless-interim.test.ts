/** Interim answers without end: each is small, and no head ever grows too large. */
import { sentFault } from './support.ts';

sentFault(
  'endless 103',
  ({ socket }) => {
    const early = `HTTP/1.1 103 Early Hints\r\nLink: </${'x'.repeat(2000)}>\r\n\r\n`;
    const timer = setInterval(() => socket?.write(early), 2);
    socket?.on('close', () => clearInterval(timer));
  },
  'mks-error',
);
