/** Since when breaks are there, beside an oracle that remembers every check. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { daysBetween } from '../../src/lib/dates.ts';
import { temporaryFolder } from '../support/folder.ts';
import { keptChecksFor } from '../support/kept-checks.ts';
import { breaksOf, keepCheck } from '../support/ledger-check.ts';

const ACCOUNTS = ['1', '10', 'Ğ"\\', 'ab', 'İ'];
const DAYS = ['20260227', '20260302', '20260303', '20260401'];
const HEAD = 'HESAP,ALT_HESAP,ISIN,BAKIYE\n';

const line = (account: string, amount: string): string =>
  `"${account.replaceAll('"', '""')}",A,T,${amount}\n`;

/** An account is a break here, whatever its amount. */
const step = fc.record({
  day: fc.constantFrom(...DAYS),
  accounts: fc.subarray(ACCOUNTS),
  amount: fc.constantFrom('1', '2'),
});

interface Made {
  day: string;
  accounts: string[];
}

/** In the order of the days, of one day as they were made; those of later days left out. */
function upTo(day: string, made: readonly Made[]): Made[] {
  const known = made.filter((each) => each.day <= day);
  return DAYS.flatMap((each) => known.filter((check) => check.day === each));
}

/** The day of the first of those in a row, up to the last, that had it. */
function firstSeen(account: string, ordered: readonly Made[]): string | undefined {
  let day: string | undefined;
  for (const check of ordered.toReversed()) {
    if (!check.accounts.includes(account)) break;
    day = check.day;
  }
  return day;
}

test('every break says since when each check had it, in whatever order days are checked', async (t) => {
  const folder = await temporaryFolder();
  const seen = { since: 0, late: 0, closed: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
      let now = Date.UTC(2026, 3, 2);
      const kept = await keptChecksFor(t, { clock: { now: () => (now += 1_000) } });
      const made: Made[] = [];
      for (const { day, accounts, amount } of steps) {
        const [before] = upTo(day, made).toReversed();
        made.push({ day, accounts });
        const ordered = upTo(day, made);
        const text = HEAD + accounts.map((account) => line(account, amount)).join('');
        const series = { member: 'TIB', ledger: 'own', filters: {} };
        const { id, counts } = await keepCheck(kept, folder, { ...series, processDate: day, text });
        const gone = (before?.accounts ?? []).filter((each) => !accounts.includes(each));
        const fresh = accounts.filter((each) => before?.accounts.includes(each) !== true);
        assert.deepEqual([counts.new, counts.closed], [fresh.length, gone.length]);
        const found = await kept.find(id);
        assert.ok(found !== undefined);
        const { breaks } = await breaksOf(found);
        assert.equal(breaks.length, accounts.length);
        for (const each of breaks) {
          const since = firstSeen(String(each['mbrAccNo']), ordered) ?? '';
          assert.equal(each['firstSeen'], since, JSON.stringify({ made, each }));
          assert.equal(each['ageDays'], daysBetween(since, day));
          if (since !== day) seen.since += 1;
        }
        seen.closed += gone.length;
        if (made.some((check) => check.day > day)) seen.late += 1;
      }
    }),
    { numRuns: 30 },
  );
  t.diagnostic(JSON.stringify(seen));
  assert.ok(seen.since > 10 && seen.late > 10 && seen.closed > 10);
});

test('other ledgers, filters and members are other histories; other columns are other positions', async (t) => {
  const folder = await temporaryFolder();
  let now = Date.UTC(2026, 3, 2);
  const kept = await keptChecksFor(t, { clock: { now: () => (now += 1_000) } });
  const own = { member: 'TIB', ledger: 'own', filters: { isin: 'TRAGARAN91N1' } };
  const text = `${HEAD}1,A,T,1\n`;
  await keepCheck(kept, folder, { ...own, processDate: '20260227', text });
  const others = [
    { ...own, ledger: 'other' },
    { ...own, filters: {} },
    { ...own, member: 'AKY' },
    { ...own, text: 'HESAP,ALT_HESAP,ISIN,MIC,BAKIYE\n1,A,T,X,1\n' },
  ];
  for (const other of others) {
    const check = { text, ...other, processDate: '20260302' };
    assert.equal((await keepCheck(kept, folder, check)).counts.new, 1, JSON.stringify(other));
  }
  const { counts } = await keepCheck(kept, folder, { ...own, processDate: '20260301', text });
  assert.deepEqual([counts.new, counts.closed], [0, 0]);
});
