/** A real Redis under the world's clock: its scripts run as they are, behind simulated-redis.lua. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Script } from '../../src/state/script.ts';
import * as desk from '../../src/state/scripts/desk.ts';
import * as orders from '../../src/state/scripts/orders.ts';
import * as references from '../../src/state/scripts/references.ts';
import * as tokens from '../../src/state/scripts/tokens.ts';
import { exchanged, type Mutant } from './mutants.ts';

const PRELUDE = readFileSync(join(import.meta.dirname, 'simulated-redis.lua'), 'utf8');

/** The server that all worlds of this process use one after the other. */
export interface Server {
  /** @returns Redis's reply to a command of a life; `told` takes what its script published and did. */
  execute(name: string, args: unknown[], now: number, told: Told): Promise<unknown>;
  empty(): Promise<void>;
}

export type Told = (published: readonly string[], facts: readonly string[]) => void;

/** @param mutant changes the scripts. @throws Error when its text is in none of them. */
export async function openServer(redis: Redis, mutant?: Mutant): Promise<Server> {
  const loaded = new Map<string, string>();
  let changed = 0;
  for (const { lua, digest } of allScripts()) {
    const text = mutant?.lua === true ? exchanged(lua, mutant) : lua;
    if (text !== lua) changed += 1;
    const whole = `${PRELUDE}\nlocal function script()\n${text}\nend\nreturn { { script() }, published, facts }`;
    await redis.script('LOAD', whole);
    loaded.set(digest, createHash('sha1').update(whole).digest('hex'));
  }
  if (mutant?.lua === true && changed === 0) throw new Error(`no script has: ${mutant.from}`);
  /** What was read since the last write: most of what is asked is asked again before anything changes. */
  const read = new Map<string, unknown>();

  async function execute(name: string, args: unknown[], now: number, told: Told): Promise<unknown> {
    if (name !== 'evalsha') {
      const reply = await redis.call(name, ...(args as string[]));
      return name === 'smembers' ? (reply as string[]).toSorted() : reply;
    }
    const [digest = '', ...rest] = args as string[];
    const whole = loaded.get(digest) ?? digest;
    const [answer, published, facts] = (await redis.call(
      'EVALSHA',
      whole,
      ...rest,
      String(now),
    )) as [unknown[], string[], string[]];
    told(published, facts);
    return answer[0] ?? null;
  }
  return {
    async execute(name, args, now, told) {
      if (!READS.has(name === 'evalsha' ? String(args[0]) : name)) {
        read.clear();
        return execute(name, args, now, told);
      }
      const question = JSON.stringify([name, args]);
      if (!read.has(question)) read.set(question, await execute(name, args, now, told));
      return read.get(question);
    },
    async empty() {
      read.clear();
      await redis.flushall();
    },
  };
}

/** Commands, and scripts by their digests, that change nothing and do not ask for the time. */
const READS = new Set([
  'hgetall',
  'hget',
  'hmget',
  'hvals',
  'smembers',
  'lrange',
  desk.around.digest,
  desk.idle.digest,
]);

const MODULES: Record<string, unknown>[] = [desk, orders, references, tokens];
const allScripts = () => MODULES.flatMap((module) => Object.values(module).filter(isScript));
const namesByDigest = new Map(
  MODULES.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) =>
      isScript(value) ? [[value.digest, name] as const] : [],
    ),
  ),
);
/** The name of a command, or of the script that it runs. */
export const momentOf = (name: string, [digest]: unknown[]): string =>
  name === 'evalsha' ? (namesByDigest.get(String(digest)) ?? 'script') : name;

function isScript(value: unknown): value is Script<object, unknown> {
  return typeof value === 'object' && value !== null && 'lua' in value;
}
