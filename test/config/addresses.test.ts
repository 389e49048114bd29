/** Addresses, each by itself: what is this machine, what a URL may hold, and what is told of it. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  checkBaseUrl,
  checkIp,
  checkLocalIp,
  checkProxyUrl,
  checkStampUrl,
  defaultBaseUrl,
  isLoopback,
} from '../../src/config/addresses.ts';
import { createFindings, type Place } from '../../src/config/findings.ts';

/** What a check gives, and the mistakes that it notes. */
function check(read: (text: string, place: Place) => string | undefined, text: string) {
  const findings = createFindings();
  const value = read(text, findings.variable('V'));
  assert.equal(value === undefined, findings.mistakes.length > 0, 'a value or a mistake');
  for (const { en, tr } of findings.mistakes) {
    assert.notEqual(en, tr);
    assert.ok(!`${en}${tr}`.includes('s3cret'), 'never what was written');
  }
  return { value, mistakes: findings.mistakes.map(({ en }) => en) };
}

test('MKK’s four hosts, all of them https', () => {
  const hosts = (['test', 'production'] as const).flatMap((environment) =>
    (['internet', 'exchange'] as const).map((line) => defaultBaseUrl(environment, line)),
  );
  assert.equal(new Set(hosts).size, 4);
  for (const host of hosts) assert.equal(check(checkBaseUrl, host).value, host);
  assert.ok(hosts.every((host) => /^https:\/\/api(test)?(int)?\.mkk\.com\.tr$/.test(host)));
});

test('what stays on this machine: 127.0.0.0/8, ::1 in every spelling, localhost, nothing else', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, byte, (one, two, three, four) => {
      assert.equal(isLoopback(`${one}.${two}.${three}.${four}`), one === 127);
      assert.equal(isLoopback(`127.${two}.${three}.${four}`), true);
    }),
  );
  for (const host of ['localhost', '::1', '0:0:0:0:0:0:0:1']) assert.ok(isLoopback(host), host);
  const others = ['', '::', '::2', '0.0.0.0', 'localhost.example', '127.0.0.1.example', '127.1'];
  for (const host of others) assert.equal(isLoopback(host), false, host);
});

const BASE_URLS: [text: string, value: string | undefined, mistake?: RegExp][] = [
  ['https://h.example', 'https://h.example'],
  ['https://h.example/', 'https://h.example'],
  ['https://H.example:443/a/b//', 'https://h.example/a/b'],
  ['http://127.0.0.9:1', 'http://127.0.0.9:1'],
  ['http://[::1]:8080/x', 'http://[::1]:8080/x'],
  ['http://localhost', 'http://localhost'],
  ['http://[::2]', undefined, /must be https/],
  ['http://h.example', undefined, /must be https/],
  ['https://u@h.example', undefined, /neither a user, nor a password/],
  ['https://:s3cret@h.example', undefined, /neither a user, nor a password/],
  ['https://h.example?s3cret', undefined, /neither/],
  ['https://h.example#s3cret', undefined, /neither/],
  ['ftp://h.example', undefined, /http or https URL/],
  ['h.example', undefined, /http or https URL/],
  ['', undefined, /http or https URL/],
];
for (const [text, value, mistake] of BASE_URLS) {
  test(`MKS_BASE_URL ${text}`, () => {
    const found = check(checkBaseUrl, text);
    assert.equal(found.value, value);
    if (mistake !== undefined) assert.match(found.mistakes.join(), mistake);
  });
}

test('a proxy may have a user and a password, but no path', () => {
  const kept = 'http://user:s3cret@proxy.example:3128/';
  assert.equal(check(checkProxyUrl, kept).value, kept);
  assert.equal(check(checkProxyUrl, 'https://proxy.example').value, 'https://proxy.example/');
  for (const text of ['http://proxy.example/s3cret', 'http://p.example?a', 'socks5://p.example']) {
    assert.equal(check(checkProxyUrl, text).value, undefined, text);
  }
});

test('an address to bind to has to be this machine’s', () => {
  const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  assert.ok(own.length > 0);
  for (const { address } of own) assert.equal(check(checkLocalIp, address).value, address);
  assert.equal(check(checkLocalIp, '127.200.0.1').value, '127.200.0.1');
  for (const text of ['192.0.2.1', '2001:db8::1']) {
    assert.deepEqual(check(checkLocalIp, text).mistakes, ['V: is not an address of this machine']);
  }
  for (const text of ['', 'eth0', '1.2.3', '1.2.3.4/8', ' 1.2.3.4']) {
    assert.deepEqual(check(checkLocalIp, text).mistakes, ['V: must be an IP address'], text);
    assert.equal(check(checkIp, text).value, undefined);
  }
});

const STAMP_URLS: [text: string, knows: boolean, value: string | undefined, mistake?: RegExp][] = [
  ['https://tsa.example/a?b=1', false, 'https://tsa.example/a?b=1'],
  ['http://tsa.example', true, 'http://tsa.example/'],
  ['http://127.0.0.1:318/', false, 'http://127.0.0.1:318/'],
  ['http://tsa.example', false, undefined, /is plain http/],
  ['http://10.0.0.1', false, undefined, /is plain http/],
  ['https://u:s3cret@tsa.example', true, undefined, /neither a user, nor a password/],
  ['https://tsa.example/#a', true, undefined, /a # part/],
  ['ldap://tsa.example', true, undefined, /an http or https URL/],
];
test('a time stamp server: https, or http where it is known who signs', () => {
  for (const [text, knows, value, mistake] of STAMP_URLS) {
    const found = check((url, place) => checkStampUrl(url, place, knows), text);
    assert.equal(found.value, value, text);
    if (mistake !== undefined) assert.match(found.mistakes.join(), mistake);
  }
});
