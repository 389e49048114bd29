/** A process of an HSM that cannot even begin, or ends before it has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { HsmError } from '../../../src/mks/hsm/messages.ts';
import { startHsmProcess } from '../../../src/mks/hsm/process.ts';
import type { HsmTrouble } from '../../../src/lib/hsm.ts';

const PLACE = { module: 'm', tokenLabel: 'mks', pin: '1' };

test('a process that cannot start is trouble of its token, and not of the gateway', async (t) => {
  const { execPath } = process;
  t.after(() => (process.execPath = execPath));
  process.execPath = '/nowhere/node';
  const ends: HsmTrouble[] = [];
  const started = startHsmProcess(PLACE, (trouble) => ends.push(trouble));
  const trouble = { reason: 'unreachable', detail: 'its process cannot start' } as const;
  await assert.rejects(started.sign('TIB', Buffer.from('x')), new HsmError(trouble));
  assert.deepEqual(ends, [trouble]);
});

test('a process that is killed is told by its end, before it has been waited for', async () => {
  const ends: HsmTrouble[] = [];
  const started = startHsmProcess(PLACE, (trouble) => ends.push(trouble));
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8');
  process.kill(Number(children.trim()), 'SIGKILL');
  const trouble = { reason: 'unreachable', detail: 'its process has ended (SIGKILL)' } as const;
  await assert.rejects(started.sign('TIB', Buffer.from('x')), new HsmError(trouble));
  await assert.rejects(
    started.sign('TIB', Buffer.from('x')),
    new HsmError(trouble),
    'from then on',
  );
  assert.deepEqual(ends, [trouble]);
});
