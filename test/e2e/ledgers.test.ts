/** The sandbox's ledgers with known breaks, checked by the gateway: it finds those, and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DATE, rowsOf, startPair } from '../support/pair.ts';

// prettier-ignore
const FIELDS = [
  'break', 'mbrAccNo', 'subAccCode', 'secClassCode', 'mic', 'isin', 'addDefCode',
  'ledger', 'mks', 'difference', 'cause',
];
const LEAST = ['balanceAmount', 'isin', 'subAccCode', 'mbrAccNo', 'booked on'];

const ORDERS = {
  'as it comes': {},
  'commas, points and lots': { csvDelimiter: ',', csvDecimal: '.', headers: 'json', lots: true },
  'tabs, quotes, grouping': { csvDelimiter: 'tab', csvQuotes: 'always', csvGrouping: true },
  'Turkish headers in windows-1254': { headers: 'turkish', csvCharset: 'windows-1254' },
  'a byte order mark, LF, the least columns': { bom: true, csvLineEnd: 'lf', columns: LEAST },
  'many of each': {
    breaks: {
      'only-in-ledger': 9,
      'only-at-mks': 7,
      different: 8,
      'sub-account': 6,
      account: 3,
      ratio: 2,
      'unknown-account': 5,
    },
  },
  none: { breaks: {} },
  "one security's": { filters: { isin: 'TRAAKBNK91N6' }, breaks: { ratio: 1 } },
};

test('a ledger breaks as it was made to, in every dialect', async (t) => {
  const { sandbox, ask, url } = await startPair(t, { shape: { rows: 1_200 } });
  for (const [name, order] of Object.entries(ORDERS)) {
    const filters: Record<string, string> = 'filters' in order ? order.filters : {};
    await rowsOf(await ask({ processDate: DATE, ...filters }));
    const ledger = sandbox.ledger({ processDate: DATE, ...order });
    const query = new URLSearchParams({ processDate: DATE, ledger: 'made', ...filters });
    const response = await fetch(`${url}/balances/check?${query.toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: Buffer.concat(await Array.fromAsync(ledger.bytes())),
    });
    const found = (await response.json()) as Record<string, unknown>;
    assert.equal(response.status, 200, `${name}: ${JSON.stringify(found)}`);
    assert.deepEqual(sorted(found['breaks']), sorted(ledger.breaks), name);
    // Since when a break is there is the gateway's own knowledge: `new` and `closed` count that.
    const counts = { ...(found['counts'] as object), ...ledger.counts };
    assert.deepEqual(found['counts'], counts, name);
    assert.equal(found['lineCount'], ledger.lineCount, name);
  }
});

/** As texts of a check's fields: the order of a check is its own promise, and has a test of its own. */
function sorted(breaks: unknown): string[] {
  const texts = (breaks as object[]).map((each) => JSON.stringify(each, FIELDS));
  return texts.toSorted();
}
