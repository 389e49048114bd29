/** A copy of the project in which a source may be changed, and its tests run. */
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { applied, type Mutant } from './mutate.ts';
import { isFolder } from './tests-of.ts';

/** A change that makes a loop endless is noticed by this, in milliseconds. */
const TIMEOUT_MS = 120_000;
/** Once one of its tests has failed, a file may put away what it has started; the others need not be waited for. */
const AFTER_FAILURE_MS = 5_000;
const FAILED = /^ *not ok /;
/** What tests need and the repository does not hold. */
const BESIDE = ['node_modules', '.redis', '.prometheus', '.clients'];
/** Many small files: most of their time would be the starts of their processes. */
const IN_ONE_PROCESS = ['--test', '--test-isolation=none'];

export interface Tree {
  /** Whether the test file, or every one of a folder, passes; `false` too when that takes longer than two minutes. */
  passes(test: string): Promise<boolean>;
  /** Whether the same fails while the change is made. */
  fails(test: string, mutant: Mutant): Promise<boolean>;
  remove(): void;
}

/** Copies what the repository holds of the tree at `root`. */
export function copyTree(root: string): Tree {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  const { stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  for (const name of stdout.split('\0').filter(Boolean))
    cpSync(join(root, name), join(folder, name));
  for (const name of BESIDE)
    if (existsSync(join(root, name))) symlinkSync(join(root, name), join(folder, name));

  return {
    passes: (test) => passes(folder, test),
    async fails(test, mutant) {
      const path = join(folder, mutant.file);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, applied(text, mutant));
      try {
        return !(await passes(folder, test));
      } finally {
        writeFileSync(path, text);
      }
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The test in a group of its own, so that what it started ends with it when its time is over. */
function passes(cwd: string, test: string): Promise<boolean> {
  return new Promise((resolve) => {
    const names = isFolder(test) ? [...IN_ONE_PROCESS, `${test}*.test.ts`] : [test];
    const args = ['--test-reporter=tap', ...names];
    const child = spawn(process.execPath, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const end = (): void => {
      // What it printed may be read after its end.
      if (child.exitCode === null && child.signalCode === null)
        process.kill(-(child.pid ?? 0), 'SIGKILL');
    };
    const timers = [setTimeout(end, TIMEOUT_MS)];
    createInterface(child.stdout).on('line', (line) => {
      if (FAILED.test(line)) timers.push(setTimeout(end, AFTER_FAILURE_MS));
    });
    child.once('exit', (code) => {
      for (const timer of timers) clearTimeout(timer);
      resolve(code === 0);
    });
  });
}
