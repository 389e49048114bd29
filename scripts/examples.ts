/**
 * Writes what examples/ holds of the OpenAPI document anew: the Bruno collection and the typed client.
 *
 * The client's generator is that of test/clients, which npm installs into `.clients` at the first time.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { installGenerators, typedClient } from '../test/clients/generators.ts';
import { brunoCollection, type Document } from './examples/bruno.ts';

const ROOT = join(import.meta.dirname, '..');

async function replaceFolder(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [name, text] of files) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

const document = await readFile(join(ROOT, 'openapi/gateway.json'), 'utf8');
const collection = brunoCollection(JSON.parse(document) as Document);
await replaceFolder(join(ROOT, 'examples/bruno'), collection);
await installGenerators();
await replaceFolder(join(ROOT, 'examples/javascript/client'), await typedClient());
