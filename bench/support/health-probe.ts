/**
 * Asks `/health/live` of URL every 5 ms from a process of its own, and prints `[epochMs, latencyMs]` of
 * each as JSON at SIGTERM. Latency counts from when the question was due: a probe that is held up
 * would else miss the very moments that are looked for.
 */
import { Pool } from 'undici';

const EVERY_MS = 5;
const pool = new Pool(process.argv[2] ?? '', { connections: 64, pipelining: 1 });
const seen: [number, number][] = [];
const epochMs = performance.timeOrigin;
let dueAt = performance.now();

async function ask(due: number): Promise<void> {
  const { statusCode, body } = await pool.request({ method: 'GET', path: '/health/live' });
  await body.dump();
  if (statusCode !== 200) throw new Error(`/health/live answered ${statusCode}`);
  seen.push([epochMs + due, performance.now() - due]);
}

const timer = setInterval(() => {
  // As many as are due: a timer that came late must not ask less.
  for (; dueAt <= performance.now(); dueAt += EVERY_MS) void ask(dueAt);
}, 1);
console.log('asking');
process.once('SIGTERM', () => {
  clearInterval(timer);
  console.log(`SEEN ${JSON.stringify(seen)}`);
  process.exit(0);
});
