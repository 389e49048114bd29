/** A payload whose bytes are those that were signed, but not its text: a bit that base64url does not use is set. */
import { reply, signed } from './support.ts';

/** Of so many letters at the end some bits belong to no byte, and the next letter has one of them set. */
const NEXT: Readonly<Record<string, string>> = { A: 'B', Q: 'R', g: 'h', w: 'x' };

reply(
  'unused bits of the payload',
  (received) => {
    // As long as it takes until the payload's length leaves bits over.
    for (let padding = 0; ; padding += 1) {
      const more = { pad: 'x'.repeat(padding) };
      const [header, payload = '', signature] = signed(received, { more }).split('.');
      const last = NEXT[payload.at(-1) ?? ''];
      if (payload.length % 4 === 2 && last !== undefined)
        return { body: `${header}.${payload.slice(0, -1)}${last}.${signature}` };
    }
  },
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
