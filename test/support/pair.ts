/** A gateway and the sandbox that it speaks to, for one test. */
import assert from 'node:assert/strict';
import type { Cleanup } from './cleanup.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';
import { startTestGateway, type Environment } from './gateway.ts';
import { smallKeys } from './sandbox-files.ts';
import { SMALL_KEY_BITS } from './shared-keys.ts';

/** A Monday: the sandbox has no data of Sundays. */
export const DATE = '20260302';

export async function startTestSandbox(t: Cleanup, options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({
    memberKeyBits: SMALL_KEY_BITS,
    prepareSeconds: 0.1,
    shape: { rows: 50 },
    ...options,
    dataDirectory: options.dataDirectory ?? (await smallKeys(options.members)),
  });
  t.after(() => sandbox.close());
  return sandbox;
}

/** The gateway's environment for a sandbox. */
export function environmentOf(sandbox: Sandbox): Environment {
  return {
    MKS_BASE_URL: sandbox.url,
    MKS_MEMBERS_FILE: sandbox.membersFile,
    MKS_TRUSTED_CERTIFICATES_FILE: sandbox.trustedCertificateFile,
    ...(sandbox.caFile !== undefined && { MKS_CA_FILE: sandbox.caFile }),
  };
}

export interface Pair {
  sandbox: Sandbox;
  url: string;
  /** POST /balances; `wait` seconds unless told otherwise. */
  ask(body: object, headers?: Record<string, string>): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
}

export async function startPair(
  t: Cleanup,
  options: SandboxOptions = {},
  environment: Environment = {},
): Promise<Pair> {
  const sandbox = await startTestSandbox(t, options);
  const { url } = await startTestGateway(t, { ...environmentOf(sandbox), ...environment });
  return { sandbox, url, ...client(url) };
}

/** The two calls that most tests make. */
export function client(url: string): Pick<Pair, 'ask' | 'get'> {
  return {
    ask: (body, headers = {}) =>
      fetch(`${url}/balances`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', prefer: 'wait=60', ...headers },
        body: JSON.stringify(body),
      }),
    get: (path, headers = {}) => fetch(`${url}${path}`, { headers }),
  };
}

export interface RowsDocument {
  id: string;
  member: string;
  processDate: string;
  refId: string;
  rows: Record<string, string>[];
  rowCount: number;
}

/** The rows of a 200; any other answer fails the test with what it said. */
export async function rowsOf(response: Response): Promise<RowsDocument> {
  const text = await response.text();
  assert.equal(response.status, 200, text.slice(0, 1000));
  return JSON.parse(text) as RowsDocument;
}

export interface ReportDocument {
  id: string;
  state: string;
  queue?: { position: number };
  mks?: { code: string };
  problem?: { type: string; status: number; outcome?: string };
  startsAt?: string;
  refId?: string;
  rowCount?: number;
}

export async function reportOf(response: Response, status = 202): Promise<ReportDocument> {
  const text = await response.text();
  assert.equal(response.status, status, text.slice(0, 1000));
  return JSON.parse(text) as ReportDocument;
}

/** The slug of a problem answer. */
export async function problemOf(
  response: Response,
): Promise<{ slug: string; status: number } & Record<string, unknown>> {
  const text = await response.text();
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/, text);
  const problem = JSON.parse(text) as { type: string; status: number };
  assert.equal(problem.status, response.status);
  return { ...problem, slug: problem.type.replace('/problems/', '') };
}
