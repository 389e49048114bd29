/** Rows as the JSON file of a report, piece by piece. */
import type { Shape } from '../shape.ts';
import { ROW_FIELDS, type Row } from './columns.ts';

/** The texts, put together, are one JSON document: an array of rows, or an object that holds it. */
export function* jsonText(rows: Iterable<Row>, shape: Shape): Generator<string> {
  const [open, close] = shape.jsonRoot === 'object' ? rootObject(shape) : ['[', ']'];
  const indent = shape.jsonPretty ? '\n  ' : '';
  yield open;
  let isFirst = true;
  for (const row of rows) {
    yield `${isFirst ? '' : ','}${indent}${rowText(row, shape)}`;
    isFirst = false;
  }
  yield `${shape.jsonPretty ? '\n' : ''}${close}`;
}

/** Members before and after the rows try a reader: they are no rows, and one looks like a list of them. */
function rootObject(shape: Shape): [open: string, close: string] {
  const before = {
    report: 'RP166',
    parameters: { accounts: ['1', '2'], note: 'a ] and a }' },
    codes: [],
  };
  const after = { totals: { files: 1 }, warnings: ['[{"isin":"none"}]'] };
  const [head, tail] = [before, after].map((part) =>
    escaped(JSON.stringify(part, null, shape.jsonPretty ? 2 : 0), shape).slice(1, -1),
  );
  return [`{${head ?? ''},"balances":[`, `],${tail ?? ''}}`];
}

function rowText(row: Row, shape: Shape): string {
  const [open, between, colon, close] = shape.jsonPretty
    ? ['{\n    ', ',\n    ', ': ', '\n  }']
    : ['{', ',', ':', '}'];
  let text = open;
  for (const field of ROW_FIELDS) {
    const value = row[field];
    if (value === '' && shape.jsonEmpty === 'absent') continue;
    text += `${text === open ? '' : between}"${field}"${colon}${valueText(field, value, shape)}`;
  }
  return text + close;
}

function valueText(field: keyof Row, value: string, shape: Shape): string {
  if (value === '' && shape.jsonEmpty === 'null') return 'null';
  if (field === 'balanceAmount' && shape.jsonAmounts === 'number') return value;
  // Nearly all texts need no escape, and a million rows have nine of them each.
  const quoted = /["\\\u0000-\u001f]/.test(value) ? JSON.stringify(value) : `"${value}"`;
  return escaped(quoted, shape);
}

function escaped(text: string, shape: Shape): string {
  if (!shape.jsonEscapes) return text;
  return text.replaceAll(/[\u0080-\uffff]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
