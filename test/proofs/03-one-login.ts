/** Promise 3: a thousand callers of four processes who need a token at the same moment. */
import { logInTogether } from '../support/one-login.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const SIZE = { processes: 4, callers: 250 };

export const proof: Proof = {
  number: 3,
  promise: 'one login for all replicas',
  small: ['test/e2e/one-login.test.ts', 'test/mks/token.test.ts'],
  prove,
};

async function prove(): Promise<Outcome> {
  const ends = cleanup();
  try {
    const told = await logInTogether(ends, SIZE);
    const { cold, revoked, renewed, servedByOld, failed } = told;
    for (const each of failed.slice(0, 20)) console.error(each);
    return {
      done:
        `${SIZE.processes} processes × ${SIZE.callers} callers at once: without a token, with it revoked, and with little ` +
        'of its life left while the login takes 4 s',
      figure:
        `cold ${cold} login, revoked ${revoked}, renewed ahead ${renewed}, the old token serving ${servedByOld} calls ` +
        `meanwhile; ${failed.length} of ${(3 * SIZE.processes * SIZE.callers).toLocaleString('en')} calls failed`,
      met: cold === 1 && revoked === 1 && renewed === 1 && servedByOld > 0 && failed.length === 0,
    };
  } finally {
    await ends.end();
  }
}
