/** A member that can sign no more, or can again, is told once: by what the files say, and by the clock alone. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import type { Identity, Member } from '../../src/lib/credentials.ts';
import { watchShutOffs } from '../../src/operations/shut-offs.ts';
import { makeIdentity } from '../support/identities.ts';

const identity = await makeIdentity();
const END = identity.certificate.validToDate.getTime();

interface Line {
  level: number;
  member: string;
  fault?: string;
  msg: string;
}

function memberOf(change: Partial<Member> = {}): Member {
  return {
    memberCode: 'TIB',
    userCode: 'TIB991',
    password: 'Secret1!',
    referencePrefix: 'GW',
    identity,
    ...change,
  };
}

/** Watches one member; timers go on by `tick` alone. */
function watch(t: TestContext, first: Member, now = END - 60_000) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const lines: Line[] = [];
  const state = { now, member: first, mended: 0 };
  const shutOffs = watchShutOffs({
    credentials: () => ({ members: new Map([['TIB', state.member]]), trustedCertificates: [] }),
    clock: { now: () => state.now, elapsedMs: () => 0 },
    log: pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Line) }),
    onMended: () => (state.mended += 1),
  });
  t.after(() => shutOffs.close());
  return { lines, state, shutOffs, tick: (ms: number) => t.mock.timers.tick(ms) };
}

test('a certificate that ends as time goes on is told once, within seconds', (t) => {
  const { lines, state, tick } = watch(t, memberOf());
  tick(60_000);
  assert.equal(lines.length, 0, 'nothing is told of a member that can sign');
  state.now = END;
  tick(5_000);
  const [line] = lines;
  assert.deepEqual([line?.level, line?.member, line?.fault], [50, 'TIB', 'certificate-expired']);
  assert.match(line?.msg ?? '', /^TIB cannot sign: its certificate has expired; it is shut off$/);
  tick(3_600_000);
  assert.equal(lines.length, 1, 'once');
});

test('what was so at the start has been told with the configuration', (t) => {
  const { lines, tick } = watch(t, memberOf(), END);
  tick(60_000);
  assert.deepEqual(lines, []);
});

test('an identity that takes over as time goes on is told, and wakes what waits', (t) => {
  const next: Identity & { validFrom: number } = { ...identity, validFrom: END - 30_000 };
  const unfit: Identity = { fault: 'key-unusable' };
  const { lines, state, tick } = watch(t, memberOf({ identity: unfit, next }));
  tick(60_000);
  assert.deepEqual([lines.length, state.mended], [0, 0]);
  state.now = next.validFrom;
  tick(5_000);
  assert.deepEqual([lines[0]?.level, lines[0]?.msg], [30, 'the member can sign again']);
  tick(60_000);
  assert.deepEqual([lines.length, state.mended], [1, 1]);
});

test('changed files are looked at when told to, and another fault is news', (t) => {
  const { lines, state, shutOffs } = watch(t, memberOf());
  for (const fault of ['key-unusable', 'key-unusable', 'certificate-unusable'] as const) {
    state.member = memberOf({ identity: { fault } });
    shutOffs.look();
  }
  assert.deepEqual(
    lines.map(({ fault }) => fault),
    ['key-unusable', 'certificate-unusable'],
  );
  state.member = memberOf();
  shutOffs.look();
  assert.equal(lines[2]?.msg, 'the member can sign again');
  assert.equal(state.mended, 0, 'who changed the files wakes them');
});
