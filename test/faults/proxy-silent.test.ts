/** The proxy never answers. */
import { listen, unsentFault } from './support.ts';

unsentFault('the proxy is silent', async (t) => ({
  baseUrl: 'https://mks.invalid',
  proxyUrl: `http://127.0.0.1:${await listen(t, () => undefined)}`,
}));
