import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shape } from '../../sandbox/index.ts';
import { DATE, problemOf, reportOf, rowsOf, startPair } from '../support/pair.ts';

test('POST /balances answers with MKS’s rows, every digit kept', async (t) => {
  const { sandbox, ask, get } = await startPair(t);
  const response = await ask({ processDate: DATE });
  const location = response.headers.get('location') ?? '';
  const document = await rowsOf(response);
  const expected = [...sandbox.expectedRows({ member: 'TIB', processDate: DATE })];
  assert.deepEqual(document.rows, expected);
  assert.equal(document.rowCount, 50);
  assert.deepEqual(Object.keys(document), [
    'id',
    'member',
    'processDate',
    'refId',
    'rows',
    'rowCount',
  ]);
  const amounts = document.rows.map((row) => row['balanceAmount']);
  for (const amount of ['12345678901234567.123', '1.10', '100000000000000000000']) {
    assert.ok(amounts.includes(amount), amount);
  }
  const report = await reportOf(await get(location), 200);
  assert.equal(report.state, 'ready');
  assert.equal(report.mks?.code, '0000');
  const again = await rowsOf(await get(`${location}/rows`));
  assert.deepEqual(again, document);
});

test('rows come as NDJSON and CSV too, and as Turkish Excel reads them', async (t) => {
  const { sandbox, ask, get } = await startPair(t);
  const expected = [...sandbox.expectedRows({ member: 'TIB', processDate: DATE })];
  const ndjson = await ask({ processDate: DATE }, { accept: 'application/x-ndjson' });
  const location = ndjson.headers.get('location') ?? '';
  const lines = (await ndjson.text()).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as unknown),
    expected,
  );
  const csv = await (await get(`${location}/rows`, { accept: 'text/csv' })).text();
  assert.equal(
    csv.split('\r\n')[0],
    'BAKIYE_TARIHI,UYE,HESAP,ALT_HESAP,KIYMET_SINIFI,MIC,ISIN,EK_TANIM,BAKIYE',
  );
  assert.match(csv, /,1\.10\r\n/);
  assert.match(csv, /"A ""ÖZEL"" B"/);
  const excel = await get(`${location}/rows?dialect=excel-tr`, { accept: 'text/csv' });
  const bytes = Buffer.from(await excel.arrayBuffer());
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  assert.match(bytes.toString(), /;1,10\r\n/);
  assert.match(bytes.toString(), /;"=""12345678901234567,123"""\r\n/);
});

test('the file comes as MKS made it', async (t) => {
  const { ask, get } = await startPair(t);
  const response = await ask({ processDate: DATE });
  await response.arrayBuffer();
  const file = await get(`${response.headers.get('location')}/file`);
  assert.match(file.headers.get('content-disposition') ?? '', /filename=.*\.json/);
  const rows = JSON.parse(await file.text()) as unknown[];
  assert.equal(rows.length, 50);
});

const shapes: (Partial<Shape> & { csv?: boolean })[] = [
  { encryption: 'aes-128', compression: 'store', jsonRoot: 'object', jsonPretty: true },
  { encryption: 'aes-192', jsonAmounts: 'string', jsonEmpty: 'null', bom: true },
  { encryption: 'zipcrypto', jsonEmpty: 'absent', jsonEscapes: true },
  { encryption: 'zipcrypto', compression: 'store', zip64: true },
  { dataDescriptor: false, zip64: true, files: 3 },
  { csv: true },
  { csv: true, csvDelimiter: ',', csvQuotes: 'always', csvLineEnd: 'lf', bom: true },
  { csv: true, csvDelimiter: 'tab', csvDecimal: '.', csvQuotes: 'never' },
  { csv: true, csvDelimiter: '|', csvCharset: 'windows-1254' },
  { csv: true, csvGrouping: true, encryption: 'zipcrypto', files: 2 },
  { csv: true, csvGrouping: true, csvDecimal: '.' },
];
for (const { csv, ...shape } of shapes) {
  test(`the same rows whatever the file looks like: ${JSON.stringify({ csv, ...shape })}`, async (t) => {
    const environment = csv === true ? { MKS_FILE_TYPE: 'csv' } : {};
    const pair = await startPair(t, { shape: { rows: 40, ...shape } }, environment);
    const { rows } = await rowsOf(await pair.ask({ processDate: DATE }));
    const fileType = csv === true ? 'csv' : 'json';
    const wanted = { member: 'TIB', processDate: DATE, fileType } as const;
    assert.deepEqual(rows, [...pair.sandbox.expectedRows(wanted)]);
  });
}

test('filters reach MKS, and another filter is another report', async (t) => {
  const { sandbox, ask } = await startPair(t);
  const filters = { isin: 'TRAGARAN91N1', subAccNo: 'SERB' };
  const filtered = await rowsOf(await ask({ processDate: DATE, ...filters }));
  const wanted = { member: 'TIB', processDate: DATE, filters };
  assert.deepEqual(filtered.rows, [...sandbox.expectedRows(wanted)]);
  const whole = await rowsOf(await ask({ processDate: DATE }));
  assert.notEqual(whole.id, filtered.id);
});

test('a date without data is a ready report with no rows', async (t) => {
  const { ask, get } = await startPair(t);
  const response = await ask({ processDate: '20260301' });
  const location = response.headers.get('location') ?? '';
  assert.deepEqual((await rowsOf(response)).rows, []);
  const report = await reportOf(await get(location), 200);
  assert.equal(report.state, 'ready');
  assert.equal(report.mks?.code, 'RP026');
  assert.equal(report.rowCount, 0);
  const csv = await (await get(`${location}/rows`, { accept: 'text/csv' })).text();
  assert.equal(csv.trimEnd().split('\r\n').length, 1);
});

test('a business code of MKS is told as it is', async (t) => {
  const { ask } = await startPair(t);
  const problem = await problemOf(await ask({ processDate: DATE, isin: 'XX0000000000' }));
  assert.equal(problem.slug, 'mks-rejected');
  assert.equal(problem.status, 422);
  assert.equal((problem['mks'] as { code: string }).code, 'RP038');
  assert.equal(problem['outcome'], 'refused');
  assert.match(String(problem['senderReference']), /^GW\d+-[0-9A-Z]{16}$/);
});

test('a caller who does not wait follows the report', async (t) => {
  const { ask, get } = await startPair(t, { prepareSeconds: 0.5 });
  const response = await ask({ processDate: DATE }, { prefer: 'respond-async' });
  assert.equal(response.headers.get('preference-applied'), 'respond-async');
  assert.match(response.headers.get('retry-after') ?? '', /^\d+$/);
  const location = response.headers.get('location') ?? '';
  const report = await reportOf(response);
  assert.ok(['queued', 'preparing'].includes(report.state), report.state);
  assert.equal((await get(`${location}/rows`)).status, 409);
  const ended = await reportOf(await get(location, { prefer: 'wait=60' }), 200);
  assert.equal(ended.state, 'ready');
});

test('one login serves all calls', async (t) => {
  const { sandbox, ask } = await startPair(t);
  const dates = ['20260302', '20260303', '20260304', '20260305'];
  await Promise.all(dates.map(async (processDate) => rowsOf(await ask({ processDate }))));
  assert.equal(sandbox.log.filter((entry) => entry.path === '/v1/auth').length, 1);
});

test('every message is by the document, and every reference new', async (t) => {
  const { sandbox, ask } = await startPair(t);
  await rowsOf(await ask({ processDate: DATE, accNo: '1' }));
  const references = sandbox.log.map((entry) => entry.reference);
  assert.equal(new Set(references).size, references.length);
  for (const entry of sandbox.log) assert.doesNotMatch(String(entry.code), /^OI|^RP04/);
});

test('the hours of the sandbox and of the gateway are kept', async (t) => {
  const pair = await startPair(t, {}, { SERVICE_HOURS_GROUP_1: closedNow() });
  const problem = await problemOf(await pair.ask({ processDate: DATE }));
  assert.equal(problem.slug, 'outside-service-hours');
  assert.match(String(problem['opensAt']), /\+03:00$/);
  const later = await reportOf(await pair.ask({ processDate: DATE }, { prefer: 'respond-async' }));
  assert.equal(later.state, 'queued');
  assert.equal(later.startsAt, problem['opensAt']);
  assert.equal(pair.sandbox.log.length, 0, 'nobody speaks to a closed service');
});

/** A window of Istanbul's day that this minute and the next are not in. */
function closedNow(): string {
  const start = new Date(Date.now() + (3 + 2) * 3_600_000).toISOString().slice(11, 16);
  const end = new Date(Date.now() + (3 + 3) * 3_600_000).toISOString().slice(11, 16);
  return `${start}-${end}`;
}

test('a signed code that nobody knows is a remark of the report that it ended, and a metric', async (t) => {
  const { sandbox, ask, get } = await startPair(t);
  sandbox.faults.arm({ name: 'code', code: 'RP777', service: 'balance-report', times: 1 });
  const problem = await problemOf(await ask({ processDate: DATE }));
  assert.equal(problem.slug, 'mks-rejected');
  const { items } = (await (await get('/balances')).json()) as { items: { remarks?: object[] }[] };
  assert.deepEqual(items[0]?.remarks, [{ remark: 'unknown-code', detail: 'RP777', count: 1 }]);
  const metrics = await (await get('/metrics')).text();
  assert.match(metrics, /report_remarks_total\{remark="unknown-code"\} 1/);
});
