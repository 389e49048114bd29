/** Neighbouring days: what differs between them is what real days differ by, and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedRows, type Row } from '../../sandbox/index.ts';

const ROWS = 1_200;
/** Their amounts are awkward, and stay. */
const FIRST_ROWS = 12;
const DAY_MS = 24 * 60 * 60 * 1000;

function rowsOf(processDate: string, member = 'TIB'): Row[] {
  return [...expectedRows({ seed: 'mks', member, processDate, rows: ROWS })];
}

/** Business days from a Monday on, YYYYMMDD. */
function businessDays(count: number): string[] {
  const monday = Date.UTC(2026, 0, 5);
  return Array.from({ length: count }, (_, at) => {
    const days = Math.floor(at / 5) * 7 + (at % 5);
    return new Date(monday + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
  });
}

const positionOf = (row: Row): string =>
  [row.mbrAccNo, row.subAccCode, row.secClassCode, row.mic, row.isin, row.addDefCode].join('|');

/** `12.50` → its digits as a whole number, over six places. */
function units(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
}

test('a day is the same whenever it is asked for, a weekend is its Friday, and members differ', () => {
  const friday = rowsOf('20260306');
  rowsOf('20270101');
  assert.deepEqual(rowsOf('20260306'), friday);
  const saturday = friday.map((row) => ({ ...row, balanceDate: '20260307' }));
  assert.deepEqual(rowsOf('20260307'), saturday);
  const positions = friday.map(positionOf);
  assert.equal(new Set(positions).size, ROWS);
  const others = rowsOf('20260306', 'AKY').map(({ balanceAmount }) => balanceAmount);
  assert.notDeepEqual(
    others,
    friday.map(({ balanceAmount }) => balanceAmount),
  );
});

test('accounts are opened and closed as wholes, and no number comes again', () => {
  const closed = new Set<string>();
  let held = new Set(rowsOf('20260102').map(({ mbrAccNo }) => mbrAccNo));
  let openings = 0;
  for (const day of businessDays(120)) {
    const rows = rowsOf(day);
    const accounts = Map.groupBy(rows, ({ mbrAccNo }) => mbrAccNo);
    assert.deepEqual(new Set([...accounts.values()].map(({ length }) => length)), new Set([4]));
    for (const account of held) if (!accounts.has(account)) closed.add(account);
    for (const account of accounts.keys()) {
      assert.ok(!closed.has(account), `${account} on ${day}`);
      if (!held.has(account)) openings += 1;
    }
    held = new Set(accounts.keys());
  }
  assert.ok(openings > 120, `${openings} accounts were opened`);
});

test('a split or its undoing has one ratio for every holder; else one balance in five is traded', () => {
  let before = new Map(rowsOf('20260102').map((row) => [positionOf(row), row]));
  const seen = { actions: 0, traded: 0, same: 0 };
  for (const day of businessDays(60)) {
    const rows = rowsOf(day);
    const kept = rows.slice(FIRST_ROWS).filter((row) => before.has(positionOf(row)));
    for (const [isin, holders] of Map.groupBy(kept, (row) => row.isin)) {
      const pairs = holders.map((row) => {
        const old = before.get(positionOf(row))?.balanceAmount ?? '';
        return [units(old), units(row.balanceAmount)] as const;
      });
      const changed = pairs.filter(([old, now]) => old !== now);
      const [[one, other] = [0n, 0n]] = changed;
      const isOneRatio = changed.every(([old, now]) => old * other === now * one);
      if (changed.length > 3 && isOneRatio) {
        seen.actions += 1;
        assert.equal(changed.length, pairs.length, `${isin} on ${day}`);
        const ratio = other > one ? other / one : one / other;
        assert.ok([2n, 5n, 10n].includes(ratio), `${isin} on ${day}: ${ratio}`);
      } else {
        seen.traded += changed.length;
        seen.same += pairs.length - changed.length;
      }
    }
    before = new Map(rows.map((row) => [positionOf(row), row]));
  }
  assert.ok(seen.actions > 10, `${seen.actions} corporate actions`);
  const share = seen.traded / (seen.traded + seen.same);
  assert.ok(Math.abs(share - 0.2) < 0.02, `${share} of the balances were traded a day`);
});
