/** Lua scripts: run by digest, sent in full only when Redis does not know them yet. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A script's module exports this; its header comment names the keys, arguments and answer. */
export interface Script {
  lua: string;
  numberOfKeys: number;
}

const digests = new WeakMap<Script, string>();

/**
 * Runs a script atomically.
 * @param keys as many as the script declares.
 * @returns Redis's reply; the caller knows its shape from the script's header.
 * @throws RangeError for the wrong number of keys, and whatever ioredis throws.
 */
export async function runScript(
  redis: Redis,
  script: Script,
  keys: readonly string[],
  scriptArguments: readonly (string | number)[],
): Promise<unknown> {
  if (keys.length !== script.numberOfKeys) {
    throw new RangeError(`The script takes ${script.numberOfKeys} keys, not ${keys.length}`);
  }
  try {
    return await redis.evalsha(digestOf(script), keys.length, ...keys, ...scriptArguments);
  } catch (error) {
    // NOSCRIPT is said before anything has run, so that nothing can happen twice here.
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(script.lua, keys.length, ...keys, ...scriptArguments);
  }
}

function digestOf(script: Script): string {
  let digest = digests.get(script);
  if (digest === undefined) {
    digest = createHash('sha1').update(script.lua).digest('hex');
    digests.set(script, digest);
  }
  return digest;
}
