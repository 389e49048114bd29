/** Texts in the XML of a workbook. */

/** What XML cannot hold or would change, and what reads as an escape already (§22.9.2.19), to LibreOffice with fewer digits too. */
const SPECIAL =
  // oxlint-disable-next-line no-control-regex
  /[&<>\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|_(?=x)/g;
/** Most texts by far. */
const PLAIN = /^[A-Za-z0-9 .,-]*$/;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The text as the content of an element: read back it is the same, sign by sign. */
export function escaped(text: string): string {
  return PLAIN.test(text)
    ? text
    : text.replace(SPECIAL, (sign) => ENTITIES[sign] ?? `_x${hex(sign)}_`);
}

function hex(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}
