/** One look at MKS for an operator: the gravest verdict, whether or not Redis answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenState } from '../../src/mks/types.ts';
import { createServiceHours } from '../../src/mks/hours.ts';
import { createUpstreamView } from '../../src/operations/upstream.ts';
import type { Verdict } from '../../src/operations/upstream-verdict.ts';

const NOW = Date.parse('2026-03-02T12:00:00+03:00');

/** What only we can mend comes first; what nobody knows of comes last. */
const GRAVEST_FIRST: Verdict[] = [
  'ours',
  'network',
  'signature',
  'address-not-registered',
  'login',
  'mkk-down',
  'closed',
  'ok',
  'unknown',
];

function setUp(
  verdicts: Record<string, Verdict>,
  tokenState: (member: string) => Promise<TokenState> = async () => ({ expiresAt: 5 }),
) {
  let [elapsedMs, looks] = [0, 0];
  const clock = { now: () => NOW, elapsedMs: () => elapsedMs };
  const window = { startMinute: 60, endMinute: 23 * 60 };
  const seen: unknown[] = [];
  const view = createUpstreamView({
    mks: { tokenState },
    verdicts: {
      of(member, token) {
        looks += 1;
        seen.push([member, token]);
        return { verdict: verdicts[member] ?? 'unknown', failuresInARow: 0 };
      },
    },
    hours: createServiceHours({ 1: window, 2: window, 3: window, 4: window }, clock),
    members: () => Object.keys(verdicts),
    clock,
  });
  return { view, seen, looks: () => looks, advance: (ms: number) => void (elapsedMs += ms) };
}

test('of two members’ verdicts the graver one is the whole one', async () => {
  for (const [index, grave] of GRAVEST_FIRST.entries()) {
    for (const other of GRAVEST_FIRST.slice(index)) {
      assert.equal((await setUp({ TIB: other, AKY: grave }).view()).verdict, grave);
      assert.equal((await setUp({ TIB: grave, AKY: other }).view()).verdict, grave);
    }
  }
  assert.equal((await setUp({}).view()).verdict, 'unknown');
});

test('each member has its own, with its token, in the order of their codes', async () => {
  const { view } = setUp({ TIB: 'ok', AKY: 'login' });
  const state = await view();
  assert.deepEqual(state.members, [
    { member: 'AKY', verdict: 'login', failuresInARow: 0, token: { expiresAt: 5 } },
    { member: 'TIB', verdict: 'ok', failuresInARow: 0, token: { expiresAt: 5 } },
  ]);
  assert.equal(state.checkedAt, NOW);
  assert.deepEqual(state.hours, {
    open: true,
    opensAt: NOW + 13 * 3_600_000,
    closesAt: NOW + 11 * 3_600_000,
  });
});

test('a token that Redis cannot tell, or not in a second, is left out and no failure', async () => {
  const { view, seen } = setUp({ TIB: 'ours', AKY: 'ours', ISY: 'ok' }, (member) =>
    member === 'TIB'
      ? Promise.reject(new Error('away'))
      : member === 'AKY'
        ? new Promise(() => undefined)
        : Promise.resolve({}),
  );
  const began = performance.now();
  const { members } = await view();
  assert.ok(performance.now() - began < 2_500);
  assert.deepEqual(
    members.map((each) => [each.member, 'token' in each]),
    [
      ['AKY', false],
      ['ISY', true],
      ['TIB', false],
    ],
  );
  assert.deepEqual(
    seen.find((each) => String(each).startsWith('TIB')),
    ['TIB', undefined],
  );
});

test('those who ask together, and soon after, share one look', async () => {
  const { view, looks, advance } = setUp({ TIB: 'ok' });
  await Promise.all([view(), view()]);
  advance(249);
  await view();
  assert.equal(looks(), 1);
  advance(1);
  await view();
  assert.equal(looks(), 2);
});
