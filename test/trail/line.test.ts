/** A line of the trail: its form does not hang on which lines came before it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  array,
  assert as check,
  constantFrom,
  dictionary,
  integer,
  oneof,
  property,
  record,
  string,
} from 'fast-check';
import type { Act } from '../../src/trail/act.ts';
import { canonical } from '../../src/trail/canonical.ts';
import { digestOf, nextLine, NO_DIGEST } from '../../src/trail/line.ts';

test('whatever lines of the action bore before, a line is canonical and complete', () => {
  const names = constantFrom(
    'report',
    'a',
    'zz',
    'befor',
    'beforf',
    'é',
    '\ufb33',
    '😀',
    'time',
    '__q',
  );
  const value = oneof(string({ unit: 'grapheme' }), integer(), dictionary(string(), string()));
  const members = dictionary(names, value, { noNullPrototype: true });
  const content = record({ action: constantFrom('one', 'two'), members });
  check(
    property(array(content), (contents) => {
      let head = { number: 0, digest: NO_DIGEST };
      for (const { action, members: given } of contents) {
        const act = { ...given, action } as unknown as Act;
        const link = { number: head.number + 1, time: 'now', before: head.digest };
        const text = canonical({ ...act, ...link });
        const line = nextLine(head, 'now', act);
        assert.deepEqual(line, { number: link.number, digest: digestOf(text), text: `${text}\n` });
        head = line;
      }
    }),
  );
});
