/** Key names: none runs into another, and a release finds what the one before it wrote. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createKeys } from '../../src/state/keys.ts';

const member = fc.stringMatching(/^[A-Z0-9]{3,8}$/);
const uuid = fc.uuid();
const state = fc.constantFrom('queued', 'preparing', 'ready', 'failed', 'cancelled', 'expired');
/** As the clients file allows them (`[A-Za-z0-9._-]{1,64}`), and a digest in hex. */
const client = fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);

/** Every name that these parts make, by what it is for. A continued one is continued. */
function namesOf(prefix: string, parts: [string, string, string, string, string]) {
  const [ofMember, id, inState, ofClient, ofDigest] = parts;
  const keys = createKeys(prefix);
  const { desk, reportsInState, reference, report, idempotency, ...rest } = keys;
  const names = new Map<string, string>();
  for (const [name, key] of Object.entries(rest)) {
    names.set(name, typeof key === 'string' ? key : key(ofMember));
  }
  names.set('report', report(id));
  names.set('reference', reference(ofMember, id.replaceAll('-', '')));
  names.set('reportsInState', reportsInState(ofMember, inState));
  names.set('idempotency', idempotency(ofClient, ofDigest));
  const ofDesk = desk(ofMember);
  const ends: Record<string, string> = { report: id, clients: id, states: inState };
  for (const [name, key] of Object.entries(ofDesk)) {
    names.set(`desk ${name}`, key.endsWith(':') ? key + (ends[name] ?? ofClient) : key);
  }
  return names;
}

/** The same key under two names, on purpose: a script's and a reader's. */
const SHARED = new Map([
  ['desk report', 'report'],
  ['desk paused', 'paused'],
  ['desk index', 'reportIndex'],
  ['desk states', 'reportsInState'],
  ['desk active', 'activeReports'],
  ['desk expiry', 'reportExpiry'],
  ['desk wake', 'wakeChannel'],
  ['desk durations', 'durations'],
  ['desk preparations', 'preparations'],
]);

const parts = fc.tuple(member, uuid, state, client, digest);

test('no two things share a key, whatever the members, reports and clients are called', () => {
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      const owners = new Map<string, string>();
      for (const each of [one, other]) {
        for (const [name, key] of namesOf('mks:', each)) {
          const what = SHARED.get(name) ?? name;
          const owner = owners.get(key) ?? what;
          assert.equal(owner, what, `${key} is ${owner} and ${what}`);
          owners.set(key, what);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('two members never share what is one member’s', () => {
  fc.assert(
    fc.property(parts, member, (one, second) => {
      fc.pre(one[0] !== second);
      const [mine, other] = [
        namesOf('mks:', one),
        namesOf('mks:', [second, ...(one.slice(1) as [string, string, string, string])]),
      ];
      for (const [name, key] of mine) {
        const isOfMember = key.split(':').includes(one[0]);
        if (isOfMember) assert.notEqual(other.get(name), key, name);
      }
      // What a report, its clients, or all members have: the same for both.
      const common = [...mine].filter(([name, key]) => other.get(name) === key);
      assert.deepEqual(common.map(([name]) => name).toSorted(), [
        'activeReports',
        'desk active',
        'desk clients',
        'desk expiry',
        'desk report',
        'desk wake',
        'healthProbe',
        'idempotency',
        'jobs',
        'notices',
        'noticesDue',
        'rateLimit',
        'report',
        'reportExpiry',
        'wakeChannel',
      ]);
    }),
  );
});

test('an installation with a prefix of its own shares no key with another', () => {
  const one: [string, string, string, string, string] = ['TIB', 'i', 'ready', 'c', 'd'];
  const others = new Set(namesOf('mks:', one).values());
  for (const [name, key] of namesOf('mks2:', one)) {
    assert.ok(key.startsWith('mks2:'), name);
    assert.ok(!others.has(key), name);
  }
  assert.equal(createKeys().counter('TIB'), 'mks:counter:TIB', 'the prefix when none is given');
});

test('the names are those that 0.1.0 wrote under', () => {
  const keys = createKeys();
  assert.deepEqual(
    [
      keys.counter('TIB'),
      keys.reference('TIB', 'R'),
      keys.token('TIB'),
      keys.loginLock('TIB'),
      keys.loginRefusal('TIB'),
      keys.report('i'),
      keys.reportIndex('TIB'),
      keys.durations('TIB'),
      keys.preparations('TIB'),
      keys.paused('TIB'),
      keys.idempotency('a', 'd'),
      keys.activeReports,
      keys.reportExpiry,
      keys.jobs,
      keys.desk('TIB').ring,
      keys.desk('TIB').turnLists,
      keys.desk('TIB').slot,
      keys.desk('TIB').joins,
      keys.desk('TIB').clients,
    ],
    [
      'mks:counter:TIB',
      'mks:reference:TIB:R',
      'mks:token:TIB',
      'mks:login-lock:TIB',
      'mks:login-refusal:TIB',
      'mks:report:i',
      'mks:reports:TIB',
      'mks:durations:TIB',
      'mks:preparations:TIB',
      'mks:desk:TIB:paused',
      'mks:idempotency:a:d',
      'mks:reports-active',
      'mks:reports-expiry',
      'mks:jobs',
      'mks:desk:TIB:ring',
      'mks:desk:TIB:turns:',
      'mks:desk:TIB:slot',
      'mks:desk:TIB:joins',
      'mks:report-clients:',
    ],
  );
});
