/** Columns that hold a million texts in little: what repeats once, what does not as its bytes. */

/** A column whose texts repeat: each text once, and a number for each row. */
export interface CodedColumn {
  /** Every different text, by its number. */
  texts: readonly string[];
  add(text: string): void;
  textAt(row: number): string;
  codeAt(row: number): number;
  /** For each number its place among all texts in order. */
  ranks(): Uint32Array;
}

export function createCodedColumn(): CodedColumn {
  const texts: string[] = [];
  const codes = createNumbers();
  const known = new Map<string, number>();
  return {
    texts,
    add(text) {
      let code = known.get(text);
      if (code === undefined) {
        code = texts.push(text) - 1;
        known.set(text, code);
      }
      codes.add(code);
    },
    textAt: (row) => texts[codes.at(row)] ?? '',
    codeAt: codes.at,
    ranks() {
      const order = texts
        .map((_, code) => code)
        .toSorted((a, b) => compareTexts(texts[a], texts[b]));
      const ranks = new Uint32Array(texts.length);
      order.forEach((code, rank) => (ranks[code] = rank));
      return ranks;
    },
  };
}

/** A column of amounts: nearly all differ, so the bytes of each stand one behind the other. */
export interface AmountColumn {
  add(text: string): void;
  textAt(row: number): string;
}

export function createAmountColumn(): AmountColumn {
  const ends = createNumbers();
  let bytes = new Uint8Array(1 << 16);
  let used = 0;
  const decoder = new TextDecoder();
  return {
    add(text) {
      if (used + text.length > bytes.length) {
        const grown = new Uint8Array(2 * bytes.length + text.length);
        grown.set(bytes);
        bytes = grown;
      }
      // Digits, a sign and a point: a byte each.
      for (let at = 0; at < text.length; at += 1) bytes[used + at] = text.charCodeAt(at);
      used += text.length;
      ends.add(used);
    },
    textAt(row) {
      const start = row === 0 ? 0 : ends.at(row - 1);
      return decoder.decode(bytes.subarray(start, ends.at(row)));
    },
  };
}

function createNumbers() {
  let numbers = new Uint32Array(1 << 14);
  let count = 0;
  return {
    add(number: number): void {
      if (count === numbers.length) {
        const grown = new Uint32Array(2 * count);
        grown.set(numbers);
        numbers = grown;
      }
      numbers[count] = number;
      count += 1;
    },
    at: (place: number): number => numbers[place] ?? 0,
  };
}

/** By code units, as the gateway and spreadsheets' sorts of codes do: accounts and ISINs are no words. */
function compareTexts(one = '', other = ''): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
