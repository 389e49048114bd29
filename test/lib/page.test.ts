/** Cursors: a place as text and back, and nothing else is one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { CursorError, isOlder, newestFirst, parseCursor, toCursor } from '../../src/lib/page.ts';

const ID = /^[0-9a-f]{1,8}$/;
const place = fc.record(
  { time: fc.integer({ min: 0, max: 20 }), id: fc.stringMatching(ID) },
  { noNullPrototype: true },
);

test('a place comes back from its cursor, which needs no escaping in a URL', () => {
  fc.assert(
    fc.property(place, (given) => {
      const cursor = toCursor(given);
      assert.deepEqual(parseCursor(cursor, ID), given);
      assert.equal(encodeURIComponent(cursor), cursor);
    }),
  );
});

test('what no list has made is refused', () => {
  const other = toCursor({ time: 1, id: 'UPPER' });
  for (const text of [
    '',
    'x',
    other,
    toCursor({ time: -1, id: 'a' }),
    toCursor({ time: 1.5, id: 'a' }),
  ]) {
    assert.throws(() => parseCursor(text, ID), CursorError, text);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        assert.match(parseCursor(text, ID).id, ID);
      } catch (error) {
        assert.ok(error instanceof CursorError);
      }
    }),
  );
});

test('the order is total: newest first, then by id', () => {
  fc.assert(
    fc.property(place, place, place, (one, two, three) => {
      const isSame = one.time === two.time && one.id === two.id;
      assert.equal(isOlder(one, two), !isSame && !isOlder(two, one));
      assert.equal(isOlder(one, { ...one }), false);
      if (isOlder(one, two) && isOlder(two, three)) assert.ok(isOlder(one, three));
      const [first, second] = [one, two].toSorted(newestFirst);
      if (first !== undefined && second !== undefined) assert.ok(!isOlder(first, second));
    }),
  );
});
