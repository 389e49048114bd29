/** A real Redis that gateways reach as operators have it: by `redis://` on loopback. */
import type { Cleanup } from './cleanup.ts';
import { freePort } from './port.ts';
import { startRedis, type TestRedis } from './redis.ts';

export async function startTcpRedis(t: Cleanup): Promise<TestRedis> {
  const port = await freePort();
  const redis = await startRedis(t, ['--port', String(port), '--bind', '127.0.0.1']);
  return {
    url: `redis://127.0.0.1:${port}`,
    socket: redis.socket,
    get pid() {
      return redis.pid;
    },
    restart: redis.restart,
    kill: redis.kill,
  };
}
