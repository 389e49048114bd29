/** The doctor's look at the time stamp server: openssl's, and none at all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examineStamps } from '../../../cli/doctor/stamps.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { makeAuthority, startStampServer } from '../../support/time-stamp-server.ts';

const authority = await makeAuthority({ key: 'ec' });

async function look(
  stampSource: { url: string; trusted?: readonly (typeof authority.ca)[] } | undefined,
  clock = systemClock,
) {
  const trail = { retentionDays: 0, ...(stampSource && { stampSource }) };
  const [found] = await Array.fromAsync(examineStamps({ trail }, clock));
  return found;
}

test('a stamp that holds is well; clocks that are apart are told', async (t) => {
  const { url } = await startStampServer(t, authority);
  const well = await look({ url, trusted: [authority.ca] });
  assert.equal(well?.status, 'ok');
  assert.match(well.text.en, /stamps as O=Test, CN=tsa$/);
  const late = { ...systemClock, now: () => Date.now() - 60_000 };
  const apart = await look({ url, trusted: [authority.ca] }, late);
  assert.equal(apart?.status, 'warning');
  assert.match(apart.text.en, /its clock and ours are (?:59|60|61) s apart/);
});

test('nobody vouches for it, it refuses, it is away: each by itself', async (t) => {
  const server = await startStampServer(t, authority);
  const other = await makeAuthority({ key: 'ec' });
  const untrusted = await look({ url: server.url, trusted: [other.ca] });
  assert.equal(untrusted?.status, 'failure');
  assert.match(untrusted.text.en, /nobody whom TRAIL_TIMESTAMP_CA_FILE vouches for/);
  server.instead = (response) => response.writeHead(200).end('<html>');
  const none = await look({ url: server.url });
  assert.equal(none?.status, 'failure');
  assert.match(none.text.en, /no stamp that holds: this is no time stamp/);
  server.instead = (response) => response.writeHead(503).end();
  const failing = await look({ url: server.url });
  assert.equal(failing?.status, 'warning');
  assert.match(failing.text.en, /status 503.*nothing else does/);
  const away = await look({ url: 'http://127.0.0.1:9/' });
  assert.equal(away?.status, 'warning');
  assert.match(away.text.tr, /sorulamıyor \(ECONNREFUSED\)/);
});

test('where no server is named nothing is looked at', async () => {
  assert.equal(await look(undefined), undefined);
});
