/** Access: a caller sees its members and nobody else’s, and cannot tell theirs from none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CursorError } from '../../../src/lib/page.ts';
import { ProblemError } from '../../../src/problems.ts';
import { findReport, resolveMember } from '../../../src/routes/request/access.ts';
import { readPage } from '../../../src/routes/request/page.ts';
import { dateMistake } from '../../../src/routes/request/process-date.ts';
import type { Caller } from '../../../src/routes/types.ts';
import { createMemoryDesk } from '../../support/desk.ts';

const callerOf = (...members: string[]): Caller => ({
  name: 'a',
  members,
  operator: false,
  auditor: false,
  queueLimit: 1_000,
  notices: {},
});

/** The problem that an action ends with. */
async function problemOf(action: () => unknown): Promise<ProblemError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('it passed');
}

test('the only member need not be named; one of several has to be', async () => {
  assert.equal(resolveMember(callerOf('TIB'), undefined, 'member'), 'TIB');
  assert.equal(resolveMember(callerOf('TIB', 'AKY'), 'AKY', 'member'), 'AKY');
  const { slug, options } = await problemOf(() =>
    resolveMember(callerOf('TIB', 'AKY'), undefined, 'header'),
  );
  assert.equal(slug, 'invalid-request');
  const [mistake] = options.extensions?.errors ?? [];
  assert.equal(mistake?.path, 'header');
  assert.match(mistake.message.en, /TIB, AKY$/);
  assert.match(mistake.message.tr, /TIB, AKY$/);
});

test('another’s member is refused, whether or not there is one', async () => {
  for (const member of ['AKY', 'tib', '', 'TIB ']) {
    const problem = await problemOf(() => resolveMember(callerOf('TIB'), member, 'member'));
    assert.equal(problem.slug, 'member-forbidden', member);
  }
  const none = await problemOf(() => resolveMember(callerOf(), undefined, 'member'));
  assert.equal(none.slug, 'member-forbidden');
});

test('another’s report looks like one that is not there', async () => {
  const desk = createMemoryDesk();
  desk.put({ id: 'mine', member: 'TIB' });
  desk.put({ id: 'theirs', member: 'AKY' });
  desk.put({ id: 'a/../b', member: 'TIB' });
  const request: Parameters<typeof findReport>[1] = { caller: callerOf('TIB'), foreign: null };
  const find = (id: string) => findReport({ desk }, request, id);
  assert.equal((await find('mine')).id, 'mine');
  const [theirs, none] = [await problemOf(() => find('theirs')), await problemOf(() => find('no'))];
  assert.deepEqual([theirs.slug, theirs.options], [none.slug, none.options]);
  assert.equal(theirs.slug, 'not-found');
  // The trail is told all the same.
  assert.deepEqual(request.foreign, { member: 'AKY', report: 'theirs' });
  // What can be no id never reaches the desk.
  for (const id of ['a/../b', '', 'x'.repeat(65), 'a b']) {
    assert.equal((await problemOf(() => find(id))).slug, 'not-found', id);
  }
});

test('a cursor of another list is the caller’s mistake, anything else is not', async () => {
  const { slug, options } = await problemOf(() =>
    readPage({}, () => Promise.reject(new CursorError()), String),
  );
  assert.equal(slug, 'invalid-request');
  assert.equal(options.extensions?.errors?.[0]?.path, 'cursor');
  const other = new TypeError('ours');
  await assert.rejects(
    readPage({}, () => Promise.reject(other), String),
    other,
  );
});

test('a date has to be a day that has begun in Istanbul', () => {
  const lastMoment = Date.parse('2025-05-05T23:59:59.999+03:00');
  assert.equal(dateMistake('20250505', lastMoment), undefined);
  assert.match(dateMistake('20250506', lastMoment)?.en ?? '', /Istanbul it is 20250505/);
  assert.equal(dateMistake('20250506', lastMoment + 1), undefined);
  assert.equal(dateMistake('20240229', lastMoment), undefined);
  for (const day of ['20250229', '20250431', '20250532', '20251301']) {
    const { en, tr } = dateMistake(day, lastMoment) ?? { en: '', tr: '' };
    assert.ok(en !== '' && tr !== '' && en !== tr, day);
  }
});
