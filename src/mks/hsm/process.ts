/**
 * An HSM's process, seen from the gateway: calls go there and signatures come back.
 *
 * Whatever the vendor's library does there, the event loop here goes on; one that hangs is ended, and nothing
 * of an HSM that was away is left over for the next process.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { HsmTrouble } from '../../lib/hsm.ts';
import { HsmError, type HsmPlace, type Order, type Reply } from './messages.ts';

export interface HsmProcess {
  /** RSASSA-PKCS1-v1_5 with SHA-256. @throws HsmError. */
  sign(keyLabel: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** Signs what it has been given, and ends. */
  leave(): void;
}

const PROGRAM = join(import.meta.dirname, 'program.ts');
/** A login over a network, to one of several devices; a signature takes milliseconds. */
const OPEN_MS = 15_000;
const SILENCE_MS = 5_000;

interface Call {
  resolve(signature: Uint8Array): void;
  reject(error: HsmError): void;
}

/**
 * Starts it and has it log in.
 * @param onEnd called once, when it can no longer be used, with why.
 */
export function startHsmProcess(place: HsmPlace, onEnd: (trouble: HsmTrouble) => void): HsmProcess {
  // Nothing of a library's own chatter is known to be fit for a log.
  const child = fork(PROGRAM, { execArgv: [], serialization: 'advanced', stdio: 'ignore' });
  const calls = new Map<number, Call>();
  let lastId = 0;
  let isOpen = false;
  let isLeaving = false;
  let end: HsmTrouble | undefined;
  const silence = createWatch((limitMs) => {
    finish({ reason: 'unreachable', detail: `no answer within ${limitMs / 1000} s` });
  });
  silence.limit(OPEN_MS);

  /** However it ends, those who wait are told. */
  function finish(trouble: HsmTrouble): void {
    if (end !== undefined) return;
    end = trouble;
    silence.end();
    child.kill('SIGKILL');
    onEnd(trouble);
    for (const { reject } of calls.values()) reject(new HsmError(trouble));
    calls.clear();
  }
  /** To be called when something has been answered, or the first thing asked. */
  function expect(): void {
    silence.end();
    if (calls.size === 0 && !isLeaving) return;
    if (calls.size === 0 && child.connected) child.disconnect();
    silence.limit(SILENCE_MS);
  }
  /** A process that cannot be told anything has ended, and says so by itself. */
  const send = (order: Order): void => void child.send(order, () => undefined);

  child.on('message', (reply: Reply) => {
    if (reply.kind === 'closed') return finish(reply.trouble);
    if (reply.kind === 'open') isOpen = true;
    else settle(calls, reply);
    expect();
  });
  child.once('error', () => finish({ reason: 'unreachable', detail: 'its process cannot start' }));
  child.once('exit', (code, signal) => {
    finish({ reason: 'unreachable', detail: `its process has ended (${signal ?? String(code)})` });
  });
  send({ place });

  return {
    sign(keyLabel, bytes) {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      if (end !== undefined || isLeaving) {
        reject(new HsmError(end ?? { reason: 'unreachable', detail: 'it is being left' }));
        return promise;
      }
      lastId += 1;
      const isFirst = calls.size === 0;
      calls.set(lastId, { resolve, reject });
      send({ id: lastId, keyLabel, bytes });
      if (isOpen && isFirst) expect();
      return promise;
    },
    leave() {
      isLeaving = true;
      if (end === undefined && isOpen) expect();
      else finish({ reason: 'unreachable', detail: 'it is being left' });
    },
  };
}

function settle(
  calls: Map<number, Call>,
  reply: Extract<Reply, { kind: 'signed' | 'unsigned' }>,
): void {
  const call = calls.get(reply.id);
  calls.delete(reply.id);
  if (reply.kind === 'signed') call?.resolve(reply.signature);
  else call?.reject(new HsmError(reply.trouble));
}

/** One limit at a time. */
function createWatch(onOver: (limitMs: number) => void) {
  let timer: NodeJS.Timeout | undefined;
  return {
    limit: (limitMs: number) => void (timer = setTimeout(onOver, limitMs, limitMs)),
    end: () => clearTimeout(timer),
  };
}
