/** Each fault of the sandbox, met on the whole way: the problem that a caller is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../sandbox/index.ts';
import { DATE, problemOf, rowsOf, startPair } from '../support/pair.ts';

interface Case {
  fault: Fault;
  slug: string;
  status: number;
  /** Of mks-archive-invalid. */
  reason?: string;
}

const always = { times: -1 } as const;
const request = { ...always, service: 'balance-report' } as const;
const status = { ...always, service: 'async-report-status' } as const;
const content = { ...always, service: 'async-report-content' } as const;
const untrusted = { slug: 'mks-untrusted-response', status: 502 };
const error = { slug: 'mks-error', status: 502 };
const archive = { slug: 'mks-archive-invalid', status: 502 };

const cases: Case[] = [
  ...(
    [
      'wrong-signer',
      'alg-none',
      'hs256',
      'tampered-payload',
      'unsigned-success',
      'other-answer',
      'missing-sender-reference',
      'crit-header',
      'b64-header',
      'jwk-in-header',
    ] as const
  ).flatMap((name) => [
    { fault: { name, ...request }, ...untrusted },
    { fault: { name, ...status }, ...untrusted },
  ]),
  ...([request, status, content] as const).flatMap((where) => [
    { fault: { name: 'html-500', ...where } as const, ...error },
    { fault: { name: 'xml-fault', ...where } as const, ...error },
    { fault: { name: 'too-many-requests', ...where } as const, ...error },
    { fault: { name: 'code', code: 'OI003', ...where } as const, ...error },
    { fault: { name: 'code', code: 'SP001', signed: true, ...where } as const, ...error },
    { fault: { name: 'code', code: 'SYS0', ...where } as const, ...error },
  ]),
  { fault: { name: 'no-ref-id', ...request }, ...error },
  { fault: { name: 'no-file-names', ...status }, ...error },
  { fault: { name: 'code', code: 'RP048', ...request }, slug: 'mks-rejected', status: 422 },
  { fault: { name: 'code', code: 'RP025', ...status }, slug: 'mks-rejected', status: 422 },
  { fault: { name: 'code', code: 'RP015', ...content }, slug: 'mks-rejected', status: 422 },
  { fault: { name: 'unsigned-failure', code: 'RP026', ...status }, ...error },
  { fault: { name: 'truncated-archive', ...content }, ...archive, reason: 'truncated' },
  { fault: { name: 'corrupted-archive', ...content }, ...archive, reason: 'corrupt' },
  { fault: { name: 'wrong-password', ...content }, ...archive, reason: 'wrong-password' },
  { fault: { name: 'bomb', ...content }, ...archive, reason: 'too-large' },
  { fault: { name: 'two-entries', ...content }, ...archive, reason: 'unexpected-content' },
  { fault: { name: 'path-in-name', ...content }, ...archive, reason: 'unexpected-content' },
  { fault: { name: 'not-a-zip', ...content }, ...archive, reason: 'not-a-zip' },
  { fault: { name: 'huge-body', megabytes: 4, ...status }, ...error },
];

test('what MKS must not do is told as the problem that it is', async (t) => {
  const environment = { MKS_STATUS_POLL_SECONDS: '0.01', MKS_FILE_MAX_MB: '64' };
  const { sandbox, ask } = await startPair(t, {}, environment);
  const expectedRows = [...sandbox.expectedRows({ member: 'TIB', processDate: DATE })];
  for (const { fault, slug, status: expected, reason } of cases) {
    await t.test(`${fault.name} ${fault.code ?? ''} at ${fault.service} → ${slug}`, async () => {
      sandbox.faults.arm(fault);
      const problem = await problemOf(await ask({ processDate: DATE, refresh: true }));
      assert.equal(problem.slug, slug, JSON.stringify(problem));
      assert.equal(problem.status, expected);
      if (reason !== undefined) assert.equal(problem['reason'], reason);
      assert.ok('outcome' in problem, JSON.stringify(problem));
      assert.match(String(problem['senderReference']), /^GW\d+-/, JSON.stringify(problem));
      const { code } = (problem['mks'] ?? {}) as { code?: string };
      assert.equal(code, fault.code);
    });
    // The trouble over, the next report is not burdened with it.
    sandbox.faults.clear();
    const { rows } = await rowsOf(await ask({ processDate: DATE, refresh: true }));
    assert.deepEqual(rows, expectedRows);
  }
});

test('a refused login is told at once and not repeated', async (t) => {
  const { sandbox, ask } = await startPair(t);
  sandbox.faults.arm({ name: 'wrong-login', ...always });
  for (let round = 0; round < 3; round += 1) {
    const problem = await problemOf(await ask({ processDate: DATE, refresh: true }));
    assert.equal(problem.slug, 'mks-login-refused');
    assert.equal(problem.status, 502);
  }
  assert.equal(sandbox.log.length, 1);
});
