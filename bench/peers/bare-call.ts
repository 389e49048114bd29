/**
 * A signed pass-through call with nothing around it, as a measure for what one costs at least: Fastify takes
 * it, jose signs and verifies, undici sends over connections that are kept. One login serves all. No reference
 * is recorded, nobody is counted, and no line is written down.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import { CompactSign, compactVerify } from 'jose';
import { Pool } from 'undici';
import { header, headersWith, key, login } from './member.ts';

const { MKS_BASE_URL = '', MKS_TRUSTED_CERTIFICATES_FILE = '' } = process.env;
const privateKey = createPrivateKey(key);
const { publicKey } = new X509Certificate(readFileSync(MKS_TRUSTED_CERTIFICATES_FILE));
const { origin, pathname } = new URL(MKS_BASE_URL);
const mks = new Pool(origin);

async function post(path: string, body: string, headers: Record<string, string>): Promise<string> {
  const to = `${pathname.replace(/\/$/, '')}/v1/${path}`;
  const answer = await mks.request({ method: 'POST', path: to, headers, body });
  return answer.body.text();
}

const granted = await post('auth', JSON.stringify(login()), { 'content-type': 'application/json' });
const { token } = JSON.parse(granted) as { token: string };
const headers = headersWith(token);

const app = fastify();
app.post('/call', async ({ body }) => {
  const message = JSON.stringify({ requestHeader: header(), ...(body as object) });
  const signing = new CompactSign(Buffer.from(message)).setProtectedHeader({ alg: 'RS256' });
  const answer = await post('reports/async-report-status', await signing.sign(privateKey), headers);
  const { payload } = await compactVerify(answer, publicKey);
  return JSON.parse(Buffer.from(payload).toString()) as object;
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`listening on ${url}`);
