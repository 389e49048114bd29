import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CursorError } from '../../../src/lib/page.ts';
import { ProblemError } from '../../../src/problems.ts';
import { readPage } from '../../../src/routes/request/page.ts';

test('a page is what the list gives, each entry as callers see it', async () => {
  const asked: object[] = [];
  const list = async (query: object) => {
    asked.push(query);
    return { items: [1, 2], nextCursor: 'more' };
  };
  const page = await readPage({ limit: 2, cursor: 'here' }, list, (item) => ({ item }));
  assert.deepEqual(page, { items: [{ item: 1 }, { item: 2 }], nextCursor: 'more' });
  await readPage({}, list, String);
  assert.deepEqual(asked, [{ limit: 2, cursor: 'here' }, { limit: 50 }]);
});

test('the last page names no cursor', async () => {
  const page = await readPage({}, async () => ({ items: [] }), String);
  assert.deepEqual(page, { items: [] });
});

test('a cursor of another list is the caller’s mistake; any other error stays what it is', async () => {
  async function failing(error: Error): Promise<unknown> {
    const list = async (): Promise<never> => {
      throw error;
    };
    return readPage({ cursor: 'x' }, list, String);
  }
  await assert.rejects(failing(new CursorError()), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.slug, 'invalid-request');
    assert.equal(error.options.extensions?.errors?.[0]?.path, 'cursor');
    return true;
  });
  await assert.rejects(failing(new RangeError('other')), RangeError);
});
