/** The connection breaks in the middle of the head of the answer. */
import { sentFault } from './support.ts';

sentFault('reset in the headers', ({ socket }) => {
  socket?.write('HTTP/1.1 200 OK\r\nContent-Le', () => socket.destroy());
});
