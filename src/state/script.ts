/**
 * Lua scripts: one file each under scripts/, read once at start, run by digest and sent in full
 * only when Redis does not know them yet.
 *
 * A script takes its keys and ONE argument, a JSON text; its header names both and the answer. What
 * does not apply is left out and never null: cjson's null is true. `--- @include name` stands for
 * includes/name.lua.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';

/** A script with the shape of its argument and of Redis's reply, as its header tells them. */
export interface Script<Argument extends object, Answer> {
  lua: string;
  /** SHA-1, hex: what Redis knows it by. */
  digest: string;
  numberOfKeys: number;
  /** Never there: it only bears the types. */
  types?: (argument: Argument) => Answer;
}

const FOLDER = join(import.meta.dirname, 'scripts');

/**
 * Reads a script.
 * @param name its path under scripts/, without `.lua`.
 * @throws Error when there is no such file, or none that it includes.
 */
export function defineScript<Argument extends object, Answer>(
  name: string,
  numberOfKeys: number,
): Script<Argument, Answer> {
  const lua = readScript(name);
  return { lua, digest: createHash('sha1').update(lua).digest('hex'), numberOfKeys };
}

function readScript(name: string): string {
  const text = readFileSync(join(FOLDER, `${name}.lua`), 'utf8');
  return text.replaceAll(/^--- @include (\S+)$/gm, (_line, part: string) =>
    readFileSync(join(FOLDER, 'includes', `${part}.lua`), 'utf8'),
  );
}

/**
 * Runs a script atomically.
 * @param keys as many as the script declares.
 * @param argument a property that is undefined is left out.
 * @returns Redis's reply.
 * @throws RangeError for the wrong number of keys, and whatever ioredis throws.
 */
export async function runScript<Argument extends object, Answer>(
  redis: Redis,
  script: Script<Argument, Answer>,
  keys: readonly string[],
  argument: Argument,
): Promise<Answer> {
  if (keys.length !== script.numberOfKeys) {
    throw new RangeError(`The script takes ${script.numberOfKeys} keys, not ${keys.length}`);
  }
  const text = JSON.stringify(argument);
  try {
    return (await redis.evalsha(script.digest, keys.length, ...keys, text)) as Answer;
  } catch (error) {
    // NOSCRIPT is said before anything has run, so that nothing can happen twice here.
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return (await redis.eval(script.lua, keys.length, ...keys, text)) as Answer;
  }
}
