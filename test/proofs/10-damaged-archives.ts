/** Promise 10: every bit of small archives turned over, and thousands of passwords that are not theirs. */
import {
  harmEachByte,
  lockedArchives,
  tryPasswords,
  type Told,
} from '../support/archive-damage.ts';
import type { Outcome, Proof } from './proof.ts';

const PASSWORDS = 4_096;
/** Each bit, and all of them. */
const MASKS = [1, 2, 4, 8, 16, 32, 64, 128, 255];

export const proof: Proof = {
  number: 10,
  promise: 'no wrong row from a bad archive',
  small: ['test/rows/read/damage.test.ts'],
  prove,
};

async function prove(): Promise<Outcome> {
  const harmed: Told[] = [];
  const guessed: Told[] = [];
  for (const type of ['csv', 'json'] as const) {
    for (const archive of await lockedArchives(type))
      harmed.push(await harmEachByte(archive, () => MASKS));
  }
  for (const archive of await lockedArchives('csv'))
    guessed.push(await tryPasswords(archive, PASSWORDS));
  const sum = (list: Told[], of: (told: Told) => number): number =>
    list.reduce((total, told) => total + of(told), 0);
  const wrong = [...harmed, ...guessed].flatMap((told) => told.wrong);
  for (const each of wrong.slice(0, 20)) console.error(each);
  const tried = sum(harmed, (told) => told.tried);
  const errors = sum(harmed, ({ reasons }) => Object.values(reasons).reduce((a, b) => a + b, 0));
  return {
    done:
      `${tried.toLocaleString('en')} archives (CSV, JSON; ZipCrypto, AES; stored, deflated), one byte of each harmed: ` +
      `every byte, ${MASKS.length} ways; ${PASSWORDS.toLocaleString('en')} wrong passwords for each of ${guessed.length}`,
    figure: `${wrong.length} gave a wrong row or opened; ${errors.toLocaleString('en')} were refused, the others gave the very same rows`,
    met: wrong.length === 0 && errors > tried / 2,
  };
}
