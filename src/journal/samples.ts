/** Some of a member's sealed answers, by which the sealing keys are tried. */
import { stateful } from '../state/connection.ts';
import { endsOfIndex, type Sampler } from '../state/samples.ts';
import { sealedAnswerOf } from './entry.ts';

export const sampleJournal: Sampler = async ({ redis, keys }, memberCode) => {
  const ids = await endsOfIndex(redis, keys.journalIndex(memberCode));
  if (ids.length === 0) return [];
  const stored = await stateful(redis.hmget(keys.journalEntries(memberCode), ...ids));
  return ids.flatMap((id, index) => {
    const found = sealedAnswerOf(id, stored[index] ?? '');
    return found === undefined ? [] : [{ memberCode, ...found }];
  });
};
