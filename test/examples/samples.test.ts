/** The samples of examples/, each run as a reader of it would: where its language is not here, Debian's is installed. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { DATE, startPair, type RowsDocument } from '../support/pair.ts';
import { LANGUAGES, preparedFolder, run, skipped, type Language, type Run } from './languages.ts';

interface Sample {
  language: Language;
  /** Of examples/. */
  file: string;
  /** What it takes after day and member. */
  more?: (folder: string) => string[];
  /** What it does with the rows: adds up both formats, keeps both as files, or only shows a few. */
  gives?: 'files' | 'rows';
}

const { shell, python, javascript, java, csharp } = LANGUAGES;
const SAMPLES: Record<string, Sample> = {
  curl: { language: shell, file: 'curl/balances.sh', more: (folder) => [folder], gives: 'files' },
  python: { language: python, file: 'python/balances.py' },
  javascript: { language: javascript, file: 'javascript/balances.mjs' },
  typed: { language: javascript, file: 'javascript/typed.ts', gives: 'rows' },
  java: { language: java, file: 'java/Balances.java' },
  csharp: { language: csharp, file: 'csharp/Balances.cs' },
};

/** The sum of decimal texts, by whole numbers of the smallest part that any has. */
function total(amounts: readonly string[]): string {
  const SCALE = 40;
  const sum = amounts
    .map((amount) => {
      const [whole = '', fraction = ''] = amount.split('.');
      return BigInt(whole + fraction.padEnd(SCALE, '0'));
    })
    .reduce((before, next) => before + next, 0n);
  const digits = String(sum < 0n ? -sum : sum).padStart(SCALE + 1, '0');
  const text = `${sum < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
  return text.replace(/\.?0+$/, '');
}

for (const [name, { language, file, more, gives }] of Object.entries(SAMPLES)) {
  test(`${name}: asks, follows a 202, reads every digit, goes by the problem's type`, async (t) => {
    if (skipped(t, language)) return;
    const folder = await preparedFolder(language, file);
    const { url, get, sandbox } = await startPair(t, { prepareSeconds: 2.5, shape: { rows: 200 } });
    const start = (day: string, member: string, gateway = url): Promise<Run> =>
      run([...language.command(file, folder), day, member, ...(more?.(folder) ?? [])], {
        MKS_GATEWAY_URL: gateway,
        WAIT: '1',
        ...language.env,
      });

    const { code, output, errors } = await start(DATE, 'TIB');
    assert.equal(code, 0, errors);
    assert.equal(errors, '');
    const [, id = ''] = /^report (\S+)$/m.exec(output) ?? [];
    const { rows } = (await (await get(`/balances/${id}/rows`)).json()) as RowsDocument;
    assert.match(output, new RegExp(`^rows ${rows.length}$`, 'm'));
    if (gives === 'files') {
      for (const format of ['ndjson', 'csv']) {
        const theirs = await (await get(`/balances/${id}/rows?format=${format}`)).text();
        assert.equal(readFileSync(join(folder, `balances.${format}`), 'utf8'), theirs, format);
      }
    } else if (gives === undefined) {
      const sum = total(rows.map((row) => row['balanceAmount'] ?? ''));
      for (const format of ['ndjson', 'csv']) {
        const [, told = ''] = new RegExp(`^${format} total (\\S+)$`, 'm').exec(output) ?? [];
        assert.equal(told.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''), sum, format);
      }
    }

    const wrong = await start('20250231', 'TIB');
    assert.equal(wrong.code, 1);
    assert.match(wrong.errors, /^problem \/problems\/invalid-request: /);
    sandbox.faults.arm({ name: 'code', code: 'RP048', service: 'balance-report', times: 1 });
    const rejected = await start('20260303', 'TIB');
    assert.equal(rejected.code, 1, rejected.output);
    assert.match(rejected.errors, /^problem \/problems\/mks-rejected: \S/);

    const hour = Number(
      new Date().toLocaleTimeString('en-GB', { timeZone: 'Europe/Istanbul' }).slice(0, 2),
    );
    const closed = hour < 12 ? '20:00-21:00' : '05:00-06:00';
    const atNight = await startPair(t, {}, { SERVICE_HOURS_GROUP_1: closed });
    const late = await start(DATE, 'TIB', atNight.url);
    assert.equal(late.code, 3, late.errors);
    assert.match(
      late.errors,
      new RegExp(`^MKS opens at \\d{4}-\\d\\d-\\d\\dT${closed.slice(0, 5)}`),
    );
  });
}

test('what the samples warn of is so: under tr-TR 4567.123 is read as 4567123', async (t) => {
  const folder = await temporaryFolder();
  const bites: [Language, file: string, source: string, commands: string[][]][] = [
    [
      csharp,
      'Bite.cs',
      `using System.Globalization; class Bite { static void Main() {
        CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
        System.Console.Write(decimal.Parse("4567.123").ToString(CultureInfo.InvariantCulture)); } }`,
      [
        ['mcs', `-out:${join(folder, 'Bite.exe')}`, join(folder, 'Bite.cs')],
        ['mono', join(folder, 'Bite.exe')],
      ],
    ],
    [
      java,
      'Bite.java',
      `class Bite { public static void main(String[] a) throws Exception {
        System.out.print(java.text.NumberFormat.getInstance(new java.util.Locale("tr", "TR")).parse("4567.123")); } }`,
      [['java', join(folder, 'Bite.java')]],
    ],
  ];
  for (const [language, file, source, commands] of bites) {
    if (skipped(t, language)) return;
    writeFileSync(join(folder, file), source);
    let last: Run = { code: -1, output: '', errors: '' };
    for (const command of commands) last = await run(command);
    assert.deepEqual(last, { code: 0, output: '4567123', errors: '' }, file);
  }
});
