/** What examples/ holds of the OpenAPI document is what is made of it now: `npm run examples` writes it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brunoCollection, type Document } from '../../scripts/examples/bruno.ts';
import { installGenerators, readFolder, typedClient } from '../clients/generators.ts';
import { runScript } from '../scripts/run.ts';

const root = join(import.meta.dirname, '../..');
const advice = 'run `npm run examples`';

test('the Bruno collection has each operation with its method and address, and no other', async () => {
  const document = JSON.parse(readFileSync(join(root, 'openapi/gateway.json'), 'utf8')) as Document;
  const written = await readFolder(join(root, 'examples/bruno'));
  assert.deepEqual(written, brunoCollection(document), advice);
  const drawn = [...written].flatMap(([file, text]) => {
    const [, method, address = ''] =
      /^(get|post|delete|put) \{\n {2}url: \{\{url\}\}(\S+)$/m.exec(text) ?? [];
    const path = address.replace(/\?.*/, '').replaceAll(/:(\w+)/g, '{$1}');
    return method === undefined || !file.includes('/') ? [] : [`${method} ${path}`];
  });
  const known = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  assert.deepEqual(drawn.toSorted(), known.toSorted());
});

test('the typed client is what its generator makes of the document, and its use is typed', async () => {
  await installGenerators();
  const written = await readFolder(join(root, 'examples/javascript/client'));
  assert.deepEqual(written, await typedClient(), advice);
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { code, output } = runScript(compiler, ['-p', join(root, 'examples/javascript')]);
  assert.equal(code, 0, output);
});
