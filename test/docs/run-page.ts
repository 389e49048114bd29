/** Runs the commands of a page as its reader types them: in order, in one shell, in one folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cleanup } from '../support/cleanup.ts';
import { inherited } from '../support/inherited.ts';
import { lackOf } from '../support/debian.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { Environment } from '../support/gateway.ts';
import { escaped, type Command } from './page.ts';

const root = join(import.meta.dirname, '../..');

export interface Stage {
  /** What the reader's shell has when the page begins, beside PATH, HOME and LANG. */
  env: Environment;
  /** What stands in the page, and what it is here: addresses, a key. */
  stands: Record<string, string>;
  /** Why the page cannot be tried on this machine. */
  lack?: string;
}

export interface Outcome extends Command {
  /** What came on both outputs, in the order of its coming, with the page's own addresses. */
  output: string;
}

/** What readers have on their machines, by the package of Debian that brings it. */
const PACKAGES = { jq: 'jq', openssl: 'openssl', 'redis-cli': 'redis-tools' };

/** Why these commands cannot be tried on this machine; undefined where they can. */
export function lackFor(commands: readonly Command[]): string | undefined {
  const text = commands.map(({ body }) => body).join('');
  return Object.entries(PACKAGES)
    .filter(([program]) => new RegExp(`\\b${program} `).test(text))
    .map(([program, name]) => lackOf(program, name))
    .find((lack) => lack !== undefined);
}

/** The programs that the reader has installed. */
async function programsFolder(): Promise<string> {
  const folder = await temporaryFolder();
  symlinkSync(process.execPath, join(folder, 'node'));
  symlinkSync(join(root, 'cli/mks-gateway.js'), join(folder, 'mks-gateway'));
  return folder;
}

/** All at once, and whole addresses: the port of one, 44431, may begin with what stands for another, 4443. */
function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return text;
  const by = new Map(pairs);
  const pattern = new RegExp(`(?:${[...by.keys()].map(escaped).join('|')})(?!\\d)`, 'g');
  return text.replaceAll(pattern, (found) => by.get(found) ?? found);
}

/**
 * @param LANG the reader's language.
 * @returns what each command printed, up to the first that failed (`set -e`), and the shell's exit code.
 */
export async function runPage(
  t: Cleanup,
  commands: readonly Command[],
  { folder, stage, LANG }: { folder: string; stage: Stage; LANG: string },
): Promise<{ code: number | null; outcomes: Outcome[] }> {
  const [programs, home] = [await programsFolder(), await temporaryFolder()];
  const pairs = Object.entries(stage.stands);
  const outputOf = (n: number): string => join(home, `output-${n}`);
  const lines = commands.map(
    ({ body }, n) => `exec >'${outputOf(n)}' 2>&1 </dev/null\n${replaced(body, pairs)}`,
  );
  const script = join(home, 'page.sh');
  writeFileSync(script, `set -e\n${lines.join('')}`);
  const PATH = `${programs}:${process.env['PATH']}`;
  const npm = { npm_config_update_notifier: 'false' };
  const env = { PATH, HOME: home, LANG, ...npm, ...inherited, ...stage.env };
  // A group of its own: what a page starts in the background ends with it.
  const shell = spawn('bash', [script], { cwd: folder, env, stdio: 'ignore', detached: true });
  const end = (): void => {
    try {
      process.kill(-(shell.pid ?? 0), 'SIGKILL');
    } catch {
      // Nobody is left of it.
    }
  };
  t.after(end);
  const [code] = (await once(shell, 'exit')) as [number | null];
  end();
  const back = pairs.map(([written, here]) => [here, written] as const);
  const outcomes = commands.flatMap((command, n): Outcome[] => {
    if (!existsSync(outputOf(n))) return [];
    return [{ ...command, output: replaced(readFileSync(outputOf(n), 'utf8'), back) }];
  });
  return { code, outcomes };
}
