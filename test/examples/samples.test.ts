/** The samples of examples/, each run as a reader of it would: where its language is not here, Debian's is installed. */
import assert from 'node:assert/strict';
import { execFile, type ExecFileException } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { lackOf } from '../support/debian.ts';
import { temporaryFolder } from '../support/folder.ts';
import { DATE, startPair, type RowsDocument } from '../support/pair.ts';

const examples = join(import.meta.dirname, '../../examples');

interface Sample {
  /** Program and Debian's package of it. */
  needs: [program: string, name: string][];
  /** What is run before it, such as a compiler. */
  prepare?: (folder: string) => string[];
  command: (folder: string) => string[];
  /** What it takes after day and member. */
  more?: (folder: string) => string[];
  env?: Record<string, string>;
  /** What it does with the rows: adds up both formats, keeps both as files, or only shows a few. */
  gives?: 'files' | 'rows';
}

const CSHARP_LIBRARIES = ['System.Net.Http', 'System.Runtime.Serialization'];
const SAMPLES: Record<string, Sample> = {
  curl: {
    needs: [['curl', 'curl']],
    command: () => ['sh', join(examples, 'curl/balances.sh')],
    more: (folder) => [folder],
    gives: 'files',
  },
  python: {
    needs: [['python3', 'python3']],
    command: () => ['python3', join(examples, 'python/balances.py')],
  },
  javascript: {
    needs: [],
    command: () => [process.execPath, join(examples, 'javascript/balances.mjs')],
  },
  typed: {
    needs: [],
    command: () => [process.execPath, join(examples, 'javascript/typed.ts')],
    gives: 'rows',
  },
  java: {
    needs: [
      ['java', 'default-jdk-headless'],
      ['javac', 'default-jdk-headless'],
    ],
    command: () => [
      'java',
      '-Duser.language=tr',
      '-Duser.country=TR',
      join(examples, 'java/Balances.java'),
    ],
  },
  csharp: {
    needs: [
      ['mcs', 'mono-mcs'],
      ['mono', 'mono-runtime'],
      ['/usr/lib/mono/4.5/System.Net.Http.dll', 'libmono-system-net-http4.0-cil'],
      [
        '/usr/lib/mono/4.5/System.Runtime.Serialization.dll',
        'libmono-system-runtime-serialization4.0-cil',
      ],
    ],
    prepare: (folder) => [
      'mcs',
      ...CSHARP_LIBRARIES.map((library) => `-r:${library}`),
      `-out:${join(folder, 'Balances.exe')}`,
      join(examples, 'csharp/Balances.cs'),
    ],
    command: (folder) => ['mono', join(folder, 'Balances.exe')],
    // Where the point groups thousands; Java is told so by its properties.
    env: { LC_ALL: 'tr_TR.UTF-8' },
  },
};

interface Run {
  code: number;
  output: string;
  errors: string;
}

function run([program = '', ...args]: string[], env: Record<string, string> = {}): Promise<Run> {
  const options = { env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...env } };
  return new Promise((resolve) => {
    execFile(program, args, options, (error: ExecFileException | null, output, errors) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), output, errors });
    });
  });
}

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

function skipped(t: TestContext, { needs }: Sample): boolean {
  const lack = needs
    .map(([program, name]) => lackOf(program, name))
    .find((each) => each !== undefined);
  if (lack !== undefined) t.skip(lack);
  return lack !== undefined;
}

for (const [language, sample] of Object.entries(SAMPLES)) {
  test(`${language}: asks, follows a 202, reads every digit, goes by the problem's type`, async (t) => {
    if (skipped(t, sample)) return;
    const folder = await temporaryFolder();
    if (sample.prepare !== undefined) {
      const prepared = await run(sample.prepare(folder));
      assert.equal(prepared.code, 0, prepared.output + prepared.errors);
    }
    const { url, get, sandbox } = await startPair(t, { prepareSeconds: 2.5, shape: { rows: 200 } });
    const start = (day: string, member: string, gateway = url): Promise<Run> =>
      run([...sample.command(folder), day, member, ...(sample.more?.(folder) ?? [])], {
        MKS_GATEWAY_URL: gateway,
        WAIT: '1',
        ...sample.env,
      });

    const { code, output, errors } = await start(DATE, 'TIB');
    assert.equal(code, 0, errors);
    assert.equal(errors, '');
    const [, id = ''] = /^report (\S+)$/m.exec(output) ?? [];
    const { rows } = (await (await get(`/balances/${id}/rows`)).json()) as RowsDocument;
    assert.match(output, new RegExp(`^rows ${rows.length}$`, 'm'));
    if (sample.gives === 'files') {
      for (const format of ['ndjson', 'csv']) {
        const theirs = await (await get(`/balances/${id}/rows?format=${format}`)).text();
        assert.equal(readFileSync(join(folder, `balances.${format}`), 'utf8'), theirs, format);
      }
    } else if (sample.gives === undefined) {
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
  const bites: [Sample | undefined, file: string, source: string, commands: string[][]][] = [
    [
      SAMPLES['csharp'],
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
      SAMPLES['java'],
      'Bite.java',
      `class Bite { public static void main(String[] a) throws Exception {
        System.out.print(java.text.NumberFormat.getInstance(new java.util.Locale("tr", "TR")).parse("4567.123")); } }`,
      [['java', join(folder, 'Bite.java')]],
    ],
  ];
  for (const [sample, file, source, commands] of bites) {
    if (sample === undefined || skipped(t, sample)) return;
    writeFileSync(join(folder, file), source);
    let last: Run = { code: -1, output: '', errors: '' };
    for (const command of commands) last = await run(command);
    assert.deepEqual(last, { code: 0, output: '4567123', errors: '' }, file);
  }
});
