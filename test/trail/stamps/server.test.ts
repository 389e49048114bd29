/** The way to a time stamp server, real sockets: TLS by an authority of one's own, and servers that misbehave. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { askStamp } from '../../../src/trail/stamps/ask.ts';
import { askServer } from '../../../src/trail/stamps/server.ts';
import { makeIdentity } from '../../support/identities.ts';
import { makeAuthority, startStampServer } from '../../support/time-stamp-server.ts';

const DATA = Buffer.from('a checkpoint');
const authority = await makeAuthority({ key: 'ec' });
const never = new AbortController().signal;

test('over TLS by an authority of its own, proved before it is given', async (t) => {
  const { keyPem, certificatePem } = await makeIdentity('localhost');
  const server = await startStampServer(t, authority, { key: keyPem, cert: certificatePem });
  const source = { url: server.url, ca: certificatePem, trusted: [authority.ca] };
  assert.equal((await askStamp(source, DATA, never)).authority, 'O=Test, CN=tsa');
  await assert.rejects(askStamp({ url: server.url }, DATA, never), { code: /SELF_SIGNED/ });
  const other = await makeAuthority({ key: 'ec' });
  await assert.rejects(askStamp({ ...source, trusted: [other.ca] }, DATA, never), {
    fault: 'untrusted',
  });
  assert.equal(server.asked, 2);
});

const long = Buffer.alloc(65 * 1024);
const MISBEHAVIOUR: Record<string, [(response: ServerResponse) => void, RegExp]> = {
  'a failure': [(response) => response.writeHead(500).end('no'), /status 500/],
  'a way elsewhere': [
    (response) => response.writeHead(302, { location: 'http://192.0.2.1/' }).end(),
    /status 302/,
  ],
  'too much': [(response) => response.writeHead(200).end(long), /too long/],
  'half an answer': [
    (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    },
    /aborted|socket hang up|reset/i,
  ],
  'no answer': [(response) => response.destroy(), /socket hang up|reset/i],
};
for (const [name, [instead, told]] of Object.entries(MISBEHAVIOUR)) {
  test(`${name} is an error, with its reason`, async (t) => {
    const server = await startStampServer(t, authority);
    server.instead = instead;
    await assert.rejects(askServer({ url: server.url }, Buffer.from('?'), never), told);
    assert.equal(server.asked, 1);
  });
}

test('silence is ended by whoever asked', async (t) => {
  const server = await startStampServer(t, authority);
  server.instead = () => undefined;
  await assert.rejects(askServer({ url: server.url }, Buffer.from('?'), AbortSignal.timeout(100)), {
    name: 'AbortError',
  });
});
