/** Who is joined with whom: those who want the same balances, however they asked for them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinKeyOf } from '../../src/reports/join-key.ts';

const processDate = '20250505';

test('the order in which filters were asked makes no difference', () => {
  assert.equal(
    joinKeyOf({ processDate, filters: { isin: 'TRAGARAN91N1', accNo: '7' } }),
    joinKeyOf({ processDate, filters: { accNo: '7', isin: 'TRAGARAN91N1' } }),
  );
});

test('another date, filter, value or none at all is another report', () => {
  const keys = [
    joinKeyOf({ processDate, filters: {} }),
    joinKeyOf({ processDate: '20250506', filters: {} }),
    joinKeyOf({ processDate, filters: { accNo: '7' } }),
    joinKeyOf({ processDate, filters: { accNo: '8' } }),
    joinKeyOf({ processDate, filters: { subAccNo: '7' } }),
    // Names and values do not run into each other.
    joinKeyOf({ processDate, filters: { accNo: '7,subAccNo,8' } }),
    joinKeyOf({ processDate, filters: { accNo: '7', subAccNo: '8' } }),
  ];
  assert.equal(new Set(keys).size, keys.length);
});
