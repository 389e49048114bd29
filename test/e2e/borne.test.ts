/** Faults of the sandbox that nobody should notice but by the time that they take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault, LogEntry } from '../../sandbox/index.ts';
import { DATE, rowsOf, startPair } from '../support/pair.ts';

const always = { times: -1 } as const;
const harmless: Fault[] = [
  { name: 'json-string-jws', ...always },
  { name: 'whitespace-jws', ...always },
  { name: 'extra-header-fields', ...always },
  { name: 'message-id-number', ...always },
  { name: 'lifetime-number', ...always },
  { name: 'connection-close', ...always },
  { name: 'unregistered-ip-reason', ...always },
  { name: 'unsigned-failure', code: 'RP022', service: 'async-report-status', times: 2 },
  { name: 'unsigned-failure', code: 'RP003', service: 'balance-report', times: 2 },
  { name: 'code', code: 'RP003', service: 'balance-report', times: 3 },
  { name: 'code', code: 'RP018', service: 'async-report-status', times: 1 },
  { name: 'code', code: 'RP018', service: 'async-report-content', times: 1 },
  { name: 'code', code: 'OI003', service: 'balance-report', times: 3 },
  { name: 'html-500', service: 'async-report-status', times: 5 },
  { name: 'wrong-signer', service: 'async-report-status', times: 4 },
  { name: 'no-answer', service: 'async-report-status', times: 1 },
  { name: 'reset-after', service: 'async-report-status', times: 2 },
  { name: 'reset-before', service: 'async-report-content', times: 2 },
  { name: 'reset-midway', service: 'async-report-content', times: 2 },
  { name: 'truncated-archive', service: 'async-report-content', times: 2 },
  { name: 'jws-as-octet-stream', code: 'RP023', service: 'async-report-content', times: 2 },
  { name: 'path-in-name', service: 'async-report-content', times: 1 },
  // The message whose loss matters: taken or not, the report comes, and once.
  { name: 'no-answer', service: 'balance-report', times: 1 },
  { name: 'reset-after', service: 'balance-report', times: 2 },
  { name: 'reset-before', service: 'balance-report', times: 2 },
  { name: 'drip', bytesPerSecond: 20, service: 'balance-report', times: 1 },
];

test('what can be borne is borne: the rows come all the same', async (t) => {
  const environment = { MKS_STATUS_POLL_SECONDS: '0.01', MKS_REQUEST_TIMEOUT_SECONDS: '1.5' };
  const { sandbox, ask } = await startPair(t, {}, environment);
  const expectedRows = [...sandbox.expectedRows({ member: 'TIB', processDate: DATE })];
  for (const fault of harmless) {
    const label = `${fault.name} ${fault.code ?? ''} at ${fault.service ?? 'all'} × ${fault.times}`;
    await t.test(label, async () => {
      sandbox.faults.arm(fault);
      const { rows } = await rowsOf(await ask({ processDate: DATE, refresh: true }));
      assert.deepEqual(rows, expectedRows);
    });
    sandbox.faults.clear();
  }
  assertReferences(sandbox.log);
});

/** Rule 1 as MKS sees it: a reference whose answer came through with a messageId is never used again. */
function assertReferences(log: readonly LogEntry[]): void {
  const lost = new Set(['no-answer', 'reset-after', 'drip', 'reset-midway']);
  const answered = new Set<string>();
  for (const { reference = '', messageId, faults = [] } of log) {
    assert.equal(answered.has(reference), false, `${reference} came again`);
    if (messageId !== undefined && !faults.some((name) => lost.has(name))) answered.add(reference);
  }
  assert.ok(answered.size > 50, `${answered.size} references were answered`);
}
