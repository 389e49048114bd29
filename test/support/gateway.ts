/** A whole gateway for one test, in this process or in one of its own, over real sockets. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino, type Logger } from 'pino';
import type { Cleanup } from './cleanup.ts';
import { openConfiguration } from '../../src/config.ts';
import { startGateway, type Gateway } from '../../src/gateway.ts';
import { systemClock, type Clock } from '../../src/lib/clock.ts';
import { createHsms } from '../../src/mks/index.ts';
import { startEmbeddedRedis } from '../../src/state/embedded.ts';
import { preparePlace, probe } from '../../src/state/embedded-process.ts';
import { inherited } from './inherited.ts';
import { temporaryFolder } from './folder.ts';
import { sharedSealingKeysFile } from './sealing.ts';
import { START_FLAGS } from './start-flags.ts';

export type Environment = Record<string, string>;

/** What tests want: any port, quick polls, hours that are always open. */
const testEnvironment: Environment = {
  PORT: '0',
  // A test that is looked into may be heard: see CONTRIBUTING.md.
  LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
  MKS_STATUS_POLL_SECONDS: '0.05',
  MKS_REQUEST_TIMEOUT_SECONDS: '5',
  // Tests hammer; the limit has tests of its own.
  RATE_LIMIT_PER_MINUTE: '1000000',
  SERVICE_HOURS_GROUP_1: '00:00-24:00',
  SERVICE_HOURS_GROUP_4: '00:00-24:00',
};

/** The gateway of src/gateway.ts with the production wiring, closed with the test. */
export async function startTestGateway(
  t: Cleanup,
  environment: Environment,
  clock: Clock = systemClock,
  log?: Logger,
): Promise<Gateway & { dataDir: string }> {
  let gateway: Gateway | undefined;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => (closing ??= gateway?.close());
  // Hooks run in the order of their making: it closes before the folder under it goes.
  t.after(close);
  const dataDir = environment['DATA_DIR'] ?? (await temporaryFolder());
  const settings: Environment = {
    ...testEnvironment,
    ...(await sealing(environment)),
    DATA_DIR: dataDir,
    ...environment,
  };
  const ownLog = log ?? pino({ level: settings['LOG_LEVEL'] ?? 'silent' });
  const hsms = createHsms(ownLog);
  try {
    const configuration = await openConfiguration(settings, clock, hsms);
    gateway = await startGateway(configuration, clock, ownLog, hsms);
  } catch (error) {
    hsms.close();
    throw error;
  }
  return { url: gateway.url, close, dataDir };
}

/** Replicas on one Redis share their sealing keys. */
async function sealing({ REDIS_URL: url }: Environment): Promise<Environment> {
  return url === undefined ? {} : { SEALING_KEYS_FILE: await sharedSealingKeysFile() };
}

export interface GatewayProcess {
  url: string;
  pid: number;
  /** Every line it wrote, standard error's too. */
  output: string[];
  /** Resolves with the exit code, or the signal's name. */
  ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
}

/** `node src/server.js` as an operator starts it; killed with the test if it still runs. */
export async function spawnGateway(
  t: Cleanup,
  environment: Environment,
  program = join(import.meta.dirname, '../../src/server.js'),
): Promise<GatewayProcess> {
  let end = async (): Promise<void> => undefined;
  // Hooks run in the order of their making: it ends before the folder under it goes.
  t.after(() => end());
  const dataDir = environment['DATA_DIR'] ?? (await temporaryFolder());
  const child = spawn(process.execPath, [...START_FLAGS, program], {
    env: {
      PATH: process.env['PATH'],
      ...inherited,
      ...testEnvironment,
      ...(await sealing(environment)),
      LOG_LEVEL: 'info',
      DATA_DIR: dataDir,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  end = async () => {
    // With a Redis of its own it has to be asked, or that would outlive it; where it is to leave what was covered, too.
    const isAsked = !environment['REDIS_URL'] || 'NODE_V8_COVERAGE' in inherited;
    child.kill(isAsked ? 'SIGTERM' : 'SIGKILL');
    const wasKilled = typeof (await ended) === 'string';
    if (wasKilled && !environment['REDIS_URL']) await endRedisOf(dataDir);
  };
  const url = await listening(child, output);
  return { url, pid: child.pid ?? 0, output, ended, kill: (signal) => child.kill(signal) };
}

/** A gateway that was killed leaves its Redis to the next one, and here there is none. */
async function endRedisOf(dataDir: string): Promise<void> {
  if ((await probe(preparePlace(dataDir).socket)) === 'absent') return;
  const redis = await startEmbeddedRedis({ dataDir, log: pino({ level: 'silent' }) });
  await redis.stop();
}

function listening(child: ChildProcess, output: string[]): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the child has no output');
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output.join('\n')}`)));
    createInterface({ input: stderr }).on('line', (line) => output.push(line));
    createInterface({ input: stdout }).on('line', (line) => {
      output.push(line);
      const match = /"url":"([^"]+)".*"msg":"listening"/.exec(line);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
  });
}
