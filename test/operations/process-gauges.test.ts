/** What stands in `/metrics` before anything has happened. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryDesk } from '../support/desk.ts';
import { createMemoryOperations } from '../support/operations.ts';

/** A Monday at noon in Istanbul: every group of services is open. */
const NOW = Date.parse('2026-03-02T12:00:00+03:00');
const clock = { now: () => NOW, elapsedMs: () => performance.now() };

test('failures that have not happened stand at 0', async () => {
  const { metrics } = createMemoryOperations(createMemoryDesk(), clock);
  const text = await metrics.text();
  for (const line of [
    'mks_call_failures_total{service="reports/async-report-status",problem="mks-untrusted-response"} 0',
    'mks_call_failures_total{service="auth",problem="mks-login-refused"} 0',
    'mks_messages_in_doubt_total{service="reports/account/balance-report",member="TIB"} 0',
    'mks_logins_total{member="TIB",outcome="refused"} 0',
    'reports_ended_total{member="TIB",state="failed"} 0',
  ]) {
    assert.ok(text.includes(`mks_gateway_${line}\n`), line);
  }
});

test('the process tells its build, disk, hours and files; without TLS there is no certificate', async () => {
  const { metrics } = createMemoryOperations(createMemoryDesk(), clock);
  const text = await metrics.text();
  assert.match(text, /^mks_gateway_build_info\{version="\d+\.\d+\.\d+",node="\d+\.\d+\.\d+"\} 1$/m);
  assert.match(text, /^mks_gateway_data_free_bytes [\d.e+]+$/m);
  for (const group of [1, 2, 3, 4]) {
    assert.match(text, new RegExp(`^mks_gateway_service_open\\{group="${group}"\\} 1$`, 'm'));
  }
  assert.match(text, /^mks_gateway_files_refused 0$/m);
  assert.doesNotMatch(text, /^mks_gateway_tls_certificate_expiry_timestamp_seconds /m);
});
