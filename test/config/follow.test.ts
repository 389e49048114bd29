/** Following files on a real disk: told once they rest, however they were exchanged. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { followPaths } from '../../src/config/follow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

async function setUp(t: TestContext) {
  const folder = await temporaryFolder();
  const rests: number[] = [];
  const files = followPaths(() => void rests.push(performance.now()));
  t.after(() => files.close());
  const path = (name: string): string => join(folder, name);
  const write = (name: string, content: string): void => writeFileSync(path(name), content);
  return { files, rests, path, write };
}

test('a file and its mate that change in turn are told of once, when both rest', async (t) => {
  const { files, rests, path, write } = await setUp(t);
  write('key', '1');
  write('certificate', '1');
  files.follow([path('key'), path('certificate')]);
  let lastAt = 0;
  for (let n = 2; n < 8; n += 1) {
    write(n % 2 === 0 ? 'key' : 'certificate', String(n));
    lastAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  assert.equal(files.isAtRest(), false);
  await until(() => rests.length > 0);
  assert.ok((rests[0] ?? 0) - lastAt >= 250, 'not before they rest');
  assert.equal(files.isAtRest(), true);
  assert.equal(rests.length, 1);
});

test('a file that is put in place of another, comes, or goes, has changed', async (t) => {
  const { files, rests, path, write } = await setUp(t);
  write('a', 'one');
  files.follow([path('a'), path('later')]);
  const steps = [
    () => {
      write('a.new', 'two');
      renameSync(path('a.new'), path('a'));
    },
    () => write('later', 'here'),
    () => rmSync(path('later')),
  ];
  for (const [index, step] of steps.entries()) {
    step();
    await until(() => rests.length === index + 1);
  }
});

test('a link that comes to lead elsewhere is seen without an event', async (t) => {
  const { files, rests, path, write } = await setUp(t);
  mkdirSync(path('one'));
  mkdirSync(path('two'));
  write('one/secret', '1');
  write('two/secret', '2');
  // As secret stores do it: the followed name leads through a link in another directory.
  mkdirSync(path('data'));
  symlinkSync(path('one'), path('data/current'));
  files.follow([path('data/current/secret')]);
  symlinkSync(path('two'), path('data/next'));
  renameSync(path('data/next'), path('data/current'));
  await until(() => rests.length === 1);
});

test('what is no longer followed, and what stands as it was when that began, is no change', async (t) => {
  const { files, rests, path, write } = await setUp(t);
  write('a', '1');
  write('b', '1');
  assert.equal(files.follow([path('a'), path('b'), path('a')]), true);
  assert.equal(files.follow([path('b'), path('a')]), false, 'the same ones');
  assert.equal(files.follow([path('b')]), true);
  write('a', '2');
  assert.equal(files.isAtRest(), true);
  write('b', '2');
  await until(() => rests.length === 1);
  files.close();
});
