/** The standing orders file: what is taken, and every mistake of it at once, each at its place. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFindings } from '../../src/config/findings.ts';
import { readOrders } from '../../src/config/orders.ts';
import { createFolder } from './support.ts';

const SECRET = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const entry = (change: object = {}) => ({
  name: 'nightly',
  member: 'TIB',
  at: '01:05',
  date: 'yesterday',
  ...change,
});

function read(t: TestContext, orders: unknown[], secret = `whsec_${SECRET}\n`) {
  const findings = createFindings();
  const folder = createFolder(t);
  folder.write('hook.secret', secret);
  const file = folder.write('orders.json', JSON.stringify({ orders }));
  mkdirSync(join(dirname(file), 'out'));
  const place = findings.variable('STANDING_ORDERS_FILE');
  return {
    file,
    orders: readOrders(file, place, new Set(['TIB'])),
    mistakes: findings.mistakes.map(({ en }) => en.replace('STANDING_ORDERS_FILE: ', '')),
    warnings: findings.warnings.map(({ en }) => en),
  };
}

test('an order is every day, a week back, late at six, and nothing more unless it says so', (t) => {
  const { orders, mistakes } = read(t, [entry()]);
  assert.deepEqual(mistakes, []);
  assert.deepEqual(orders, [
    {
      name: 'nightly',
      member: 'TIB',
      at: '01:05',
      date: 'yesterday',
      filters: {},
      days: [0, 1, 2, 3, 4, 5, 6],
      catchUpDays: 7,
      lateAfter: '06:00',
    },
  ]);
});

test('paths are those beside the file; a secret is read, and may be two', (t) => {
  const notify = { url: 'http://127.0.0.1:9000/hook', secretFile: 'hook.secret' };
  const deliver = { folder: 'out', formats: ['csv', 'csv'] };
  const order = entry({ days: ['mon', 'sun'], notify, deliver, filters: { isin: 'TRAGARAN91N1' } });
  const { file, orders, mistakes, warnings } = read(
    t,
    [order],
    `whsec_${SECRET}\r\nwhsec_${SECRET}`,
  );
  assert.deepEqual([mistakes, warnings], [[], []]);
  const [found] = orders;
  assert.deepEqual(found?.days, [1, 0]);
  assert.deepEqual(found?.deliver, {
    folder: join(dirname(file), 'out'),
    formats: ['csv'],
    fileName: '{member}-{processDate}.{extension}',
  });
  const secret = Buffer.from(SECRET, 'base64');
  assert.deepEqual(found?.notify, { url: notify.url, secrets: [secret, secret] });
});

test('a secret without its prefix signs as the text and as what it stands for in base64', (t) => {
  const notify = { url: 'https://erp.example/hook', secretFile: 'hook.secret' };
  const secretsOf = (text: string) => read(t, [entry({ notify })], text).orders[0]?.notify?.secrets;
  assert.deepEqual(secretsOf(SECRET), [Buffer.from(SECRET, 'base64'), Buffer.from(SECRET)]);
  assert.deepEqual(secretsOf('a long text, and no base64'), [
    Buffer.from('a long text, and no base64'),
  ]);
});

test('a folder that is not there yet is a warning: its share may come later', (t) => {
  const deliver = { folder: 'later', formats: ['csv'] };
  const { mistakes, warnings } = read(t, [entry({ deliver })]);
  assert.deepEqual(mistakes, []);
  assert.match(warnings.join(), /orders\[0\]\.deliver\.folder: .*later is not there/);
});

test('every mistake is told at once, where it stands, and no secret', (t) => {
  const notify = { url: 'ftp://user:geheim@erp/hook', secretFile: 'hook.secret' };
  const deliver = (fileName: string, formats = ['csv']) => ({ folder: 'out', formats, fileName });
  const { mistakes } = read(
    t,
    [
      entry({ member: 'XXX' }),
      entry({ at: '24:00', date: 'tomorrow', days: [], catchUpDays: 400 }),
      entry({ name: 'c', filters: { isin: 'short', colour: 'red' }, retries: 3 }),
      entry({ name: 'd', deliver: deliver('../{processDate}.csv') }),
      entry({ name: 'e', deliver: deliver('.{processDate}.csv') }),
      entry({ name: 'f', deliver: deliver('{member}.{extension}') }),
      entry({ name: 'g', deliver: deliver('{processDate}.{ext}') }),
      entry({ name: 'h', deliver: deliver('{processDate}.{extension}', ['csv', 'csv-excel']) }),
      entry({ name: 'i', deliver: deliver('{processDate}.x', ['csv', 'yaml']) }),
      entry({ name: 'nightly', notify }),
    ],
    'geheim',
  );
  const all = mistakes.join('\n');
  for (const expected of [
    /^orders\[0\]\.member: is not in the members file/m,
    /^orders\[1\]\.at: must be a time, HH:MM/m,
    /^orders\[1\]\.date: must be one of yesterday, today/m,
    /^orders\[1\]\.days: must hold at least 1/m,
    /^orders\[1\]\.catchUpDays: must be a whole number from 0 to 366/m,
    /^orders\[2\]\.filters\.isin: must match/m,
    /^orders\[2\]\.filters\.colour: is not a known field/m,
    /^orders\[2\]\.retries: is not a known field/m,
    /^orders\[3\]\.deliver\.fileName: must be a plain file name/m,
    /^orders\[4\]\.deliver\.fileName: must be a plain file name/m,
    /^orders\[5\]\.deliver\.fileName: must hold \{processDate\}/m,
    /^orders\[6\]\.deliver\.fileName: may hold/m,
    /^orders\[7\]\.deliver\.fileName: must tell the formats apart/m,
    /^orders\[8\]\.deliver\.formats\[1\]: must be one of json, ndjson/m,
    /^orders\[9\]\.name: is another order's too/m,
    /^orders\[9\]\.notify\.url: must be an http or https address/m,
    /^orders\[9\]\.notify\.secretFile: must hold whsec_/m,
  ]) {
    assert.match(all, expected);
  }
  assert.doesNotMatch(all, /geheim/);
});

test('names that a file system or a shell could take amiss are refused', (t) => {
  const names = [
    'a/{processDate}',
    'a\\{processDate}',
    '{processDate}\n',
    '{processDate}\0',
    ' {processDate}',
    '{processDate} ',
    `${'x'.repeat(120)}{processDate}`,
    '{processDate}{',
    '..{processDate}',
  ];
  for (const fileName of names) {
    const { mistakes } = read(t, [
      entry({ deliver: { folder: 'out', formats: ['csv'], fileName } }),
    ]);
    assert.ok(mistakes.length > 0, JSON.stringify(fileName));
  }
});
