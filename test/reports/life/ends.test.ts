/** What the log tells when a report ends: each thing that lasts once a day, the rest of every report. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { istanbulMidnight } from '../../../src/lib/dates.ts';
import type { Remark } from '../../../src/rows/remarks.ts';
import { pack } from '../../rows/read/helpers.ts';
import { setUpLife, signed, type Life } from './support.ts';

const DAY_MS = 86_400_000;
const CONTENT = { 'content-type': 'application/octet-stream' };

/** A life that begins at noon: no midnight falls in between unless the test says so. */
async function setUpNoon(t: TestContext): Promise<Life> {
  const life = await setUpLife(t);
  life.advance(istanbulMidnight(Date.now()) + 1.5 * DAY_MS - Date.now());
  return life;
}

/** Has MKS answer the ask for a report with this code. */
async function refuse({ begin, run, answer }: Life, code: string): Promise<void> {
  answer(signed(code));
  await run(await begin());
}

/** Has MKS bring a report of one row with these fields beside, or in the place of, its own. */
async function bring({ begin, run, answer, deps }: Life, fields: object): Promise<void> {
  const report = await begin({
    state: 'preparing',
    phase: 'fetch',
    refId: 'R1',
    fileNames: ['a.zip'],
  });
  const { zipPassword: password } = deps.secrets.open(report);
  const row = {
    balanceDate: '20250505',
    mbrId: 'TIB',
    mbrAccNo: '1',
    subAccCode: 'SERB',
    secClassCode: 'HS',
    mic: 'XIST',
    isin: 'TRAGARAN91N1',
    addDefCode: '',
    balanceAmount: '1.0',
    ...fields,
  };
  const body = await pack([['a.json', JSON.stringify([row])]], { password, zipCrypto: true });
  answer(() => ({ headers: CONTENT, body: Buffer.from(body) }));
  await run(report);
}

function told({ logged }: Life): Remark[] {
  return logged.flatMap(({ remarks }) => remarks ?? []);
}

test('a code that nobody knows is told once a day, and of the next day once more', async (t) => {
  const life = await setUpNoon(t);
  for (const code of ['RP777', 'RP777', 'RP778', 'RP039']) await refuse(life, code);
  const codes = () => told(life).map(({ detail }) => detail);
  assert.deepEqual(codes(), ['RP777', 'RP778']);
  life.advance(DAY_MS);
  for (const code of ['RP777', 'RP777']) await refuse(life, code);
  assert.deepEqual(codes(), ['RP777', 'RP778', 'RP777']);
});

test('a column that nobody knows is told once a day, and of the next day once more', async (t) => {
  const life = await setUpNoon(t);
  const remarksOf = async (fields: object) => {
    const before = told(life).length;
    await bring(life, fields);
    return told(life).slice(before);
  };
  const newColumn = { remark: 'unknown-column', detail: 'yeni', count: 1 };
  assert.deepEqual(await remarksOf({ yeni: 'x' }), [newColumn]);
  assert.deepEqual(await remarksOf({ yeni: 'y' }), []);
  const other = await remarksOf({ yeni: 'x', birBaska: 'x' });
  assert.deepEqual(other, [{ ...newColumn, detail: 'birBaska' }]);
  life.advance(DAY_MS);
  assert.deepEqual(await remarksOf({ yeni: 'x' }), [newColumn]);
});

test('rows of another member or date are told of every report', async (t) => {
  const life = await setUpNoon(t);
  for (let n = 0; n < 2; n += 1) await bring(life, { mbrId: 'AKY', balanceDate: '20250504' });
  const kinds = told(life).map(({ remark, detail }) => `${remark} ${detail}`);
  const each = ['other-member AKY', 'other-date 20250504'];
  assert.deepEqual(kinds, [...each, ...each]);
});

test('the day of one instance is no day of another', async (t) => {
  const [one, other] = [await setUpNoon(t), await setUpNoon(t)];
  for (const life of [one, other]) await refuse(life, 'RP777');
  assert.deepEqual([told(one).length, told(other).length], [1, 1]);
});
