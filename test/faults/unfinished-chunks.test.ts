/** A chunked answer without its last chunk. */
import { sentFault } from './support.ts';

sentFault('chunks that never end', ({ socket }) => {
  socket?.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\neyJhb\r\n');
});
