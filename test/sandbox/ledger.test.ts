/** Ledgers with known breaks: as they are written, and what is told of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import type { Ledger, Row, Sandbox } from '../../sandbox/index.ts';
import { CASES } from '../../sandbox/ledger/order.ts';
import { MONDAY, send, start } from './support.ts';

async function order(sandbox: Sandbox, body: object, accept = 'application/json') {
  const url = `${sandbox.url}/_sandbox/ledger`;
  return send(url, { method: 'POST', headers: { accept } }, JSON.stringify(body));
}

async function told(sandbox: Sandbox, body: object): Promise<Ledger> {
  const reply = await order(sandbox, body);
  assert.equal(reply.status, 200, reply.body.toString());
  return JSON.parse(reply.body.toString()) as Ledger;
}

const positionOf = (line: Partial<Row>): string =>
  [line.mbrAccNo, line.subAccCode, line.secClassCode, line.mic, line.isin, line.addDefCode].join();

test('the breaks that are told are those between the ledger and the report', async (t) => {
  const sandbox = await start(t, { shape: { rows: 400 } });
  const body = { processDate: MONDAY, headers: 'json', csvDelimiter: ',', csvDecimal: '.' };
  const { breaks, counts, lineCount } = await told(sandbox, body);
  const { body: csv } = await order(sandbox, body, 'text/csv');
  const lines = parse(csv, { columns: true }) as Row[];
  assert.equal(lines.length, lineCount);
  const report = [...sandbox.expectedRows({ member: 'TIB', processDate: MONDAY })];
  const [ledger, mks] = [lines, report].map(
    (rows) => new Map(rows.map((row) => [positionOf(row), row.balanceAmount])),
  ) as [Map<string, string>, Map<string, string>];
  const differing = new Set(
    [...ledger.keys(), ...mks.keys()].filter((key) => ledger.get(key) !== mks.get(key)),
  );
  assert.deepEqual(new Set(breaks.map(positionOf)), differing);
  for (const each of breaks) {
    assert.equal(each.ledger, ledger.get(positionOf(each)));
    assert.equal(each.mks, mks.get(positionOf(each)));
  }
  assert.deepEqual(new Set(breaks.map(({ made }) => made)), new Set(CASES));
  for (const { made, cause } of breaks) {
    const isCause = ['sub-account', 'account', 'ratio', 'unknown-account'].includes(made);
    assert.equal(cause, isCause ? made : undefined);
  }
  assert.equal(counts.matched, mks.size - counts.onlyAtMks - counts.different);
  assert.equal(counts.onlyInLedger + counts.onlyAtMks + counts.different, breaks.length);
});

test('so many breaks as were ordered, and none', async (t) => {
  const sandbox = await start(t, { shape: { rows: 1000 } });
  const counts = { 'only-at-mks': 3, 'sub-account': 2, account: 2, different: 4 };
  const { breaks } = await told(sandbox, { processDate: MONDAY, breaks: counts });
  const made = Object.groupBy(breaks, (each) => each.made);
  assert.deepEqual(
    Object.fromEntries(Object.entries(made).map(([name, each]) => [name, each.length])),
    { account: 4, different: 4, 'only-at-mks': 3, 'sub-account': 4 },
  );
  const none = await told(sandbox, { processDate: MONDAY, breaks: {} });
  assert.deepEqual([none.breaks, none.lineCount], [[], 1000]);
});

test('the dialects: separator, decimal sign, mark, headers, columns, lots, windows-1254', async (t) => {
  const sandbox = await start(t, { shape: { rows: 100 } });
  const text = async (body: object): Promise<string> => {
    const reply = await order(sandbox, { processDate: MONDAY, breaks: {}, ...body }, 'text/csv');
    assert.equal(reply.status, 200, reply.body.toString());
    return reply.body.toString('latin1');
  };
  assert.match(
    await text({}),
    /^HESAP;ALT_HESAP;KIYMET_SINIFI;MIC;ISIN;EK_TANIM;BAKIYE\r\n1;SERB;/,
  );
  assert.match(await text({}), /;12345678901234567,123\r\n/);
  const columns = ['remark', 'isin', 'mbrAccNo', 'subAccCode', 'balanceAmount'];
  const odd = { columns, csvDelimiter: 'tab', csvQuotes: 'always', csvLineEnd: 'lf' };
  assert.match(
    await text({ ...odd, csvGrouping: true, csvDecimal: '.' }),
    /^"remark"\t"ISIN"\t"HESAP"\t"ALT_HESAP"\t"BAKIYE"\n"not"\t"TRAGARAN91N1"\t"1"\t"SERB"\t"12,345,678,901,234,567\.123"\n/,
  );
  const turkish = await text({ headers: 'turkish', csvCharset: 'windows-1254' });
  assert.match(turkish, /^Hesap;Alt Hesap;K\xfdymet S\xfdn\xfdf\xfd;MIC;/);
  assert.match(await text({ bom: true }), /^\xef\xbb\xbfHESAP/);
  const lots = await text({ lots: true });
  assert.equal(parse(Buffer.from(lots, 'latin1'), { delimiter: ';' }).length, 201);
  assert.match(
    lots,
    /;4115226300411522,374\r\n1;SERB;HS;XIST;TRAGARAN91N1;;8230452600823044,749\r\n/,
  );
});

test('what makes no sense is refused, and what the report is too small for', async (t) => {
  const sandbox = await start(t, { shape: { rows: 40 } });
  for (const [body, message] of [
    [{}, /processDate/],
    [{ processDate: MONDAY, member: 'XXX' }, /member/],
    [{ processDate: MONDAY, colour: 'red' }, /colour/],
    [{ processDate: MONDAY, filters: { isin: 1 } }, /filters/],
    [{ processDate: MONDAY, breaks: { odd: 1 } }, /odd/],
    [{ processDate: MONDAY, breaks: { different: -1 } }, /different/],
    [{ processDate: MONDAY, columns: ['isin'] }, /mbrAccNo, subAccCode, balanceAmount/],
    [{ processDate: MONDAY, headers: 'greek' }, /headers/],
    [{ processDate: MONDAY, lots: 'yes' }, /lots/],
    [{ processDate: MONDAY, csvQuotes: 'never' }, /quotes/],
    [{ processDate: MONDAY, breaks: { different: 100 } }, /too few accounts/],
    [{ processDate: MONDAY, breaks: { ratio: 30 } }, /too few securities/],
  ] as const) {
    const reply = await order(sandbox, body);
    assert.equal(reply.status, 400, JSON.stringify(body));
    assert.match(reply.body.toString(), message);
  }
});
