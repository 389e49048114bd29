/** Promise 8: every hostile reply that has a file, and a hundred thousand answers changed at random. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeIdentity } from '../support/identities.ts';
import { mutateAnswers } from '../support/signatures.ts';
import type { Outcome, Proof } from './proof.ts';

const MUTATED = 100_000;
const REPLIES = join(import.meta.dirname, '../replies');

export const proof: Proof = {
  number: 8,
  promise: 'only pinned keys are believed',
  small: ['test/mks/signature.test.ts', 'test/replies/alg-none.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const replies = runReplies();
  const { privateKey, certificate } = await makeIdentity();
  const { publicKey } = certificate;
  const { read, believed, wrong } = await mutateAnswers(MUTATED, seed, { privateKey, publicKey });
  for (const each of wrong.slice(0, 20)) console.error(each);
  return {
    done:
      `${replies.files} hostile and odd replies, a file each; ` +
      `${MUTATED.toLocaleString('en')} signed answers changed at one to three places, ` +
      `${read.toLocaleString('en')} of them still of the shape of a JWS`,
    figure:
      `${replies.passed} replies ended as they have to, ${replies.failed} not; ${wrong.length} mutated answers ` +
      `believed with a changed byte of header or payload (${believed} with none: unused bits of the signature)`,
    met: replies.failed === 0 && replies.passed >= replies.files && wrong.length === 0,
  };
}

function runReplies(): { files: number; passed: number; failed: number } {
  const files = readdirSync(REPLIES).filter((name) => name.endsWith('.test.ts'));
  const paths = files.map((name) => join(REPLIES, name));
  const flags = ['--test', '--test-isolation=none', '--test-reporter=tap'];
  const { stdout } = spawnSync(process.execPath, [...flags, ...paths], { encoding: 'utf8' });
  const count = (name: string): number =>
    Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(stdout)?.[1] ?? Number.NaN);
  return { files: files.length, passed: count('pass'), failed: count('fail') };
}
