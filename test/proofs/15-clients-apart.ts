/** Promise 15: every route, asked by a client of every set of four members, about each of them. */
import { crossEverything } from '../support/access-matrix.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const MEMBERS = ['AKY', 'GAR', 'TIB', 'YKY'];

export const proof: Proof = {
  number: 15,
  promise: 'clients are kept apart',
  small: ['test/e2e/matrix.test.ts'],
  prove,
};

async function prove(): Promise<Outcome> {
  const ends = cleanup();
  try {
    const { routes, clients, cells, leaks } = await crossEverything(ends, MEMBERS);
    for (const each of leaks.slice(0, 20)) console.error(each);
    return {
      done:
        `${routes} routes × ${clients} keys (none, a wrong one, every set of members, an operator and an auditor of each) × ` +
        `${MEMBERS.length} members: ${cells.toLocaleString('en')} cells`,
      figure: `${leaks.length} leaks`,
      met: leaks.length === 0 && cells === routes * clients * MEMBERS.length,
    };
  } finally {
    await ends.end();
  }
}
