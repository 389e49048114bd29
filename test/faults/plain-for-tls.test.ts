/** A plain HTTP server where TLS is expected. */
import { setUp } from '../mks/support.ts';
import { unsentFault } from './support.ts';

unsentFault('plain for TLS', async (t) => {
  const { upstream } = await setUp(t);
  return { baseUrl: `https://127.0.0.1:${upstream.port}` };
});
