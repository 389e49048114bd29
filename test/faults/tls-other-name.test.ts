/** A trusted certificate, but of another host. */
import { setUp } from '../mks/support.ts';
import { makeIdentity } from '../support/identities.ts';
import { unsentFault } from './support.ts';

unsentFault('TLS, another name', async (t) => {
  const identity = await makeIdentity('mks.example');
  const tls = { key: identity.keyPem, cert: identity.certificatePem };
  const { upstream } = await setUp(t, { tls });
  return { baseUrl: `https://localhost:${upstream.port}`, ca: identity.certificatePem };
});
