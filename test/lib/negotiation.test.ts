/** What a caller's Accept headers choose. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  matchesEntityTag,
  preferredCoding,
  preferredLanguage,
  preferredType,
} from '../../src/lib/negotiation.ts';

const OFFERS = ['application/json', 'application/x-ndjson', 'text/csv'] as const;

const types: [accept: string | undefined, chosen: string | undefined][] = [
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV', 'text/csv'],
  ['text/*', 'text/csv'],
  ['text/csv;q=0.5, application/x-ndjson;q=0.9', 'application/x-ndjson'],
  // Named exactly before named by a range, whatever the order.
  ['*/*, text/csv', 'text/csv'],
  // As welcome and as exact: in the order of the header.
  ['application/x-ndjson, application/json', 'application/x-ndjson'],
  ['application/json;q=0, */*;q=0.1', 'application/x-ndjson'],
  ['text/html', undefined],
  ['text/csv;q=0', undefined],
  // A weight that is none counts as not written.
  ['text/csv;q=2, application/x-ndjson;q=0.1', 'application/x-ndjson'],
];
for (const [accept, chosen] of types) {
  test(`Accept: ${accept ?? '(absent)'} is ${chosen ?? 'not acceptable'}`, () => {
    assert.equal(preferredType(accept, OFFERS), chosen);
  });
}

test('a language is Turkish where it is welcome most, else English', () => {
  const chosen = (header?: string) => preferredLanguage(header);
  assert.equal(chosen(), 'en');
  assert.equal(chosen('tr'), 'tr');
  assert.equal(chosen('tr-TR,tr;q=0.9,en;q=0.8'), 'tr');
  assert.equal(chosen('en, tr;q=0.9'), 'en');
  assert.equal(chosen('de, tr;q=0.5'), 'tr');
  assert.equal(chosen('tr;q=0, *'), 'en');
  assert.equal(chosen('trx'), 'en');
});

test('a coding has to be named, and be as welcome as none', () => {
  const chosen = (header: string) => preferredCoding(header, ['zstd', 'gzip', 'br']);
  assert.equal(chosen(''), undefined);
  assert.equal(chosen('*'), undefined);
  assert.equal(chosen('gzip'), 'gzip');
  assert.equal(chosen('br, gzip, zstd'), 'zstd');
  assert.equal(chosen('br;q=1, gzip;q=0.5'), 'br');
  assert.equal(chosen('gzip;q=0'), undefined);
  assert.equal(chosen('gzip;q=0.5, identity'), undefined);
});

test('an entity tag is known again, weak or in a list', () => {
  assert.equal(matchesEntityTag(undefined, '"a"'), false);
  assert.equal(matchesEntityTag('"a"', '"a"'), true);
  assert.equal(matchesEntityTag('W/"a"', '"a"'), true);
  assert.equal(matchesEntityTag('"b", "a"', '"a"'), true);
  assert.equal(matchesEntityTag('*', '"a"'), true);
  assert.equal(matchesEntityTag('"b"', '"a"'), false);
  assert.equal(matchesEntityTag('a', '"a"'), false);
});
