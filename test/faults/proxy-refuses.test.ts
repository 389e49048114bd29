/** The proxy refuses the tunnel. */
import { listen, unsentFault } from './support.ts';

unsentFault('the proxy refuses', async (t) => {
  const port = await listen(t, (socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
  });
  return { baseUrl: 'https://mks.invalid', proxyUrl: `http://user:secret@127.0.0.1:${port}` };
});
