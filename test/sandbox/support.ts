/** A client of MKS made of node:http and node:crypto alone, and the sandbox to try it on. */
import assert from 'node:assert/strict';
import { createPrivateKey, sign, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { dirname, join } from 'node:path';
import type { Cleanup } from '../support/cleanup.ts';
import { smallKeys } from '../support/sandbox-files.ts';
import { startSandbox, type Row, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';

export type Json = Record<string, unknown>;

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A reply that has been read: its JSON, and whether MKK's signature held. */
export interface Answer {
  status: number;
  isSigned: boolean;
  json: Json;
  /** Wherever it stands. */
  code: unknown;
  messageId: unknown;
}

export interface Client {
  member: string;
  token: string;
  /** A new reference with each call. */
  reference(): string;
  /** The request's header around these fields. */
  message(fields: Json, reference?: string): Json;
  sign(payload: unknown, header?: Json): string;
  /** Signs and sends; the reply as it came. */
  post(path: string, fields: Json, reference?: string): Promise<Reply>;
  /** Signs, sends and reads the reply. */
  call(path: string, fields: Json, reference?: string): Promise<Answer>;
}

export const PATHS = {
  auth: '/v1/auth',
  balances: '/v1/reports/account/balance-report',
  status: '/v1/reports/async-report-status',
  content: '/v1/reports/async-report-content',
  funds: '/v1/yf/getMfundTradeDetails',
};

/** A Monday in the past. */
export const MONDAY = '20250505';
export const ZIP_PASSWORD = 'Mkktest1*';

/** Starts a sandbox with small keys and reports that are ready at once; it ends with the test. */
export async function start(t: Cleanup, options: SandboxOptions = {}): Promise<Sandbox> {
  const dataDirectory = options.dataDirectory ?? (await smallKeys(options.members));
  const sandbox = await startSandbox({ prepareSeconds: 0, ...options, dataDirectory });
  t.after(() => sandbox.close());
  return sandbox;
}

/** Sends bytes to the sandbox and reads the whole reply. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; ca?: string } = {},
  body: string | Buffer = '',
): Promise<Reply> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent: false, ...options }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const { statusCode: status = 0, headers } = incoming;
        resolve({ status, headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Logs in with the member's password from the sandbox's files. */
export async function login(sandbox: Sandbox, member = 'TIB'): Promise<Client> {
  const answer = readAnswer(sandbox, await postLogin(sandbox, member));
  assert.equal(answer.status, 200);
  return createClient(sandbox, member, String(answer.json['token']));
}

/** Sends a login with these fields changed. */
export function postLogin(sandbox: Sandbox, member: string, changes: Json = {}): Promise<Reply> {
  const known = sandbox.members.get(member);
  const body = {
    requestHeader: {
      senderReference: newReference(),
      senderMember: member,
      sender: known?.userCode,
    },
    username: known?.userCode,
    password: known?.password,
    ...changes,
  };
  const headers = { 'Content-Type': 'application/json' };
  const ca = sandbox.caFile === undefined ? {} : { ca: readFileSync(sandbox.caFile, 'utf8') };
  return send(sandbox.url + PATHS.auth, { headers, ...ca }, JSON.stringify(body));
}

/** A client with this token, signing with the member's key. */
export function createClient(sandbox: Sandbox, member: string, token: string): Client {
  const key = memberKey(sandbox, member);
  const sender = sandbox.members.get(member)?.userCode;
  const client: Client = {
    member,
    token,
    reference: newReference,
    message: (fields, senderReference = newReference()) => ({
      requestHeader: { senderReference, senderMember: member, sender },
      ...fields,
    }),
    sign: (payload, header) => signCompact(payload, key, header),
    post(path, fields, reference) {
      const headers = {
        Authorization: `Bearer ${token}`,
        Sender: member,
        'Content-Type': 'text/plain',
      };
      const ca = sandbox.caFile === undefined ? {} : { ca: readFileSync(sandbox.caFile, 'utf8') };
      const body = client.sign(client.message(fields, reference));
      return send(sandbox.url + path, { headers, ...ca }, body);
    },
    call: async (path, fields, reference) =>
      readAnswer(sandbox, await client.post(path, fields, reference)),
  };
  return client;
}

/** The JSON of a reply, verified with MKK's certificate where it is signed. */
export function readAnswer(sandbox: Sandbox, { status, body }: Reply): Answer {
  const text = body.toString();
  const isPlain = text.startsWith('{');
  const [header = '', payload = '', signature = ''] = text.split('.');
  const { publicKey } = new X509Certificate(sandbox.trustedCertificatePem);
  const input = Buffer.from(`${header}.${payload}`);
  const holds = verify('sha256', input, publicKey, Buffer.from(signature, 'base64url'));
  const isSigned = !isPlain && holds && fromBase64Url(header) === '{"alg":"RS256"}';
  const json = JSON.parse(isPlain ? text : fromBase64Url(payload)) as Json;
  const response = (json['response'] ?? json) as Json;
  const responseHeader = (json['responseHeader'] ?? {}) as Json;
  const code = response['responseCode'];
  return { status, isSigned, json, code, messageId: responseHeader['messageId'] };
}

/** Asks for a report and fetches its first archive. */
export async function fetchArchive(client: Client, fields: Json = {}): Promise<Reply> {
  const { refId, fileNames } = await readyReport(client, fields);
  return client.post(PATHS.content, { refId, fileName: fileNames[0] });
}

/** Asks for a report and waits for its files. */
export async function readyReport(
  client: Client,
  fields: Json = {},
): Promise<{ refId: string; fileNames: string[] }> {
  const asked = await client.call(PATHS.balances, balanceFields(fields));
  assert.equal(asked.code, '0000');
  const refId = String(asked.json['refId']);
  for (;;) {
    const status = await client.call(PATHS.status, { refId });
    if (status.code === '0000') return { refId, fileNames: status.json['fileNames'] as string[] };
    assert.equal(status.code, 'RP023');
  }
}

/** The least that balance-report asks for, and these fields. */
export function balanceFields(fields: Json = {}): Json {
  return { fileType: 'json', zipPassword: ZIP_PASSWORD, processDate: MONDAY, ...fields };
}

/** Rows as a JSON reader without exact numbers sees them. */
export function looseRows(rows: Iterable<Row>): Json[] {
  return [...rows].map((row) => ({ ...row, balanceAmount: Number(row.balanceAmount) }));
}

export function memberKey(sandbox: Sandbox, member: string): KeyObject {
  return createPrivateKey(readFileSync(join(dirname(sandbox.membersFile), member, 'signing.key')));
}

export function signCompact(
  payload: unknown,
  key: KeyObject,
  header: Json = { alg: 'RS256' },
): string {
  const input = `${encodePart(header)}.${encodePart(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

/** A part of a JWS. */
export function encodePart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The JSON in a part of a JWS. */
export function decodePart(text: string): Json {
  return JSON.parse(fromBase64Url(text)) as Json;
}

let references = 0;

function newReference(): string {
  references += 1;
  return `TEST-${references}`;
}

function fromBase64Url(text: string): string {
  return Buffer.from(text, 'base64url').toString();
}
