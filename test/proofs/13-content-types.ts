/** Promise 13: bodies that no schema allows, under every type, and every two types, that can be said of them. */
import { tryTypes, VARIANTS } from '../support/content-types.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

export const proof: Proof = {
  number: 13,
  promise: 'the schema cannot be skipped',
  small: ['test/routes/content-type.test.ts'],
  prove,
};

async function prove(): Promise<Outcome> {
  const ends = cleanup();
  try {
    const single = VARIANTS.map((one) => [one]);
    const doubled = VARIANTS.flatMap((one) => VARIANTS.map((other) => [one, other]));
    const { requests, accepted, wrong } = await tryTypes(ends, [[], ...single, ...doubled]);
    for (const each of wrong.slice(0, 20)) console.error(each);
    return {
      done:
        `${VARIANTS.length} Content-Type variants, none, and every two of them in two headers, ` +
        `at each route that takes JSON: ${requests.toLocaleString('en')} requests`,
      figure: `${wrong.length} invalid bodies reached a handler; ${accepted.length} of the lists are taken for JSON`,
      met: wrong.length === 0 && accepted.length > 0,
    };
  } finally {
    await ends.end();
  }
}
