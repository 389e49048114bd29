/** Promise 12: answers that never end, to each kind of call, and a server that stands still. */
import { MksError } from '../../src/mks/errors.ts';
import type { MksOptions } from '../../src/mks/index.ts';
import type { Mks, MksRequest } from '../../src/mks/types.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { ENDLESS, startStoppedServer } from '../support/endless-answers.ts';
import { CONTENT, setUpMks, STATUS, type Setting } from '../support/mks.ts';
import { createRandom, type Random } from '../support/random.ts';
import { startRedis } from '../support/redis.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const ROUNDS = 12;
const TOLERANCE_MS = 250;
const HALF_OPEN = 'half open';
/** Where the server that stands still is found, at the port of the one that answers. */
const STOPPED_HOST = '127.0.0.5';

export const proof: Proof = {
  number: 12,
  promise: 'every call ends',
  small: ['test/faults/black-hole.test.ts', 'test/faults/drip.test.ts'],
  prove,
};

/** What hangs: the login before a call, a message, or a message that is answered with a file. */
const CALLS = { login: STATUS, message: STATUS, file: CONTENT } as const;
type Kind = keyof typeof CALLS;

async function prove(seed: number): Promise<Outcome> {
  const random = createRandom(seed);
  const ends = cleanup();
  try {
    const redis = await startRedis(ends, ['--appendfsync', 'no']);
    const late: number[] = [];
    const wrong: string[] = [];
    for (const kind of Object.keys(CALLS) as Kind[]) {
      for (const name of [...Object.keys(ENDLESS), HALF_OPEN]) {
        const told = await hang(await setUpMks(ends, { redis }), ends, kind, name, random);
        late.push(...told.lateMs);
        wrong.push(...told.wrong);
      }
    }
    for (const each of wrong.slice(0, 20)) console.error(each);
    const most = Math.round(Math.max(...late));
    return {
      done:
        `${[...Object.keys(ENDLESS), HALF_OPEN].join(', ')}, each to a login, a message and a file: ` +
        `${late.length} calls with deadlines of 200 to 1,500 ms`,
      figure: `all ended, the latest ${most} ms after its deadline; ${wrong.length} told wrongly what became of them`,
      met: wrong.length === 0 && most <= TOLERANCE_MS,
    };
  } finally {
    await ends.end();
  }
}

/** So many calls of a kind at once, each of a replica with a deadline of its own. */
async function hang(
  setting: Setting,
  ends: Cleanup,
  kind: Kind,
  name: string,
  random: Random,
): Promise<{ lateMs: number[]; wrong: string[] }> {
  const { upstream, replica } = setting;
  const isHalfOpen = name === HALF_OPEN;
  const request = CALLS[kind];
  // Where a message is to hang, its token is there.
  const baseUrl = `http://mks.invalid:${upstream.port}`;
  const open = (more: Partial<MksOptions>) =>
    replica({ baseUrl, hostAddress: '127.0.0.1', ...more });
  if (kind !== 'login') await (await open({})).call(STATUS);
  const answer = ENDLESS[name];
  if (answer !== undefined) upstream[kind === 'login' ? 'onAuth' : 'onCall'] = () => answer;
  if (isHalfOpen) await startStoppedServer(ends, STOPPED_HOST, upstream.port);
  const lateMs: number[] = [];
  const wrong: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const deadlineMs = 200 + random.below(1_300);
    const bounds = { requestTimeoutMs: deadlineMs, downloadTimeoutMs: deadlineMs };
    const one = await open({ ...bounds, ...(isHalfOpen && { hostAddress: STOPPED_HOST }) });
    const callsBefore = upstream.calls.length;
    const began = performance.now();
    const told = await ended(one, request);
    lateMs.push(performance.now() - began - deadlineMs);
    const isSeen = upstream.calls.length > callsBefore;
    // A busy machine may not even have begun; where nothing came, nothing was sent.
    const rightly = isSeen
      ? ['unknown']
      : kind === 'login'
        ? ['not-sent']
        : ['not-sent', 'unknown'];
    if (!rightly.includes(told)) wrong.push(`${name}, ${kind}: ${told}`);
  }
  return { lateMs, wrong };
}

/** The outcome that a call ends with, a file's too that breaks off in the middle. */
async function ended(mks: Mks, request: MksRequest): Promise<string> {
  try {
    const answer = await mks.call(request);
    if (answer.kind !== 'archive') return 'answered';
    for await (const piece of answer.stream) void piece;
    return 'given';
  } catch (error) {
    return error instanceof MksError ? error.outcome : String(error);
  }
}
