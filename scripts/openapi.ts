/**
 * Writes the OpenAPI document of the gateway to `openapi/gateway.json`, without listening.
 *
 * `--check` writes nothing and exits 1 when the file is not what the sources say.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openapiText } from './openapi/document.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const file = new URL('../openapi/gateway.json', import.meta.url);
const text = await openapiText();

if (values.check) {
  const written = await readFile(file, 'utf8').catch(() => '');
  if (written !== text) {
    console.error('openapi/gateway.json is not what the sources say: run scripts/openapi.ts');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, text);
}
