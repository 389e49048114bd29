/** The gateway as `npm start` runs it, with a real Redis and the sandbox in MKS's place, each a process. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { symlinkSync, writeFileSync } from 'node:fs';
import { START_FLAGS } from '../../test/support/start-flags.ts';
import { startTcpRedis } from '../../test/support/tcp-redis.ts';
import { temporaryFolder } from './files.ts';
import { root, startNode, written, type Program } from './programs.ts';
import type { Scope } from './scope.ts';
import { newSealingKeyLine } from '../../src/config/sealing-keys.ts';

/** A Monday: the sandbox has no data of Sundays. */
export const DATE = '20260302';
export const API_KEY = 'mksgw_bench';
export interface StageOptions {
  /** Of the sandbox; see docs/sandbox.md. */
  sandbox?: Record<string, string>;
  gateway?: Record<string, string>;
  /** Callers need API_KEY. */
  hasKeys?: boolean;
}

export interface Stage {
  gateway: Program;
  url: string;
  sandbox: SandboxProcess;
}

export interface SandboxProcess {
  program: Program;
  url: string;
  /** For the gateway, and for whoever else speaks to it. */
  environment: Record<string, string>;
  /** Messages received, oldest first, at most 10,000. */
  log(): Promise<LogEntry[]>;
}

export interface LogEntry {
  /** When the message came, in ISO 8601. */
  time: string;
  path: string;
  member?: string;
  payload?: { refId?: string };
  code?: string;
}

export async function startStage(scope: Scope, options: StageOptions = {}): Promise<Stage> {
  const sandbox = await startSandboxProcess(scope, options.sandbox);
  const environment = await gatewayEnvironment(scope, sandbox, options.hasKeys);
  if (kept !== undefined) {
    symlinkSync(kept.compileCache, join(environment['DATA_DIR'] ?? '', 'compile-cache'));
  }
  const all = { ...environment, ...options.gateway };
  const { gateway, url } = await startGatewayProcess(scope, all);
  return { gateway, url, sandbox };
}

let kept: { sandboxKeys: string; compileCache: string } | undefined;

/**
 * Keeps from one stage to the next what only takes time to make: the sandbox's keys, and compiled code
 * of the gateway, which in operation outlives its process too. Goes with the given scope.
 */
export function keepBetweenStages(scope: Scope): void {
  kept = { sandboxKeys: temporaryFolder(scope), compileCache: temporaryFolder(scope) };
}

export async function startSandboxProcess(
  scope: Scope,
  environment: Record<string, string> = {},
): Promise<SandboxProcess> {
  const program = startNode(scope, ['sandbox/main.ts'], {
    SANDBOX_PORT: '0',
    SANDBOX_DATA_DIR: kept?.sandboxKeys ?? temporaryFolder(scope),
    SANDBOX_MEMBERS: 'TIB:TIB991',
    SANDBOX_PREPARE_SECONDS: '0.1',
    ...environment,
  });
  await written(program, /Steer it under/);
  const settings = Object.fromEntries(
    [...program.output().matchAll(/^(MKS_\w+)=(.+)$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  const url = settings['MKS_BASE_URL'] ?? '';
  return {
    program,
    url,
    environment: settings,
    log: async () => (await fetch(`${url}/_sandbox/log`)).json() as Promise<LogEntry[]>,
  };
}

/** What a gateway needs: a Redis of its own, a folder, hours that are always open, no limit in the way. */
export async function gatewayEnvironment(
  scope: Scope,
  sandbox: SandboxProcess,
  hasKeys = false,
): Promise<Record<string, string>> {
  const redis = await startTcpRedis(scope);
  const dataDir = temporaryFolder(scope);
  return {
    ...sandbox.environment,
    PORT: '0',
    DATA_DIR: dataDir,
    REDIS_URL: redis.url,
    SEALING_KEYS_FILE: writeSealingKeys(dataDir),
    MKS_STATUS_POLL_SECONDS: '0.2',
    // Counted as ever, but never reached.
    RATE_LIMIT_PER_MINUTE: '1000000',
    SERVICE_HOURS_GROUP_1: '00:00-24:00',
    SERVICE_HOURS_GROUP_4: '00:00-24:00',
    ...(hasKeys ? { API_CLIENTS_FILE: writeClients(dataDir) } : {}),
  };
}

function writeClients(folder: string): string {
  const file = join(folder, 'clients.json');
  const keySha256 = createHash('sha256').update(API_KEY).digest('hex');
  writeFileSync(
    file,
    JSON.stringify({ clients: [{ name: 'bench', keySha256, members: ['TIB'] }] }),
  );
  return file;
}

function writeSealingKeys(folder: string): string {
  const file = join(folder, 'sealing.keys');
  writeFileSync(file, newSealingKeyLine(Date.now()), { mode: 0o600 });
  return file;
}

/** Node and its flags are those of `npm start`. */
export function spawnGatewayProcess(scope: Scope, environment: Record<string, string>): Program {
  return startNode(scope, [...START_FLAGS, join(root, 'src/server.js')], environment);
}

/** Resolves when it listens. */
export async function startGatewayProcess(
  scope: Scope,
  environment: Record<string, string>,
): Promise<{ gateway: Program; url: string }> {
  const gateway = spawnGatewayProcess(scope, environment);
  const [, url = ''] = await written(gateway, /"url":"([^"]+)".*"msg":"listening"/);
  return { gateway, url };
}
