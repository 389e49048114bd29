/** How a sample of examples/ is run in each language, as a reader of it would; what is not here is Debian's, installed. */
import assert from 'node:assert/strict';
import { execFile, type ExecFileException } from 'node:child_process';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { lackOf } from '../support/debian.ts';
import { temporaryFolder } from '../support/folder.ts';

const examples = join(import.meta.dirname, '../../examples');

export interface Language {
  /** Program and Debian's package of it. */
  needs: [program: string, name: string][];
  /** What is run before a sample, such as a compiler; what it writes lies in the folder. */
  prepare?: (file: string, folder: string) => string[];
  /** What runs a file of examples/. */
  command: (file: string, folder: string) => string[];
  /** How its readers run it, where that takes longer. */
  asRead?: (file: string) => string[];
  env?: Record<string, string>;
}

/** A sample is over before much of the virtual machine's own work pays off. */
const JAVA_IN_SHORT = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const CSHARP_LIBRARIES = ['System.Net.Http', 'System.Runtime.Serialization'];
const programOf = (file: string, folder: string): string =>
  join(folder, basename(file).replace('.cs', '.exe'));

/**
 * C# and Java are run where the point groups thousands; Java is told so by its properties. A sample in Java is compiled
 * once for all its runs but one: `asRead`.
 */
export const LANGUAGES = {
  shell: {
    needs: [
      ['curl', 'curl'],
      ['openssl', 'openssl'],
    ],
    command: (file) => ['sh', join(examples, file)],
  },
  python: {
    needs: [['python3', 'python3']],
    command: (file) => ['python3', join(examples, file)],
  },
  javascript: {
    needs: [],
    command: (file) => [process.execPath, join(examples, file)],
  },
  java: {
    needs: [
      ['java', 'default-jdk-headless'],
      ['javac', 'default-jdk-headless'],
    ],
    prepare: (file, folder) => [
      'javac',
      ...JAVA_IN_SHORT.map((option) => `-J${option}`),
      '-d',
      folder,
      join(examples, file),
    ],
    command: (file, folder) => [
      'java',
      ...JAVA_IN_SHORT,
      '-Duser.language=tr',
      '-Duser.country=TR',
      '-cp',
      folder,
      basename(file, '.java'),
    ],
    asRead: (file) => ['java', join(examples, file)],
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
    prepare: (file, folder) => [
      'mcs',
      ...CSHARP_LIBRARIES.map((library) => `-r:${library}`),
      `-out:${programOf(file, folder)}`,
      join(examples, file),
    ],
    command: (file, folder) => ['mono', programOf(file, folder)],
    env: { LC_ALL: 'tr_TR.UTF-8' },
  },
} satisfies Record<string, Language>;

/** A sample that does not end by itself is ended, and has failed. */
const RUN_MS = 60_000;

export interface Run {
  code: number;
  output: string;
  errors: string;
}

/** A sample sees nothing of the test's own environment but the way to the programs. */
export function environmentOf(env: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...env };
}

export function run(command: string[], env: Record<string, string> = {}): Promise<Run> {
  const [program = '', ...args] = command;
  const options = { env: environmentOf(env), timeout: RUN_MS };
  return new Promise((resolve) => {
    execFile(program, args, options, (error: ExecFileException | null, output, errors) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), output, errors });
    });
  });
}

const prepared = new Map<string, Promise<string>>();

/**
 * What has to be compiled is compiled once for all who run the file.
 * @returns a folder for `command`.
 * @throws AssertionError with what the compiler said.
 */
export function preparedFolder({ prepare }: Language, file: string): Promise<string> {
  const made = async (): Promise<string> => {
    const folder = await temporaryFolder();
    if (prepare === undefined) return folder;
    const { code, output, errors } = await run(prepare(file, folder));
    assert.equal(code, 0, output + errors);
    return folder;
  };
  const folder = prepared.get(file) ?? made();
  prepared.set(file, folder);
  return folder;
}

/** Why the language cannot be had; undefined where it is there. */
export function lackIn({ needs }: Language): string | undefined {
  return needs.map(([program, name]) => lackOf(program, name)).find((lack) => lack !== undefined);
}

/** Skips the test, and says why, where the language cannot be had. */
export function skipped(t: TestContext, language: Language): boolean {
  const lack = lackIn(language);
  if (lack !== undefined) t.skip(lack);
  return lack !== undefined;
}
