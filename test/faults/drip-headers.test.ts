/** A byte of the head now and then. */
import { sentFault } from './support.ts';

sentFault('drip in the headers', ({ socket }) => {
  socket?.write('HTTP/1.1 200 OK\r\nX-Slow: ');
  const timer = setInterval(() => socket?.write('x'), 30);
  socket?.on('close', () => clearInterval(timer));
});
