/** The connection is reset in the middle of the TLS handshake. */
import { listen, unsentFault } from './support.ts';

unsentFault('reset in the handshake', async (t) => {
  const port = await listen(t, (socket) => {
    socket.once('data', () => socket.resetAndDestroy());
  });
  return { baseUrl: `https://127.0.0.1:${port}` };
});
