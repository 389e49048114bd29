/** Fewer bytes come than the head has promised. */
import { sentFault } from './support.ts';

sentFault('reset in the body', ({ socket }) => {
  socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\neyJhbGciOiJSUzI1NiJ9.e30.');
});
