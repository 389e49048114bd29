/**
 * One client that asks without end: `flood.ts URL KEY AT_ONCE` posts asks that join nothing, AT_ONCE at a time,
 * and prints `ASKED {status: count}` at SIGTERM. It comes back at once, whatever Retry-After says.
 */
import { Pool } from 'undici';
import { DATE } from './stage.ts';

const [url = '', key = '', atOnce = '1'] = process.argv.slice(2);
const pool = new Pool(url, { connections: Number(atOnce), pipelining: 1 });
const answers: Record<number, number> = {};
const headers = {
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
  prefer: 'respond-async',
};
let asked = 0;

async function ask(): Promise<never> {
  for (;;) {
    asked += 1;
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/balances',
      headers: { ...headers, 'idempotency-key': `${process.pid}-${asked}` },
      body: JSON.stringify({ processDate: DATE, refresh: true, accNo: String(asked) }),
    });
    await body.dump();
    answers[statusCode] = (answers[statusCode] ?? 0) + 1;
  }
}

process.once('SIGTERM', () => {
  console.log(`ASKED ${JSON.stringify(answers)}`);
  process.exit(0);
});
console.log('asking');
await Promise.all(Array.from({ length: Number(atOnce) }, ask));
