/** What the console takes the gateway's answers for is what the OpenAPI document says they are. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FILTER_NAMES, ROW_FIELDS } from '../../console/lib/documents.ts';
import { ACTIONS } from '../../console/views/trail/documents.ts';

interface Schema {
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: string[];
}

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { components } = JSON.parse(read('openapi/gateway.json')) as {
  components: { schemas: Record<string, Schema> };
};

/** Which of the console's interfaces are which schemas. */
const PAIRS = [
  ['console/lib/documents.ts', 'Problem', 'Problem'],
  ['console/lib/documents.ts', 'Report', 'Report'],
  ['console/lib/documents.ts', 'Member', 'MemberStatus'],
  ['console/views/timeline.ts', 'Exchange', 'Exchange'],
  ['console/views/trail/documents.ts', 'TrailEntry', 'TrailEntry'],
  ['console/views/changes.ts', 'Change', 'Change'],
  ['console/views/check/documents.ts', 'Break', 'LedgerBreak'],
  ['console/views/check/documents.ts', 'CheckRecord', 'CheckRecord'],
  ['console/views/operations/orders.ts', 'Order', 'StandingOrder'],
  ['console/views/operations/orders.ts', 'OrderDay', 'OrderDate'],
] as const;

/** The fields of an interface and whether each may be absent: prettier gives each a line of its own. */
function fieldsOf(file: string, name: string): { field: string; isOptional: boolean }[] {
  const body = new RegExp(`interface ${name}\\b[^{]*{\\n([^]*?)\\n}`).exec(read(file))?.[1] ?? '';
  return [...body.matchAll(/^ {2}(\w+)(\??):/gm)].map(([, field = '', mark]) => ({
    field,
    isOptional: mark === '?',
  }));
}

for (const [file, name, schemaName] of PAIRS) {
  test(`${name} is as the gateway gives it`, () => {
    const { properties = {}, required = [] } = components.schemas[schemaName] ?? {};
    const fields = fieldsOf(file, name);
    assert.ok(fields.length > 2, `${fields.length} fields found`);
    for (const { field, isOptional } of fields) {
      assert.ok(field in properties, `${schemaName} has no ${field}`);
      assert.ok(isOptional || required.includes(field), `${field} may be absent`);
    }
  });
}

test('knows every state, every reason to wait, every filter and every field of a row', () => {
  const { Report, Filters, BalanceRow } = components.schemas;
  const source = read('console/parts/state.ts');
  const texts = [...source.matchAll(/^ {2}'?([\w-]+)'?: {/gm)].map(([, name = '']) => name);
  const { state, waiting } = Report?.properties ?? {};
  assert.ok((state?.enum ?? []).length > 3);
  for (const value of [...(state?.enum ?? []), ...(waiting?.properties?.['for']?.enum ?? [])]) {
    assert.ok(texts.includes(value), `no words for ${value}`);
  }
  assert.deepEqual([...FILTER_NAMES].toSorted(), Object.keys(Filters?.properties ?? {}).toSorted());
  assert.deepEqual([...ROW_FIELDS], Object.keys(BalanceRow?.properties ?? {}));
});

test('has words for every act of the trail, and for no other', () => {
  const acts = components.schemas['TrailEntry']?.properties?.['action']?.enum ?? [];
  assert.deepEqual(Object.keys(ACTIONS).toSorted(), acts.toSorted());
});
