/** The proxy hangs up in the middle of its answer. */
import { listen, unsentFault } from './support.ts';

unsentFault('the proxy breaks', async (t) => {
  const port = await listen(t, (socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 Conn'));
  });
  return { baseUrl: 'https://mks.invalid', proxyUrl: `http://127.0.0.1:${port}` };
});
