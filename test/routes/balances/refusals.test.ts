/** What `POST /balances` says when it refuses: words that a person can go by. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formInWords } from '../../../src/problems/form-words.ts';
import { NOW, startEdge } from '../../support/edge.ts';

test('tells a bad date in words, in both languages, and never a regular expression', async (t) => {
  const { get, post } = await startEdge(t);
  const told = async (processDate: string, language: string) => {
    const response = await post('/balances', { processDate }, { 'accept-language': language });
    const { errors } = (await response.json()) as { errors: { path: string; message: string }[] };
    assert.deepEqual(
      errors.map(({ path }) => path),
      ['/processDate'],
    );
    return errors[0]?.message;
  };
  for (const bad of ['5.5.2025', '20251340', '20250231']) {
    assert.equal(await told(bad, 'en'), 'must be YYYYMMDD, a day that exists');
    assert.equal(await told(bad, 'tr'), 'YYYYAAGG, var olan bir gün olmalı');
  }
  const document = await (await get('/openapi.json')).text();
  const patterns = [...document.matchAll(/"pattern":("(?:[^"\\\\]|\\\\.)*")/g)].map(
    ([, pattern = '']) => JSON.parse(pattern) as string,
  );
  assert.ok(patterns.length > 5);
  const wordless = formInWords('a pattern that nobody knows');
  for (const pattern of patterns) assert.notDeepEqual(formInWords(pattern), wordless, pattern);
});

test('names respond-async when MKS is closed', async (t) => {
  const { desk, post } = await startEdge(t);
  desk.request = async () => ({ kind: 'closed', opensAt: NOW + 60_000 });
  for (const language of ['en', 'tr']) {
    const response = await post(
      '/balances',
      { processDate: '20250505' },
      { 'accept-language': language },
    );
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '60');
    const { detail } = (await response.json()) as { detail: string };
    assert.match(detail, /`Prefer: respond-async`/);
    assert.match(detail, language === 'tr' ? /kapalı/ : /closed/);
  }
});
