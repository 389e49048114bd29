/** The parts of a workbook beside its sheets (ECMA-376-1 §12, §18.2, §18.8), each whole. */
import { DECIMALS_MAX, MAIN, PROLOGUE } from './sheet.ts';

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Numbers of formats below 164 are Excel's own. */
const FIRST_FORMAT = 164;

export interface WrittenSheet {
  name: string;
  /** What can be filtered. */
  range: string;
}

/** @returns the parts by their names. */
export function workbookParts(sheets: readonly WrittenSheet[]): [name: string, xml: string][] {
  return [
    ['xl/styles.xml', styles()],
    ['xl/workbook.xml', workbook(sheets)],
    ['xl/_rels/workbook.xml.rels', relationships(sheets.length)],
    ['_rels/.rels', rootRelationships()],
    ['[Content_Types].xml', contentTypes(sheets.length)],
  ];
}

export function sheetPath(number: number): string {
  return `xl/worksheets/sheet${number}.xml`;
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

function workbook(sheets: readonly WrittenSheet[]): string {
  const list = sheets.map(
    ({ name }, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  );
  const filters = sheets.map(({ name, range }, at) => {
    const cells = range.replaceAll(/([A-Z]+)(\d+)/g, '$$$1$$$2');
    return `<definedName name="_xlnm._FilterDatabase" localSheetId="${at}" hidden="1">'${name}'!${cells}</definedName>`;
  });
  return (
    `${PROLOGUE}<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets>${list.join('')}</sheets>` +
    `<definedNames>${filters.join('')}</definedNames></workbook>`
  );
}

/** Plain, the bold header, text that stays text, and a number with each count of decimals. */
function styles(): string {
  const decimals = [0, ...numbersTo(DECIMALS_MAX)];
  const formats = decimals.map(
    (count) =>
      `<numFmt numFmtId="${FIRST_FORMAT + count}" formatCode="0${count === 0 ? '' : `.${'0'.repeat(count)}`}"/>`,
  );
  const cells = [
    cellFormat(0),
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>',
    cellFormat(49),
    ...decimals.map((count) => cellFormat(FIRST_FORMAT + count)),
  ];
  const font = '<sz val="11"/><name val="Calibri"/>';
  return (
    `${PROLOGUE}<styleSheet xmlns="${MAIN}"><numFmts count="${formats.length}">${formats.join('')}</numFmts>` +
    `<fonts count="2"><font>${font}</font><font><b/>${font}</font></fonts>` +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${cells.length}">${cells.join('')}</cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  );
}

function cellFormat(format: number): string {
  const applied = format === 0 ? '' : ' applyNumberFormat="1"';
  return `<xf numFmtId="${format}" fontId="0" fillId="0" borderId="0" xfId="0"${applied}/>`;
}

function relationships(sheets: number): string {
  const list = numbersTo(sheets).map((n) =>
    relationship(n, 'worksheet', `worksheets/sheet${n}.xml`),
  );
  return relationshipList([...list, relationship(sheets + 1, 'styles', 'styles.xml')]);
}

function rootRelationships(): string {
  return relationshipList([relationship(1, 'officeDocument', 'xl/workbook.xml')]);
}

function relationship(id: number, type: string, target: string): string {
  return `<Relationship Id="rId${id}" Type="${DOCUMENT}/${type}" Target="${target}"/>`;
}

function relationshipList(list: readonly string[]): string {
  return `${PROLOGUE}<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}</Relationships>`;
}

function contentTypes(sheets: number): string {
  const overrides = [
    ['xl/workbook.xml', 'sheet.main'],
    ['xl/styles.xml', 'styles'],
    ...numbersTo(sheets).map((n) => [sheetPath(n), 'worksheet']),
  ].map(([path, type]) => `<Override PartName="/${path}" ContentType="${TYPE}.${type}+xml"/>`);
  return (
    `${PROLOGUE}<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `${overrides.join('')}</Types>`
  );
}
