/** A certificate that nobody we trust has issued. */
import { setUp } from '../mks/support.ts';
import { makeIdentity } from '../support/identities.ts';
import { unsentFault } from './support.ts';

unsentFault('TLS, unknown issuer', async (t) => {
  const identity = await makeIdentity('localhost');
  const tls = { key: identity.keyPem, cert: identity.certificatePem };
  const { upstream } = await setUp(t, { tls });
  return { baseUrl: `https://localhost:${upstream.port}` };
});
