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
  ...([request, status, content] as const).map((where) => ({
    fault: { name: 'code', code: 'SP001', signed: true, ...where } as const,
    ...error,
  })),
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
  { fault: { name: 'not-a-zip', ...content }, ...archive, reason: 'not-a-zip' },
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

/** What passes by itself: the report waits, says for what, and goes on when it is over (rule 6). */
const passing: Fault[] = ([request, status, content] as const).flatMap((where): Fault[] => [
  { name: 'html-500', ...where },
  { name: 'xml-fault', ...where },
  { name: 'too-many-requests', ...where },
  { name: 'code', code: 'OI003', ...where },
  { name: 'code', code: 'SYS0', ...where },
]);
passing.push({ name: 'huge-body', megabytes: 4, ...status });

test('what passes by itself is waited out, however long it takes', async (t) => {
  const { sandbox, url, ask } = await startPair(t, {}, { MKS_STATUS_POLL_SECONDS: '0.01' });
  const expectedRows = [...sandbox.expectedRows({ member: 'TIB', processDate: DATE })];
  for (const fault of passing) {
    await t.test(`${fault.name} ${fault.code ?? ''} at ${fault.service}`, async () => {
      sandbox.faults.arm(fault);
      const asked = await ask({ processDate: DATE, refresh: true }, { prefer: 'wait=1' });
      assert.equal(asked.status, 202);
      const { id, waiting } = (await asked.json()) as Waiting;
      assert.equal(waiting?.for, 'mks-error', JSON.stringify(waiting));
      assert.ok(Date.parse(waiting.retryAt) >= Date.parse(waiting.since));
      if (fault.code !== undefined) assert.match(waiting.detail, new RegExp(fault.code));
      sandbox.faults.clear();
      const report = await fetch(`${url}/balances/${id}`, { headers: { prefer: 'wait=60' } });
      const ended = (await report.json()) as Waiting;
      assert.equal(ended.state, 'ready', JSON.stringify(ended));
      assert.equal(ended.waiting, undefined);
      const { rows } = await rowsOf(await fetch(`${url}/balances/${id}/rows`));
      assert.deepEqual(rows, expectedRows);
    });
    sandbox.faults.clear();
  }
});

interface Waiting {
  id: string;
  state: string;
  waiting?: { for: string; since: string; retryAt: string; detail: string };
}

test('a refused login is not repeated; the reports wait and say why', async (t) => {
  const { sandbox, ask } = await startPair(t);
  sandbox.faults.arm({ name: 'wrong-login', ...always });
  const seen: (string | undefined)[] = [];
  for (let round = 0; round < 3; round += 1) {
    const asked = await ask({ processDate: DATE, refresh: true }, { prefer: 'wait=1' });
    assert.equal(asked.status, 202);
    seen.push(((await asked.json()) as Waiting).waiting?.for);
  }
  assert.deepEqual(seen, ['mks-login-refused', 'turn', 'turn']);
  assert.equal(sandbox.log.length, 1);
});
