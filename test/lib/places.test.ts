import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlaces } from '../../src/lib/places.ts';

test('each name has its own places, and one that is given back twice counts once', () => {
  const places = createPlaces(2);
  const first = places.take('a');
  assert.ok(first && places.take('a'));
  assert.equal(places.take('a'), undefined);
  assert.ok(places.take('b'), 'another has places of its own');
  first();
  first();
  assert.ok(places.take('a'));
  assert.equal(places.take('a'), undefined);
});
