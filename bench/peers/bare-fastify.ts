/**
 * Fastify with nothing in it, as a measure for what an answer costs at least: the bytes of BYTES_FILE
 * to each `POST /balances`, files by a stream, health. Nothing is checked, looked up, counted or logged.
 */
import { createReadStream, readFileSync } from 'node:fs';
import fastify from 'fastify';

const app = fastify();
const bytesFile = process.env['BYTES_FILE'];
const bytes = bytesFile === undefined ? '' : readFileSync(bytesFile);

app.get('/health/live', () => ({ status: 'up' }));
app.post('/balances', (_request, reply) => reply.type('application/json').send(bytes));
app.get<{ Querystring: { path: string } }>('/file', ({ query }, reply) =>
  reply.type('application/octet-stream').send(createReadStream(query.path)),
);
const url = await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT'] ?? 0) });
console.log(`listening on ${url}`);
