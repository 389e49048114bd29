/** What a spreadsheet can hold unchanged: one answer for every format that is opened in one. */

/** Excel's limits, in UTF-16 units: of a cell's text, and of a formula. */
const CELL_MAX_CHARACTERS = 32_767;
const FORMULA_MAX_CHARACTERS = 8_192;

/** IEEE 754: a double gives back any decimal of so many significant digits, and not any of more. */
const DOUBLE_DIGITS = 15;
/** Far from where a double overflows, and where a spreadsheet stops to show further places. */
const NUMBER_MAX_CHARACTERS = 31;

/**
 * Whether a spreadsheet's number says all that the amount says: its digits and its sign.
 * @param amount canonical: an optional `-`, digits, and optionally `.` and digits.
 */
export function isExactNumber(amount: string): boolean {
  if (amount.length > NUMBER_MAX_CHARACTERS) return false;
  const parts = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/.exec(amount);
  if (parts === null) return false;
  const [, sign, whole = '', fraction = ''] = parts;
  const digits = (whole + fraction).replace(/^0+/, '').replace(/0+$/, '');
  // Zero has no sign in a spreadsheet.
  if (digits === '') return sign === '';
  return digits.length <= DOUBLE_DIGITS;
}

/** Shown as it is: a number beyond 11 digits is shown in exponent form. */
const SHORT_NUMBER = /^(?:0|[1-9]\d{0,10})$/;
/** Words only: a number, a date, a time and a currency each have a digit. */
const WORDS = /^\p{L}[^\d\r\t]*$/u;
/** What has a line end in its middle is no number and no date; LibreOffice takes no formula with one. */
const LINES = /^[\p{L}\d](?:[^\t\r]*\S)?\n\S[^\t\r]*$/u;
const ISIN = /^[A-Z]{2}[A-Z0-9]{9}\d$/;
const BOOLEAN = /^(?:true|false|doğru|yanl[ıiI]ş)\s*$/iu;

/**
 * Whether a spreadsheet that reads a text file leaves the text as it is. What it takes for a number, a
 * date or a formula differs by its language and its version, so the harmless is named and not the
 * harmful.
 */
export function isLeftAlone(text: string): boolean {
  if (text === '' || SHORT_NUMBER.test(text) || ISIN.test(text) || LINES.test(text)) return true;
  return WORDS.test(text) && !BOOLEAN.test(text);
}

/**
 * The text as a formula whose value is that very text: in literals of 127 characters, for Excel's end at
 * 255 UTF-16 units, and no character is parted.
 * @returns undefined where a formula cannot hold it.
 */
export function asFormula(text: string): string | undefined {
  const literals = text.match(/[^]{1,127}/gu) ?? [''];
  const formula = `=${literals.map((part) => `"${part.replaceAll('"', '""')}"`).join('&')}`;
  return formula.length > FORMULA_MAX_CHARACTERS ? undefined : formula;
}

/** The text, or, where a cell would cut it, a word in its place that nobody takes for it. */
export function cellText(text: string): string {
  return text.length <= CELL_MAX_CHARACTERS ? text : tooLong(text);
}

/** What stands in a cell that cannot hold its text: never a part of it. */
export function tooLong(text: string): string {
  return `(${text.length} characters are too many for a cell: read JSON or CSV; bir hücre için çok uzun)`;
}
