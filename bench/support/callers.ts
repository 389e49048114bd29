/** Callers over loopback, as many at once as are told, and what the called process spends on them. */
import { Pool, request } from 'undici';
import { cpuMs } from './programs.ts';

export interface Call {
  path: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

export interface Load {
  requestsPerSecond: number;
  /** Of the called process, in ms. */
  cpuMsPerRequest: number;
}

/** Calls for so many seconds, or so many times. @throws Error for any answer but a 200. */
export async function load(
  url: string,
  pid: number,
  call: Call,
  { callers, seconds, calls }: { callers: number; seconds?: number; calls?: number },
): Promise<Load> {
  const pool = new Pool(url, { connections: callers, pipelining: 1 });
  let begun = 0;
  const began = performance.now();
  const goesOn = (): boolean =>
    calls === undefined ? performance.now() - began < (seconds ?? 1) * 1000 : begun < calls;
  const cpuBefore = cpuMs(pid);
  const caller = async (): Promise<void> => {
    while (goesOn()) {
      begun += 1;
      const { statusCode, body } = await pool.request(call);
      if (statusCode !== 200) throw new Error(`${statusCode}: ${await body.text()}`);
      // Taken and let go: what the callers do with it is not the question.
      await body.dump({ limit: Number.POSITIVE_INFINITY });
    }
  };
  try {
    await Promise.all(Array.from({ length: callers }, caller));
    const elapsedMs = performance.now() - began;
    return {
      requestsPerSecond: (begun / elapsedMs) * 1000,
      cpuMsPerRequest: (cpuMs(pid) - cpuBefore) / begun,
    };
  } finally {
    await pool.close();
  }
}

/** Reads a body to its end, as it is (no coding). @returns how long it took. @throws Error unless 200. */
export async function readAll(
  url: string,
  onBytes?: (bytes: Uint8Array) => void,
): Promise<{ ms: number; bytes: number }> {
  const began = performance.now();
  const { statusCode, body } = await request(url);
  if (statusCode !== 200) throw new Error(`${statusCode}: ${await body.text()}`);
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    onBytes?.(piece);
  }
  return { ms: performance.now() - began, bytes };
}
