/** openapi/mks.json names every status that the sandbox sends, and marks those that are ours. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { describeCode, DESCRIBED_CODES } from '../../sandbox/codes.ts';
import { resultCodes } from '../../src/mks/codes.ts';
import { balanceFields, createClient, login, PATHS, postLogin, send, start } from './support.ts';
import type { Client, Json } from './support.ts';

type Responses = Record<string, { 'x-not-in-document'?: string }>;

const contract = JSON.parse(
  readFileSync(new URL('../../openapi/mks.json', import.meta.url), 'utf8'),
) as { paths: Record<string, { post: { responses: Responses } }> };

/** A good request to each signed service. */
const FIELDS: Record<string, Json> = {
  [PATHS.balances]: balanceFields(),
  [PATHS.status]: { refId: 'x' },
  [PATHS.content]: { refId: 'x', fileName: 'MKK_RP166.zip' },
  [PATHS.funds]: { issuerMemberCode: 'TRISP', processDate: '20230606', opStat: 'KO' },
};
/** What the document itself says with which status: 422 of the three report services, and success. */
const IN_DOCUMENT = Object.fromEntries(
  Object.values(PATHS).map((path) => [
    path,
    path === PATHS.auth || path === PATHS.funds ? ['200'] : ['200', '422'],
  ]),
);

test('every status stands in the contract, and what is ours is marked so', async (t) => {
  const members = ['TIB', 'AKY'].map((code) => ({ memberCode: code, userCode: `${code}991` }));
  const sandbox = await start(t, { members });
  const client = await login(sandbox);
  const seen = new Map(Object.values(PATHS).map((path) => [path, new Set<string>()]));
  const note = (path: string, { status }: { status: number }): void => {
    seen.get(path)?.add(String(status));
  };
  const raw = (path: string, method: string, headers: Record<string, string>, body = '') =>
    send(sandbox.url + path, { method, headers }, body);
  const other: Client = createClient(sandbox, 'AKY', client.token);
  for (const [path, fields] of Object.entries(FIELDS)) {
    note(path, await client.call(path, fields, `ONCE-${path}`));
    note(path, await client.call(path, fields, `ONCE-${path}`));
    note(path, await client.call(path, { ...fields, unknown: 'x' }));
    note(path, await createClient(sandbox, 'TIB', 'nobodys').call(path, fields));
    note(path, await other.call(path, fields));
    const headers = { Authorization: `Bearer ${client.token}`, Sender: 'TIB' };
    note(path, await raw(path, 'PUT', headers));
    note(path, await raw(path, 'POST', { ...headers, 'Content-Type': 'text/html' }));
    sandbox.clock.set('2025-05-06T23:30:00+03:00');
    sandbox.enforceHours(true);
    const night = await login(sandbox);
    note(path, await night.call(path, fields));
    sandbox.enforceHours(false);
    sandbox.clock.reset();
  }
  note(PATHS.auth, await postLogin(sandbox, 'TIB'));
  note(PATHS.auth, await postLogin(sandbox, 'TIB', { password: 'Wrong1*' }));
  note(PATHS.auth, await postLogin(sandbox, 'TIB', { unknown: 'x' }));
  const requestHeader = { senderReference: 'TWICE', senderMember: 'TIB', sender: 'TIB991' };
  await postLogin(sandbox, 'TIB', { requestHeader });
  note(PATHS.auth, await postLogin(sandbox, 'TIB', { requestHeader }));
  note(PATHS.auth, await raw(PATHS.auth, 'PUT', {}));
  note(PATHS.auth, await raw(PATHS.auth, 'POST', { 'Content-Type': 'text/html' }));
  for (const [path, statuses] of seen) {
    for (const name of ['html-500', 'too-many-requests'] as const) {
      sandbox.faults.arm({ name });
      note(path, await raw(path, 'POST', {}));
    }
    const { responses } = contract.paths[path]?.post ?? { responses: {} };
    assert.ok(statuses.size >= 8, [...statuses].join(' '));
    for (const status of statuses) assert.ok(responses[status], `${path} ${status}`);
    const unmarked = Object.keys(responses).filter(
      (status) => (responses[status]?.['x-not-in-document'] ?? '') === '',
    );
    assert.deepEqual(unmarked, IN_DOCUMENT[path], path);
  }
});

test('each code of the document has a description, at most 255 characters long', () => {
  assert.deepEqual([...DESCRIBED_CODES].toSorted(), resultCodes.map(({ code }) => code).toSorted());
  for (const code of DESCRIBED_CODES) assert.ok(describeCode(code, 'x'.repeat(300)).length <= 255);
});
