/** Nobody listens. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { unsentFault } from './support.ts';

unsentFault('refused port', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return { baseUrl: `https://127.0.0.1:${port}` };
});
