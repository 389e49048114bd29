/** `POST /balances/check` the whole way: a day from the sandbox, and ledgers that differ from it as they are known to. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { readXlsx } from 'hucre/xlsx';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';
import { mountSmall } from '../support/small-disk.ts';
import { DATE, problemOf, rowsOf, startPair } from '../support/pair.ts';

type Row = Record<string, string>;

interface CheckDocument {
  member: string;
  processDate: string;
  ledger: string;
  lineCount: number;
  ignoredColumns: string[];
  breaks: Row[];
  counts: Record<string, number>;
}

const FIELDS = ['mbrAccNo', 'subAccCode', 'secClassCode', 'mic', 'isin', 'addDefCode'] as const;
const COLUMNS = 'HESAP;ALT_HESAP;KIYMET_SINIFI;MIC;ISIN;EK_TANIM;BAKIYE\r\n';

/** A ledger that says what the rows do, with decimal commas. */
function ledgerOf(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    [...FIELDS.map((name) => row[name] ?? ''), row['balanceAmount']?.replace('.', ',')]
      .map((cell = '') => `"${cell.replaceAll('"', '""')}"`)
      .join(';'),
  );
  return `\uFEFF${COLUMNS}${lines.map((line) => `${line}\r\n`).join('')}`;
}

test('a ledger checked against a day, in every format, and why not', async (t) => {
  const folder = await temporaryFolder();
  const { ask, get, url } = await startPair(t, { shape: { rows: 400 } }, { DATA_DIR: folder });
  const check = (ledger: string | Buffer, query = '', headers: Record<string, string> = {}) =>
    fetch(`${url}/balances/check?processDate=${DATE}&ledger=back-office${query}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', ...headers },
      body: ledger as string,
    });

  const early = await problemOf(await check(COLUMNS, '', { 'accept-language': 'tr' }));
  assert.deepEqual([early.slug, early['processDates']], ['conflict', [DATE]]);
  const { rows, member } = await rowsOf(await ask({ processDate: DATE }));
  const positions = new Set(rows.map((row) => JSON.stringify(FIELDS.map((name) => row[name]))));

  const same = (await (await check(ledgerOf(rows))).json()) as CheckDocument;
  assert.deepEqual(same.breaks, []);
  assert.deepEqual(
    [same.member, same.processDate, same.ledger, same.lineCount, same.ignoredColumns],
    [member, DATE, 'back-office', rows.length, []],
  );
  assert.deepEqual(same.counts, {
    matched: positions.size,
    onlyInLedger: 0,
    onlyAtMks: 0,
    different: 0,
    new: 0,
    closed: 0,
  });

  const own = (await get(`/balances?limit=1`).then((response) => response.json())) as {
    items: { id: string }[];
  };
  const asMks = await (await get(`/balances/${own.items[0]?.id}/rows?format=csv`)).text();
  const file = (await (await check(asMks)).json()) as CheckDocument;
  assert.deepEqual([file.breaks, file.ignoredColumns], [[], ['BAKIYE_TARIHI', 'UYE']]);

  const [first, ...others] = rows as [Row, ...Row[]];
  const stranger = { ...first, mbrAccNo: 'NOBODY', isin: 'TRNOBODY0001', balanceAmount: '7' };
  const [changed] = others as [Row, ...Row[]];
  const ledger = ledgerOf([
    stranger,
    changed,
    ...others.slice(1),
    { ...changed, balanceAmount: '0.005' },
  ]);
  const document = (await (await check(ledger)).json()) as CheckDocument;
  const found = new Map(document.breaks.map((each) => [each['break'], each]));
  assert.equal(document.breaks.length, 3);
  assert.equal(found.get('only-in-ledger')?.['mbrAccNo'], 'NOBODY');
  assert.equal(found.get('only-in-ledger')?.['cause'], 'unknown-account');
  assert.equal(found.get('only-at-mks')?.['isin'], first['isin']);
  assert.match(found.get('different')?.['difference'] ?? '', /^0\.0050*$/);

  const lines = (await (await check(ledger, '&format=ndjson')).text()).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as Row),
    document.breaks,
  );
  const csv = await (await check(ledger, '', { accept: 'text/csv' })).text();
  const cells = parse(csv, { columns: true }) as Row[];
  assert.deepEqual(
    cells.map(({ HESAP, EK_TANIM, difference }) => [HESAP, EK_TANIM, difference]),
    document.breaks.map(({ mbrAccNo, addDefCode, difference }) => [
      mbrAccNo,
      addDefCode,
      difference,
    ]),
  );
  const workbook = await check(ledger, '&format=xlsx');
  assert.match(workbook.headers.get('content-disposition') ?? '', /_2026-03-02_breaks\.xlsx"$/);
  const { sheets } = await readXlsx(Buffer.from(await workbook.arrayBuffer()));
  assert.deepEqual(
    sheets[0]?.rows.slice(1).map((row) => row[0]),
    document.breaks.map((each) => each['break']),
  );
  const tolerant = (await (await check(ledger, '&tolerance=0.01')).json()) as CheckDocument;
  assert.deepEqual(tolerant.counts, {
    matched: positions.size - 1,
    onlyInLedger: 1,
    onlyAtMks: 1,
    different: 0,
    new: 0,
    closed: 1,
    withinTolerance: 1,
  });
  assert.deepEqual(readdirSync(join(folder, 'scratch')), [], 'nothing of a ledger has a name');
  const acts = trailOf(folder).filter((act) => act['action'] === 'check.run');
  assert.equal(acts.length, 7, 'each that was answered is in the trail');
});

test('what is no ledger is refused as such, and shown by a dry run', async (t) => {
  const { ask, url } = await startPair(t);
  await rowsOf(await ask({ processDate: DATE }));
  const path = `/balances/check?processDate=${DATE}&ledger=back-office`;
  const send = (body: string, query = '', headers: Record<string, string> = {}) =>
    fetch(`${url}${path}${query}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv; charset=utf-8', ...headers },
      body,
    });
  const head = 'HESAP;ALT_HESAP;ISIN;BAKIYE;NOT\n';

  const bad = await problemOf(await send(`${head}1;A;T;1,5;\n2;A;T;1.5;\n3;A;T\n`));
  assert.deepEqual([bad.slug, bad.status], ['invalid-request', 400]);
  assert.deepEqual(
    (bad['errors'] as { path: string; message: string }[]).map((each) => each.path),
    ['line 3', 'line 4'],
  );
  const turkish = await problemOf(await send('HESAP\n', '', { 'accept-language': 'tr' }));
  assert.match(JSON.stringify(turkish['errors']), /eksik kolon: subAccCode \(ALT_HESAP\)/);

  const preview = await send(`${head}"0012";A;T;1,5;x\n\n2;A;T;1.000,25;y\n`, '&dryRun=1');
  assert.deepEqual(await preview.json(), {
    lineCount: 2,
    decimalSign: ',',
    ignoredColumns: ['NOT'],
    lines: [
      {
        line: 2,
        mbrAccNo: '0012',
        subAccCode: 'A',
        secClassCode: '',
        mic: '',
        isin: 'T',
        addDefCode: '',
        balanceAmount: '1.5',
      },
    ],
  });

  for (const [expected, response] of [
    [415, send('{}', '', { 'content-type': 'application/json' })],
    [415, send(head, '', { 'content-encoding': 'gzip' })],
    [400, send(head, '&tolerance=-1')],
    [400, send(head, '&dryRun=0')],
    [406, send(head, '', { accept: 'image/png' })],
  ] as const) {
    assert.equal((await response).status, expected);
  }
  const balances = await fetch(`${url}/balances`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: head,
  });
  assert.equal(balances.status, 415, 'nowhere else');
});

test('a ledger that is too large is refused: by its word, and when it has come', async (t) => {
  const { ask, url } = await startPair(t);
  await rowsOf(await ask({ processDate: DATE }));
  const target = `${url}/balances/check?processDate=${DATE}&ledger=back-office`;
  const headers = { 'content-type': 'text/csv' };

  const announced = await new Promise<number | undefined>((resolve, reject) => {
    const sent = httpRequest(target, {
      method: 'POST',
      headers: { ...headers, 'content-length': 256 * 1024 * 1024 + 1 },
    });
    sent.on('response', (answer) => {
      resolve(answer.statusCode);
      sent.destroy();
    });
    sent.on('error', reject).flushHeaders();
  });
  assert.equal(announced, 413);

  const chunk = Buffer.alloc(1024 * 1024, '1;A;T;1\n');
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = httpRequest(target, { method: 'POST', headers });
    sent.on('response', (answer) => {
      resolve(answer.statusCode);
      sent.destroy();
    });
    sent.on('error', reject);
    sent.write('HESAP;ALT_HESAP;ISIN;BAKIYE\n');
    let left = 260;
    const more = (): void => {
      while (left-- > 0) if (!sent.write(chunk)) return void sent.once('drain', more);
    };
    more();
  });
  assert.equal(status, 413);
});

test('a check is kept: listed, read as it was answered, and nobody else sees it', async (t) => {
  const folder = await temporaryFolder();
  const members = ['TIB', 'AKY'].map((memberCode) => ({
    memberCode,
    userCode: `${memberCode}991`,
  }));
  const file = join(await temporaryFolder(), 'clients.json');
  const keySha256 = (key: string) => createHash('sha256').update(key).digest('hex');
  const clients = [
    { name: 'tib', members: ['TIB'], keySha256: keySha256('key-of-tib') },
    { name: 'aky', members: ['AKY'], keySha256: keySha256('key-of-aky') },
  ];
  writeFileSync(file, JSON.stringify({ clients }), { mode: 0o600 });
  const environment = { DATA_DIR: folder, API_CLIENTS_FILE: file };
  const { ask, get, url } = await startPair(t, { members, shape: { rows: 40 } }, environment);
  const own = { authorization: 'Bearer key-of-tib' };
  const { rows, id: report, refId } = await rowsOf(await ask({ processDate: DATE }, own));
  const text = ledgerOf(rows.slice(3)).replace('\uFEFF', '');
  const response = await fetch(`${url}/balances/check?processDate=${DATE}&ledger=back-office`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', ...own },
    body: text,
  });
  const answered = await response.text();
  const check = JSON.parse(answered) as CheckDocument & Record<string, string>;
  const { breaks, counts, ...said } = check;
  assert.equal(breaks.length, 3);
  assert.deepEqual([counts['new'], counts['closed']], [3, 0]);
  assert.deepEqual(
    breaks.map((each) => [each['firstSeen'], each['ageDays']]),
    breaks.map(() => [DATE, 0]),
  );
  assert.deepEqual([check['report'], check['refId'], check['client']], [report, refId, 'tib']);
  assert.equal(check['ledgerSha256'], sha256(text));
  const asRows = await get(`/balances/${report}/rows?format=ndjson`, own);
  assert.equal(check['rowsSha256'], sha256(await asRows.text()));
  const mks = check['mks'] as unknown as Record<string, string>;
  const payload = Buffer.from(mks['answer']?.split('.')[1] ?? '', 'base64url').toString();
  assert.equal((JSON.parse(payload) as { refId: string }).refId, refId);

  const path = `/balances/checks/${check['id']}`;
  assert.equal(await (await get(path, own)).text(), answered);
  const lines = await (await get(`${path}?format=ndjson`, own)).text();
  assert.equal(check['breaksSha256'], sha256(lines));
  const csv = await (await get(path, { ...own, accept: 'text/csv' })).text();
  assert.equal(parse<Row>(csv, { columns: true })[0]?.['ageDays'], '0');
  const workbook = await get(`${path}?format=xlsx`, own);
  assert.equal(
    (await readXlsx(Buffer.from(await workbook.arrayBuffer()))).sheets[0]?.rows.length,
    4,
  );
  assert.equal((await fetch(`${url}${path}`, { method: 'HEAD', headers: own })).status, 200);
  const list = (await (await get('/balances/checks?ledger=back-office', own)).json()) as object;
  assert.deepEqual(list, { items: [{ ...said, counts }] });
  assert.deepEqual(await (await get('/balances/checks?ledger=other', own)).json(), { items: [] });

  const stranger = { authorization: 'Bearer key-of-aky' };
  assert.equal((await problemOf(await get(path, stranger))).slug, 'not-found');
  assert.deepEqual(await (await get('/balances/checks', stranger)).json(), { items: [] });
  const none = '/balances/checks/00000000-0000-4000-8000-000000000000';
  assert.equal((await problemOf(await get(none, own))).slug, 'not-found');
  assert.equal((await problemOf(await get(path, { ...own, accept: 'image/png' }))).status, 406);
  assert.equal((await problemOf(await get('/balances/checks?cursor=eA', own))).status, 400);
  const acts = trailOf(folder).filter((act) => act['action'] === 'check.run');
  assert.deepEqual(
    acts.map(({ asked }) => (asked as Row)['check']),
    Array.from({ length: 5 }, () => check['id']),
    'each reading stands in the trail',
  );
  const [denied] = trailOf(folder).filter((act) => act['action'] === 'denied');
  assert.deepEqual([denied?.['member'], denied?.['client']], ['TIB', 'aky']);
});

test('a ledger of its own kind is read by a profile, which a dry run shows and a change mends', async (t) => {
  const file = join(await temporaryFolder(), 'profiles.json');
  const profile = {
    name: 'erp',
    columns: { mbrAccNo: 'Müşteri No', balanceAmount: 'NET' },
    accountLength: 4,
    aliases: { isin: { 'GARAN"': 'TRAGARAN91N1' }, subAccCode: { SERBEST: 'SERB' } },
    ignore: ['mic'],
  };
  const writeProfiles = (change: object): void =>
    writeFileSync(file, JSON.stringify({ profiles: [{ ...profile, ...change }] }));
  writeProfiles({});
  const { ask, url } = await startPair(t, {}, { CHECK_PROFILES_FILE: file });
  await rowsOf(await ask({ processDate: DATE }));
  const head = 'MÜŞTERİ-NO;HESAP;ALT_HESAP;MIC;ISIN;NET;BAKIYE\n';
  const text = `${head}12;x;SERBEST;ABC;"GARAN""";1,5;9\nA1;x;SERB;ABC;T;2;9\n`;
  const send = (query: string) =>
    fetch(`${url}/balances/check?processDate=${DATE}&ledger=erp${query}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: text,
    });
  const unknown = await problemOf(await send('&profile=other'));
  assert.deepEqual((unknown['errors'] as Row[])[0]?.['path'], 'profile');
  const preview = (await (await send('&profile=erp&dryRun=20')).json()) as {
    ignoredColumns: string[];
    lines: Row[];
  };
  assert.deepEqual(preview.ignoredColumns, ['HESAP', 'MIC', 'BAKIYE']);
  const fields = ['mbrAccNo', 'subAccCode', 'mic', 'isin', 'balanceAmount'];
  assert.deepEqual(
    preview.lines.map((line) => fields.map((name) => line[name])),
    [
      ['0012', 'SERB', '', 'TRAGARAN91N1', '1.5'],
      ['A1', 'SERB', '', 'T', '2'],
    ],
  );
  const check = (await (await send('&profile=erp')).json()) as CheckDocument;
  assert.equal((check as unknown as Row)['profile'], 'erp');
  const own = check.breaks.find((each) => each['isin'] === 'TRAGARAN91N1' && each['ledger']);
  assert.equal(own?.['mbrAccNo'], '0012');
  assert.ok(own !== undefined && !('mic' in own));

  writeProfiles({ columns: { ...profile.columns, isin: 'KOD' } });
  await until(async () => {
    const refused = await send('&profile=erp&dryRun=1');
    return refused.status === 400 && (await refused.text()).includes('isin (KOD)');
  });
});

test('a disk without room refuses the check, and keeps nothing of it', async (t) => {
  const folder = await temporaryFolder();
  const { ask, get, url } = await startPair(t, { shape: { rows: 50 } }, { DATA_DIR: folder });
  await rowsOf(await ask({ processDate: DATE }));
  const checks = join(folder, 'checks');
  const unmount = mountSmall(checks, '64k');
  if (unmount === undefined) return t.skip('no file system can be mounted here');
  t.after(unmount);
  const lines = Array.from({ length: 20_000 }, (_, at) => `${randomUUID()};SERB;T;${at}\n`);
  const send = (text: string) =>
    fetch(`${url}/balances/check?processDate=${DATE}&ledger=back-office`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: `HESAP;ALT_HESAP;ISIN;BAKIYE\n${text}`,
    });
  assert.deepEqual((await problemOf(await send(lines.join('')))).slug, 'storage-full');
  assert.deepEqual(await (await get('/balances/checks')).json(), { items: [] });
  assert.deepEqual(readdirSync(join(checks, 'TIB')), []);
  assert.equal((await send('1;SERB;T;1\n')).status, 200, 'and a small one has room');
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function trailOf(folder: string): Record<string, unknown>[] {
  return readdirSync(join(folder, 'trail'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) =>
      readFileSync(join(folder, 'trail', name), 'utf8')
        .trimEnd()
        .split('\n'),
    )
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
