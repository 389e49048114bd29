/** The members for operators: what is told, and who may pause. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client, keyOf, NOW, startEdge } from '../../support/edge.ts';

const clients = () => [
  client('one', ['TIB']),
  client('other', ['AKY']),
  { ...client('chief', ['TIB']), operator: true },
];

interface MemberDocument {
  member: string;
  paused: boolean;
  token: { expiresAt?: string; expiresInSeconds?: number };
  certificate: { notAfter: string; daysLeft: number; subject: string; fingerprint: string };
  password?: { changedOn: string; expiresAt: string; daysLeft: number };
  queue: { length: number; preparing: number; oldestAt?: string; slot?: { since: string } };
}

test('tells token, papers and queue of the caller’s own members', async (t) => {
  const { get, desk } = await startEdge(t, { clients });
  desk.queue = async () => ({
    length: 2,
    preparing: 1,
    oldestAt: NOW - 60_000,
    slot: { holder: 'r1', since: NOW - 30_000 },
    paused: true,
  });
  const { items } = (await (await get('/members', keyOf('one'))).json()) as {
    items: MemberDocument[];
  };
  const [tib] = items;
  assert.equal(items.length, 1);
  assert.equal(tib?.member, 'TIB');
  assert.equal(tib.paused, true);
  assert.deepEqual(tib.token, {
    expiresAt: '2025-05-06T11:15:00.000+03:00',
    expiresInSeconds: 3600,
  });
  assert.match(tib.certificate.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.match(tib.certificate.subject, /^CN=/);
  assert.ok(Number.isInteger(tib.certificate.daysLeft) && tib.certificate.daysLeft > 290);
  assert.deepEqual(tib.password, {
    changedOn: '2025-01-15',
    expiresAt: '2026-01-15T00:00:00.000+03:00',
    daysLeft: 253,
  });
  assert.deepEqual(tib.queue, {
    length: 2,
    preparing: 1,
    oldestAt: '2025-05-06T10:14:00.000+03:00',
    slot: { holder: 'r1', since: '2025-05-06T10:14:30.000+03:00' },
  });
  const others = (await (await get('/members', keyOf('other'))).json()) as { items: unknown[] };
  assert.deepEqual(others.items, [], 'AKY is not configured here');
});

test('lets operators alone pause and resume, their own members alone, and writes it down', async (t) => {
  const { url, desk, logLines } = await startEdge(t, { clients });
  const turns: string[] = [];
  desk.pause = async (member) => void turns.push(`pause ${member}`);
  desk.resume = async (member) => void turns.push(`resume ${member}`);
  const post = (path: string, name: string) =>
    fetch(`${url}${path}`, { method: 'POST', headers: keyOf(name) });
  for (const turn of ['pause', 'resume']) {
    const done = await post(`/members/TIB/${turn}`, 'chief');
    assert.equal(done.status, 200);
    assert.equal(((await done.json()) as MemberDocument).member, 'TIB');
    for (const [path, name] of [
      [`/members/TIB/${turn}`, 'one'],
      [`/members/AKY/${turn}`, 'other'],
      [`/members/AKY/${turn}`, 'chief'],
      [`/members/NONE/${turn}`, 'chief'],
    ] as const) {
      const refused = await post(path, name);
      assert.equal(refused.status, 403, `${name} ${path}`);
      const { type } = (await refused.json()) as { type: string };
      assert.equal(type, '/problems/member-forbidden');
    }
    assert.equal((await post(`/members/tib/${turn}`, 'chief')).status, 400);
    assert.equal((await post(`/members/TIB/${turn}`, 'nobody')).status, 401);
  }
  assert.deepEqual(turns, ['pause TIB', 'resume TIB']);
  const audit = logLines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => 'audit' in line);
  assert.deepEqual(
    audit.map(({ audit: turn, member, client: name }) => [turn, member, name]),
    [
      ['pause', 'TIB', 'chief'],
      ['resume', 'TIB', 'chief'],
    ],
  );
});
