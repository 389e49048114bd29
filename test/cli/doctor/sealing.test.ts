/** The doctor and the sealing keys: before the first start, and when they are not those that sealed. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { newSealingKeyLine } from '../../../src/config/sealing-keys.ts';
import { startTestGateway } from '../../support/gateway.ts';
import { sealingKeysFile } from '../../support/sealing.ts';
import { environment, examine, find, logins, only } from '../doctor-support.ts';

test('before the first start the sealing keys are made as that would: it finds what the doctor left', async (t) => {
  const variables = await environment({ REDIS_URL: '', SEALING_KEYS_FILE: '' });
  const before = logins();
  assert.ok((await examine(variables)).ok);
  const gateway = await startTestGateway(t, { ...variables, SERVICE_HOURS_GROUP_1: '00:00-24:00' });
  const answer = await fetch(`${gateway.url}/mks/v1/reports/async-report-status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"refId":"e7M7RhX2xUzR3uAjsb2s"}',
  });
  assert.equal(answer.status, 422);
  assert.equal(logins(), before + 1, 'the token that the doctor got is the gateway’s');
});

test('a sealing key that is missing, and one that is another', async () => {
  const first = newSealingKeyLine(Date.now());
  const [id = ''] = first.split(':');
  const keysFile = await sealingKeysFile(first);
  const variables = await environment({ SEALING_KEYS_FILE: keysFile });
  const { checks } = await examine(variables);
  assert.equal(find(checks, 'sealing-keys').status, 'ok');
  const second = newSealingKeyLine(Date.now());
  writeFileSync(keysFile, second);
  const missing = only((await examine(variables)).checks, 'sealing-keys');
  assert.equal(missing.status, 'warning');
  assert.ok(missing.text.includes(`has no line ${id}`), missing.text);
  // Its token has been replaced by one of the second key.
  writeFileSync(keysFile, second.replace(/:.*/, newSealingKeyLine(0).replace(/^[^:]*/, '')));
  const other = only((await examine(variables)).checks, 'sealing-keys');
  assert.equal(other.status, 'failure');
  assert.match(other.text, /is another than the one that sealed \(none of 1 things/);
});
