/** A chunk whose size is no number. */
import { sentFault } from './support.ts';

sentFault('a broken chunk', ({ socket }) => {
  socket?.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\neyJhb\r\n');
});
