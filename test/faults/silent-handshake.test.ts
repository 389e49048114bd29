/** The connection is taken, but the TLS handshake is not answered. */
import { listen, unsentFault } from './support.ts';

unsentFault('silent handshake', async (t) => ({
  baseUrl: `https://127.0.0.1:${await listen(t, () => undefined)}`,
}));
