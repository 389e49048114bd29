/** A process of an HSM that cannot even begin. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HsmError } from '../../../src/mks/hsm/messages.ts';
import { startHsmProcess } from '../../../src/mks/hsm/process.ts';
import type { HsmTrouble } from '../../../src/lib/hsm.ts';

test('a process that cannot start is trouble of its token, and not of the gateway', async (t) => {
  const { execPath } = process;
  t.after(() => (process.execPath = execPath));
  process.execPath = '/nowhere/node';
  const ends: HsmTrouble[] = [];
  const started = startHsmProcess({ module: 'm', tokenLabel: 'mks', pin: '1' }, (trouble) =>
    ends.push(trouble),
  );
  const trouble = { reason: 'unreachable', detail: 'its process cannot start' } as const;
  await assert.rejects(started.sign('TIB', Buffer.from('x')), new HsmError(trouble));
  assert.deepEqual(ends, [trouble]);
});
