/** The pass-through's edge: bodies checked, references both ways, archives and refusals. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { MksError } from '../../../src/mks/errors.ts';
import type { MksAnswer } from '../../../src/mks/types.ts';
import { startEdge } from '../../support/edge.ts';

const STATUS = '/mks/v1/reports/async-report-status';

test('passes a checked body on and answers with the payload', async (t) => {
  const { post, calls } = await startEdge(t);
  const response = await post(
    `${STATUS}?member=TIB`,
    { refId: 'REF' },
    { 'sender-reference': 'GW1-A' },
  );
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('sender-reference'), 'GW1-ABC');
  assert.deepEqual(await response.json(), { response: { responseCode: '0000' }, unknown: [1] });
  assert.equal(calls[0]?.service, 'reports/async-report-status');
  assert.equal(calls[0]?.senderReference, 'GW1-A');
  assert.deepEqual(calls[0]?.body, { refId: 'REF' });
});

test('serves every service but the login', async (t) => {
  const { post, calls } = await startEdge(t);
  const report = { processDate: '20250505', fileType: 'json', zipPassword: 'Secret12' };
  const bodies: Record<string, object> = {
    'reports/account/balance-report': report,
    'reports/async-report-status': { refId: 'REF' },
    'reports/async-report-content': { refId: 'REF', fileName: 'MKK_RP166.zip' },
    'yf/getMfundTradeDetails': { issuerMemberCode: 'TRISP', processDate: '20230606', opStat: 'KO' },
  };
  for (const [name, body] of Object.entries(bodies)) {
    assert.equal((await post(`/mks/v1/${name}`, body)).status, 200, name);
    assert.equal((await post(`/mks/v1/${name}`, { ...body, requestHeader: {} })).status, 400, name);
  }
  assert.equal(calls.length, 4);
  assert.equal((await post('/mks/v1/auth', {})).status, 404);
  const wrong = await post('/mks/v1/reports/account/balance-report', {
    ...report,
    fileType: 'xml',
  });
  const { errors } = (await wrong.json()) as { errors: unknown[] };
  assert.deepEqual(errors, [{ path: '/fileType', message: 'is none of the allowed values' }]);
});

test('texts that are too short or too long are refused with their limit', async (t) => {
  const { post, calls } = await startEdge(t);
  const limits = [
    ['A1', 'must have 8 characters or more', 'en az 8 karakter olmalı'],
    ['A1'.repeat(26), 'must have at most 50 characters', 'en çok 50 karakter olmalı'],
  ];
  for (const [zipPassword, en, tr] of limits) {
    const body = { processDate: '20250505', fileType: 'json', zipPassword };
    for (const [language, message] of Object.entries({ en, tr })) {
      const headers = { 'accept-language': language };
      const refused = await post('/mks/v1/reports/account/balance-report', body, headers);
      const { errors } = (await refused.json()) as { errors: unknown[] };
      assert.deepEqual(errors, [{ path: '/zipPassword', message }]);
    }
  }
  assert.equal(calls.length, 0);
});

test('a processDate that is no day is refused in the words of POST /balances', async (t) => {
  const { post, calls } = await startEdge(t);
  const processDate = '20260231';
  const asked = await post('/balances', { processDate });
  const { errors: words } = (await asked.json()) as { errors: unknown[] };
  const bodies: Record<string, object> = {
    'reports/account/balance-report': { processDate, fileType: 'json', zipPassword: 'Secret12' },
    'yf/getMfundTradeDetails': { issuerMemberCode: 'TRISP', processDate, opStat: 'KO' },
  };
  for (const [name, body] of Object.entries(bodies)) {
    const refused = await post(`/mks/v1/${name}`, body);
    assert.equal(refused.status, 400, name);
    const { errors } = (await refused.json()) as { errors: unknown[] };
    assert.deepEqual(errors, words, name);
  }
  assert.equal(calls.length, 0);
});

test('gives a business code with 422 and an archive as it comes', async (t) => {
  const answers: MksAnswer[] = [
    {
      kind: 'message',
      service: 'reports/account/balance-report',
      senderReference: 'GW2',
      code: 'RP018',
      description: 'refId',
      httpStatus: 422,
      payload: { response: { responseCode: 'RP018' } },
      payloadText: '{"response":{"responseCode":"RP018"}, "digits":12345678901234567890.10}',
    },
  ];
  let cancelled = 0;
  answers.push({
    kind: 'archive',
    senderReference: 'GW3',
    httpStatus: 200,
    stream: (async function* () {
      yield Buffer.from('PK');
      yield Buffer.from([0, 255]);
    })(),
    cancel: () => (cancelled += 1),
  });
  const { post } = await startEdge(t, {
    passThrough: { call: async () => answers.shift() ?? Promise.reject(new Error('no more')) },
  });
  const refused = await post(STATUS, { refId: 'REF' });
  assert.equal(refused.status, 422);
  assert.equal(refused.headers.get('sender-reference'), 'GW2');
  assert.match(refused.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(
    await refused.text(),
    '{"response":{"responseCode":"RP018"}, "digits":12345678901234567890.10}',
  );
  const archive = await post('/mks/v1/reports/async-report-content', {
    refId: 'REF',
    fileName: 'MKK_RP166.zip',
  });
  assert.equal(archive.headers.get('content-type'), 'application/octet-stream');
  assert.equal(archive.headers.get('sender-reference'), 'GW3');
  assert.deepEqual(Buffer.from(await archive.arrayBuffer()), Buffer.from([0x50, 0x4b, 0, 255]));
  assert.equal(cancelled, 1);
});

test('an answer that the trail cannot tell of does not leave; its reference does', async (t) => {
  let cancelled = 0;
  const { post, trailFolder } = await startEdge(t, {
    passThrough: {
      async call(): Promise<MksAnswer> {
        // The disk goes while MKS is asked.
        renameSync(trailFolder, `${trailFolder}.away`);
        writeFileSync(trailFolder, 'no folder');
        return {
          kind: 'archive',
          senderReference: 'GW3',
          httpStatus: 200,
          stream: (async function* () {
            yield Buffer.from('PK');
          })(),
          cancel: () => (cancelled += 1),
        };
      },
    },
  });
  const kept = await post('/mks/v1/reports/async-report-content', {
    refId: 'REF',
    fileName: 'MKK_RP166.zip',
  });
  assert.equal(kept.status, 503);
  assert.equal(kept.headers.get('sender-reference'), 'GW3');
  const problem = (await kept.json()) as Record<string, unknown>;
  assert.equal(problem['type'], '/problems/trail-unavailable');
  assert.equal(problem['outcome'], 'unknown');
  assert.equal(cancelled, 1, 'MKS is left no open answer');
});

test('turns failures into problems that bear reference and outcome', async (t) => {
  const opensAt = Date.UTC(2025, 4, 6, 22);
  const failures = [
    new MksError('conflict', 'the slot is held', { outcome: 'not-sent', retryAfterMs: 14_200 }),
    new MksError('mks-unknown-outcome', 'no answer', {
      outcome: 'unknown',
      senderReference: 'GW4',
    }),
    new MksError('mks-error', 'OI003', {
      outcome: 'refused',
      senderReference: 'GW5',
      mksCode: 'OI003',
      mksDescription: '<b>unsigned</b>',
      verified: false,
    }),
    new MksError('mks-untrusted-response', 'bad signature', {
      outcome: 'unknown',
      senderReference: 'GW6',
      mksCode: 'RP001',
      verified: false,
    }),
    new MksError('outside-service-hours', 'closed', { outcome: 'not-sent', opensAt }),
  ];
  const { post } = await startEdge(t, {
    passThrough: { call: () => Promise.reject(failures.shift() ?? new Error('no more')) },
  });
  const next = async () => {
    const response = await post(STATUS, { refId: 'REF' });
    return { response, problem: (await response.json()) as Record<string, unknown> };
  };
  const conflict = await next();
  assert.equal(conflict.response.status, 409);
  assert.equal(conflict.response.headers.get('retry-after'), '15');
  const unknown = await next();
  assert.equal(unknown.response.status, 504);
  assert.equal(unknown.response.headers.get('sender-reference'), 'GW4');
  assert.equal(unknown.problem['outcome'], 'unknown');
  const technical = await next();
  assert.deepEqual(technical.problem['mks'], { code: 'OI003', senderReference: 'GW5' });
  assert.equal(technical.problem['retryable'], true);
  const untrusted = await next();
  assert.equal(untrusted.response.status, 502);
  assert.equal(untrusted.problem['mks'], undefined);
  const closed = await next();
  assert.equal(
    closed.response.headers.get('retry-after'),
    String((opensAt - Date.UTC(2025, 4, 6, 7, 15)) / 1000),
  );
  assert.equal(closed.problem['opensAt'], '2025-05-07T01:00:00.000+03:00');
  assert.equal((await next()).problem['type'], '/problems/internal');
});

test('tells the pass-through when the caller has gone', async (t) => {
  const started = new EventTarget();
  let signal: AbortSignal | undefined;
  const { url } = await startEdge(t, {
    passThrough: {
      async call(call) {
        signal = call.signal;
        started.dispatchEvent(new Event('call'));
        await once(call.signal, 'abort');
        throw new MksError('mks-unknown-outcome', 'gone', { outcome: 'unknown' });
      },
    },
  });
  const gone = new AbortController();
  const called = once(started, 'call');
  const response = fetch(url + STATUS, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"refId":"REF"}',
    signal: gone.signal,
  });
  await called;
  assert.ok(signal !== undefined && !signal.aborted);
  const aborted = once(signal, 'abort');
  gone.abort();
  await assert.rejects(response);
  await aborted;
});
