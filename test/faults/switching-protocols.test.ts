/** An answer that changes the protocol is no answer. */
import { sentFault } from './support.ts';

sentFault('switching protocols', ({ socket }) => {
  socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
});
