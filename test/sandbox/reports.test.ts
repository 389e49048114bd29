/** A report from the request to its rows, and every code on the way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import type { Row } from '../../sandbox/index.ts';
import { COLUMNS } from '../../sandbox/data/columns.ts';
import {
  balanceFields,
  fetchArchive,
  login,
  looseRows,
  MONDAY,
  PATHS,
  readAnswer,
  readyReport,
  start,
  ZIP_PASSWORD,
} from './support.ts';
import { unzip, unzipText } from './unzip.ts';

const TWO_MEMBERS = [
  { memberCode: 'TIB', userCode: 'TIB991' },
  { memberCode: 'AKY', userCode: 'AKY991' },
];

test('a JSON report holds the expected rows, digit by digit', async (t) => {
  const sandbox = await start(t);
  const client = await login(sandbox);
  const reply = await fetchArchive(client);
  assert.equal(reply.status, 200);
  assert.equal(reply.headers['content-type'], 'application/octet-stream');
  const text = await unzipText(reply.body, ZIP_PASSWORD);
  const expected = [...sandbox.expectedRows({ member: 'TIB', processDate: MONDAY })];
  assert.equal(expected.length, 1000);
  assert.deepEqual(JSON.parse(text), looseRows(expected));
  const amounts = [...text.matchAll(/"balanceAmount":([^}]*)\}/g)].map((match) => match[1]);
  assert.deepEqual(
    amounts,
    expected.map((row) => row.balanceAmount),
  );
});

test('a CSV report holds the expected rows', async (t) => {
  const sandbox = await start(t);
  const client = await login(sandbox);
  const reply = await fetchArchive(client, { fileType: 'csv' });
  const text = await unzipText(reply.body, ZIP_PASSWORD);
  const records = parse(text, { delimiter: ';', columns: true }) as Record<string, string>[];
  const rows = sandbox.expectedRows({ member: 'TIB', processDate: MONDAY, fileType: 'csv' });
  assert.deepEqual(records, [...rows].map(asCsvRecord));
});

test("the upstream's sample request finds rows, and filters drop all others", async (t) => {
  const sandbox = await start(t);
  const client = await login(sandbox);
  const filters = {
    subAccNo: 'SERB',
    isin: 'TRAGARAN91N1',
    secClass: 'HS',
    secType: 'HS',
    accNo: '1',
  };
  const reply = await fetchArchive(client, filters);
  const rows = JSON.parse(await unzipText(reply.body, ZIP_PASSWORD)) as Record<string, unknown>[];
  assert.equal(rows.length, 1);
  assert.equal(rows[0]?.['isin'], 'TRAGARAN91N1');
  const expected = sandbox.expectedRows({ member: 'TIB', processDate: MONDAY, filters });
  assert.deepEqual(rows, looseRows(expected));
});

test('several files share the rows in order', async (t) => {
  const sandbox = await start(t, { shape: { files: 3 } });
  const client = await login(sandbox);
  const { refId, fileNames } = await readyReport(client);
  assert.equal(new Set(fileNames).size, 3);
  const rows: unknown[] = [];
  for (const fileName of fileNames) {
    assert.match(fileName, /^MKK_RP166_\d{14}(_\d)?\.zip$/);
    const { body } = await client.post(PATHS.content, { refId, fileName });
    const [file] = await unzip(body, ZIP_PASSWORD);
    assert.equal(file?.entry.filename, fileName.replace('.zip', '.json'));
    rows.push(...(JSON.parse(file?.bytes.toString() ?? '') as unknown[]));
  }
  const expected = sandbox.expectedRows({ member: 'TIB', processDate: MONDAY });
  assert.deepEqual(rows, looseRows(expected));
});

test('a second report is taken and counted where overlaps are accepted', async (t) => {
  const sandbox = await start(t, { acceptsOverlaps: true, prepareSeconds: 100 });
  const client = await login(sandbox);
  const codes = [];
  for (const processDate of [MONDAY, '20250506'])
    codes.push((await client.call(PATHS.balances, balanceFields({ processDate }))).code);
  assert.deepEqual(codes, ['0000', '0000']);
  assert.equal(sandbox.stats.members['TIB']?.overlapsAccepted, 1);
  assert.equal(sandbox.stats.members['TIB']?.overlapsRefused, 0);
});

test('a report goes through the waiting codes; another one has to wait (RP003)', async (t) => {
  const sandbox = await start(t, { prepareSeconds: 100, members: TWO_MEMBERS });
  const client = await login(sandbox);
  const asked = await client.call(PATHS.balances, balanceFields());
  assert.equal(asked.status, 200);
  assert.ok(asked.isSigned);
  assert.match(String(asked.json['refId']), /^[A-Za-z0-9]{20}$/);
  const { refId } = asked.json;
  const codes: unknown[] = [];
  for (const seconds of [0, 20, 20, 20]) {
    sandbox.clock.advance(seconds);
    const { status, isSigned, code, json } = await client.call(PATHS.status, { refId });
    assert.deepEqual([status, isSigned], [422, true]);
    assert.deepEqual(Object.keys(json['responseHeader'] as object), [
      'senderReference',
      'receiverMember',
      'messageId',
    ]);
    codes.push(code);
  }
  assert.deepEqual(codes, ['RP020', 'RP021', 'RP022', 'RP023']);
  const content = await client.call(PATHS.content, { refId, fileName: 'MKK_RP166.zip' });
  assert.equal(content.code, 'RP023');
  const second = await client.call(PATHS.balances, balanceFields());
  assert.deepEqual([second.status, second.code, second.json['refId']], [422, 'RP003', undefined]);
  const other = await login(sandbox, 'AKY');
  assert.equal((await other.call(PATHS.balances, balanceFields())).code, '0000');
  sandbox.clock.advance(50);
  assert.equal((await client.call(PATHS.status, { refId })).code, '0000');
  assert.equal((await client.call(PATHS.balances, balanceFields())).code, '0000');
  assert.equal(sandbox.stats.members['TIB']?.overlapsRefused, 1);
  assert.equal(sandbox.stats.members['TIB']?.overlapsAccepted, 0);
  assert.equal(sandbox.stats.members['TIB']?.reportsAccepted, 2);
});

test('a reference that got a messageId never comes again (RP045, at yf MF04); others may', async (t) => {
  const sandbox = await start(t, { members: TWO_MEMBERS });
  const client = await login(sandbox);
  const details = { issuerMemberCode: 'TRISP', processDate: '20230606', opStat: 'KO' };
  const first = await client.call(PATHS.funds, details, 'ONCE');
  assert.deepEqual([first.status, first.code, first.json['mfundTradeDetails']], [200, '0000', {}]);
  const again = await client.call(PATHS.funds, details, 'ONCE');
  assert.deepEqual([again.status, again.isSigned, again.code], [422, true, 'MF04']);
  assert.deepEqual(again.json, {
    mfundTradeDetails: {},
    response: { responseCode: 'MF04', responseDesc: 'MF04: bu referans daha önce kullanılmış' },
    responseHeader: { receiverMember: 'MKK', senderReference: 'ONCE' },
  });
  const other = await login(sandbox, 'AKY');
  assert.equal((await other.call(PATHS.funds, details, 'ONCE')).code, '0000');
  const refused = await client.call(PATHS.funds, { ...details, opStat: 'ko' }, 'TWICE');
  assert.deepEqual([refused.code, refused.messageId], ['OI002', undefined]);
  assert.equal((await client.call(PATHS.funds, details, 'TWICE')).code, '0000');
  assert.equal(sandbox.stats.members['TIB']?.duplicateReferences, 1);
  const elsewhere = await client.call(PATHS.status, { refId: 'x' }, 'ONCE');
  assert.deepEqual([elsewhere.status, elsewhere.code], [422, 'RP045']);
  assert.match(String(elsewhere.messageId), /^\d+$/);
  assert.notEqual(elsewhere.messageId, first.messageId);
});

test('a refId is good for its member alone and for 24 hours (RP018)', async (t) => {
  const sandbox = await start(t, { members: TWO_MEMBERS, lifetimeSeconds: 1e6 });
  const client = await login(sandbox);
  const other = await login(sandbox, 'AKY');
  const { refId, fileNames } = await readyReport(client);
  const statusOf = async (who: typeof client): Promise<unknown> =>
    (await who.call(PATHS.status, { refId })).code;
  assert.equal(await statusOf(other), 'RP018');
  assert.equal((await client.call(PATHS.status, { refId: 'none' })).code, 'RP018');
  sandbox.clock.advance(24 * 3600 - 60);
  assert.equal(await statusOf(client), '0000');
  sandbox.clock.advance(120);
  assert.equal(await statusOf(client), 'RP018');
  assert.equal((await client.call(PATHS.content, { refId, fileName: fileNames[0] })).code, 'RP018');
});

test('days and filters without balances end in RP026, unknown codes in RP037 and RP038', async (t) => {
  const sandbox = await start(t, { datesWithoutData: ['20250506'] });
  const client = await login(sandbox);
  const codeFor = async (fields: Record<string, string>): Promise<unknown> => {
    const asked = await client.call(PATHS.balances, balanceFields(fields));
    if (asked.code !== '0000') return asked.code;
    return (await client.call(PATHS.status, { refId: asked.json['refId'] })).code;
  };
  assert.equal(await codeFor({ processDate: '20250504' }), 'RP026', 'a Sunday');
  assert.equal(await codeFor({ processDate: '20250506' }), 'RP026', 'of the list');
  assert.equal(await codeFor({ processDate: '29990101' }), 'RP026', 'to come');
  assert.equal(await codeFor({ processDate: '20250231' }), 'RP026', 'not in the calendar');
  assert.equal(await codeFor({ accNo: 'NOBODY' }), 'RP026', 'no such account');
  assert.equal(await codeFor({ accClass: 'XX1' }), 'RP037');
  assert.equal(await codeFor({ isin: 'XX0000000000' }), 'RP038');
  assert.equal(await codeFor({}), '0000');
});

test('content has its code at the top, signed: BS040 for a file that there is not', async (t) => {
  const sandbox = await start(t);
  const client = await login(sandbox);
  const { refId } = await readyReport(client);
  const reply = await client.post(PATHS.content, { refId, fileName: 'MKK_RP166_none.zip' });
  const { isSigned, json } = readAnswer(sandbox, reply);
  assert.equal(reply.status, 422);
  assert.ok(isSigned);
  assert.equal(json['responseCode'], 'BS040');
  assert.equal(json['response'], undefined);
});

test("today's report is RP013; two days differ a little", async (t) => {
  const sandbox = await start(t);
  sandbox.clock.set('2025-05-06T09:00:00+03:00');
  const client = await login(sandbox);
  const { fileNames } = await readyReport(client, { processDate: '20250506' });
  assert.deepEqual(fileNames, ['MKK_RP013_20250506090000.zip']);
  const rowsOf = (processDate: string): Row[] => [
    ...sandbox.expectedRows({ member: 'TIB', processDate }),
  ];
  const [monday, tuesday] = [rowsOf('20250505'), rowsOf('20250506')];
  const before = new Map(monday.map((row) => [position(row), row.balanceAmount]));
  assert.equal(before.size, 1000, 'positions are unique');
  const added = tuesday.filter((row) => !before.has(position(row))).length;
  const kept = tuesday.filter((row) => before.get(position(row)) === row.balanceAmount).length;
  assert.ok(added > 0 && added < 60, `${added} added`);
  assert.ok(kept > 600 && kept < 900, `${kept} unchanged`);
  assert.ok(monday.every((row) => row.isin.length === 12));
});

function position(row: Row): string {
  return [row.mbrAccNo, row.subAccCode, row.isin].join();
}

function asCsvRecord(row: Row): Record<string, string> {
  const fields = Object.entries(COLUMNS) as [keyof Row, string][];
  const record = Object.fromEntries(fields.map(([name, column]) => [column, row[name]]));
  return { ...record, BAKIYE: row.balanceAmount.replace('.', ',') };
}
