/** Service hours, result codes, health, the document, its viewer and the problem pages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Localised } from '../../src/lib/localised.ts';
import { FACT_WORDS, PROBLEM_SLUGS } from '../../src/problems.ts';
import { client, NOW, startEdge } from '../support/edge.ts';

test('tells the service hours of each group', async (t) => {
  const { get } = await startEdge(t);
  const { now, items } = (await (await get('/service-hours')).json()) as {
    now: string;
    items: Record<string, unknown>[];
  };
  assert.equal(now, '2025-05-06T10:15:00.000+03:00');
  assert.deepEqual(items[3], {
    group: 4,
    services: ['reports/async-report-status'],
    window: '01:00-23:00',
    open: true,
    opensAt: '2025-05-07T01:00:00.000+03:00',
    closesAt: '2025-05-06T23:00:00.000+03:00',
  });
});

test('names every service with its group, and what the hours leave out', async (t) => {
  const { get } = await startEdge(t);
  const hoursIn = async (language: string) => {
    const response = await get('/service-hours', { 'accept-language': language });
    assert.equal(response.headers.get('content-language'), language);
    return (await response.json()) as { services: object[]; items: { note?: string }[] };
  };
  const { services, items } = await hoursIn('en');
  assert.deepEqual(services, [
    { name: 'auth', alwaysOpen: true },
    { name: 'reports/account/balance-report', group: 1, alwaysOpen: false },
    { name: 'reports/async-report-status', group: 4, alwaysOpen: false },
    { name: 'reports/async-report-content', group: 1, alwaysOpen: false },
    { name: 'yf/getMfundTradeDetails', group: 1, alwaysOpen: false },
  ]);
  const speaking = items.map(({ note }) => /olidays.* not known/.test(note ?? ''));
  assert.deepEqual(speaking, [false, true, true, false]);
  const turkish = (await hoursIn('tr')).items.map(({ note }) =>
    /atiller.* bilinmez/.test(note ?? ''),
  );
  assert.deepEqual(turkish, speaking);
});

test('tells the result codes in Turkish and English', async (t) => {
  const { get } = await startEdge(t);
  const meaningOf = async (language: string) => {
    const response = await get('/result-codes', { 'accept-language': language });
    const { items } = (await response.json()) as { items: { code: string; meaning: string }[] };
    return [
      response.headers.get('content-language'),
      items.find(({ code }) => code === 'RP021')?.meaning,
    ];
  };
  assert.deepEqual(await meaningOf('de, tr;q=0.9, en;q=0.8'), ['tr', 'Rapor sıraya girdi.']);
  assert.deepEqual(await meaningOf('de'), ['en', 'The report has entered the queue.']);
  assert.equal((await meaningOf('tr;q=0.1, en'))[0], 'en');
});

test('asks no key of health, document, viewer and problem pages, and one of the rest', async (t) => {
  const { url, get, shutdown } = await startEdge(t, { clients: () => [client('one', ['TIB'])] });
  const open = [
    '/health/live',
    '/health/ready',
    '/openapi.json',
    '/docs',
    '/docs/static/swagger-ui.css',
    '/console',
    '/console/main.ts',
    '/problems/conflict',
  ];
  for (const path of open) {
    const response = await get(path);
    assert.equal(response.status, 200, path);
    await response.bytes();
  }
  const closed = ['/balances', '/balances/x', '/service-hours', '/result-codes', '/nothing'];
  for (const path of closed) {
    const response = await get(path);
    assert.equal(response.status, 401, path);
    assert.equal(response.headers.get('www-authenticate'), 'Bearer');
  }
  assert.equal((await fetch(`${url}/health/live`, { method: 'HEAD' })).status, 200);
  shutdown.abort();
  assert.equal((await get('/health/live')).status, 200);
  assert.equal((await get('/health/ready')).status, 503);
});

test('is not ready when a check fails', async (t) => {
  const checks = { redis: { ok: false, detail: 'Redis cannot be reached', checkedAt: NOW } };
  const { get } = await startEdge(t, { health: async () => checks });
  const response = await get('/health/ready');
  assert.equal(response.status, 503);
  const body = (await response.json()) as { checks: Record<string, unknown> };
  assert.deepEqual(body.checks['redis'], {
    ok: false,
    detail: 'Redis cannot be reached',
    checkedAt: '2025-05-06T10:15:00.000+03:00',
    ageSeconds: 0,
  });
});

type Told = Record<'type' | 'mends' | 'again' | 'sent', string>;

test('has a page for each problem, in both languages and for programs', async (t) => {
  const { get } = await startEdge(t);
  for (const slug of PROBLEM_SLUGS) {
    const html = await get(`/problems/${slug}`, { accept: 'text/html', 'accept-language': 'tr' });
    assert.equal(html.headers.get('content-language'), 'tr');
    assert.match(html.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    const page = await html.text();
    assert.match(page, /<html lang="tr">/);
    assert.equal(page.match(/<li>(?:Kim düzeltir|Yeniden|MKS’ye)[^<]*: \S/g)?.length, 3, slug);
    const json = (await (await get(`/problems/${slug}?lang=tr`)).json()) as Told;
    assert.equal(json.type, `/problems/${slug}`);
    const words = (['mends', 'again', 'sent'] as const).map((fact) => {
      const all: Record<string, Localised> = FACT_WORDS[fact];
      return all[json[fact]]?.tr ?? 'no such word';
    });
    const shown = [...page.matchAll(/<li>[^:]+: (.+)<\/li>/g)].map(([, word = '']) =>
      word.replaceAll(/<\/?code>/g, '`'),
    );
    assert.deepEqual(words, shown, slug);
  }
  const { mends, again, sent } = (await (await get('/problems/mks-rejected')).json()) as Told;
  assert.deepEqual({ mends, again, sent }, { mends: 'told', again: 'told', sent: 'refused' });
  assert.equal((await get('/problems/nothing')).status, 404);
});

test('shows the document with nothing from elsewhere', async (t) => {
  const { get } = await startEdge(t);
  const page = await get('/docs/');
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /https:|upgrade-insecure/);
  const html = await page.text();
  assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//);
  for (const [, path = ''] of html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) {
    const file = await get(`/docs/${path}`);
    assert.equal(file.status, 200, path);
    await file.bytes();
  }
  const initializer = await (await get('/docs/static/swagger-initializer.js')).text();
  assert.doesNotMatch(initializer, /validator\.swagger\.io/);
  assert.match(html, /<title>MKS gateway<\/title>/);
  assert.match(initializer, /"persistAuthorization":true/);
});

test('tells a wrong method from a wrong path', async (t) => {
  const { url, post } = await startEdge(t);
  const cases: [string, string, number, string | null][] = [
    ['PUT', '/balances', 405, 'GET, HEAD, POST'],
    ['POST', '/balances/x', 405, 'DELETE, GET, HEAD'],
    ['GET', '/mks/v1/reports/async-report-status', 405, 'POST'],
    ['POST', '/mks/v1/nothing', 404, null],
    ['GET', '/balances/', 404, null],
    ['GET', '/balances/x/y', 404, null],
  ];
  for (const [method, path, status, allow] of cases) {
    const response = await fetch(url + path, { method });
    assert.equal(response.status, status, `${method} ${path}`);
    assert.equal(response.headers.get('allow'), allow, `${method} ${path}`);
  }
  const withBody = await post('/service-hours', 'anything', { 'content-type': 'text/plain' });
  assert.ok([405, 415].includes(withBody.status));
});

test('leads a browser from / to the console, and nobody else', async (t) => {
  const { get } = await startEdge(t, { clients: () => [client('one', ['TIB'])] });
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const browser = await get('/', { accept });
  assert.equal(browser.status, 302);
  assert.equal(browser.headers.get('location'), '/console');
  for (const other of ['*/*', 'application/json']) {
    const response = await get('/', { accept: other });
    assert.equal(response.status, 404, other);
    const { type } = (await response.json()) as { type: string };
    assert.equal(type, '/problems/not-found');
  }
});

test('speaks of an API key only where one is asked for', async (t) => {
  const documentOf = async (change: Parameters<typeof startEdge>[1]) =>
    (await (await startEdge(t, change)).get('/openapi.json')).text();
  const speaks = /apiKey|API key|API anahtarı|"401"|"security"/;
  assert.doesNotMatch(await documentOf({}), speaks);
  const withKeys = await documentOf({ clients: () => [client('one', ['TIB'])] });
  for (const word of ['apiKey', '"401"', '"security"']) assert.ok(withKeys.includes(word), word);
  const { get, post } = await startEdge(t, {
    members: () => ['TIB', 'AKY'],
    rateLimitPerMinute: 4,
  });
  const refusals = [
    await post('/balances', {}),
    await post('/balances', { processDate: '20250505', member: 'GRM' }),
    await get('/balances/unknown'),
    await get('/balances?member=GRM'),
    await get('/balances'),
  ];
  assert.deepEqual(
    refusals.map(({ status }) => status),
    [400, 403, 404, 403, 429],
  );
  for (const refusal of refusals) assert.doesNotMatch(await refusal.text(), speaks);
});
