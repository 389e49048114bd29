/**
 * Each result code through all who speak of it: `GET /result-codes`, the desk, the problem of a
 * passed-through message and the problem of a failed report. They say the same of it.
 *
 * What the desk has to do with a code is written here from MKS's document and the contract's rule 6,
 * not drawn from the table under test.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Fault } from '../sandbox/index.ts';
import { deedOf, type Deed } from '../scripts/errors/desk.ts';
import { resultCodes, type ResultCode } from '../src/mks/codes.ts';
import { DATE, startPair, type Pair } from './support/pair.ts';
import { until } from './support/until.ts';

/** How a report fares whose message of that service is answered with the code, signed. */
type Fate =
  /** Goes on polling: MKS is making the report. */
  | 'polls'
  | 'waits for mks-busy'
  | 'waits for mks-error'
  | 'waits for mks-login-refused'
  | 'ends empty'
  | 'fails with mks-rejected'
  | 'fails with mks-error';

const STEPS = {
  'balance-report': '/mks/v1/reports/account/balance-report',
  'async-report-status': '/mks/v1/reports/async-report-status',
} as const;
type Step = keyof typeof STEPS;

/** Rule 6: these pass by themselves, whatever was asked. */
const PASSING = ['OI001', 'OI003', 'OI004', 'OI030', 'OI031', 'XS013', 'SYS0'];
/** They refuse the token: somebody has to mend the login, and the report waits for it (rule 4). */
const REFUSES_TOKEN = ['OI006', '0x00d30003'];
/** They say yes, and leave out what it should bring. */
const SUCCESS = ['0000', 'OI000'];
const BEING_MADE = ['RP020', 'RP021', 'RP022', 'RP023'];
/** Whether another try of the same may succeed: what passes, and what a new reference or report mends. */
const RETRYABLE = [...PASSING, 'RP003', ...BEING_MADE, 'RP025', 'RP045', 'MF04'];

function fateOf(code: string, step: Step): Fate {
  if (PASSING.includes(code)) return 'waits for mks-error';
  if (REFUSES_TOKEN.includes(code)) return 'waits for mks-login-refused';
  if (SUCCESS.includes(code) || /^(?:OI|SP|XS|SYS)/.test(code)) return 'fails with mks-error';
  if (step === 'balance-report') {
    // MKS 5.1.1: any other code says that the message was not processed, RP026 and RP023 too.
    return code === 'RP003' ? 'waits for mks-busy' : 'fails with mks-rejected';
  }
  if (code === 'RP003' || BEING_MADE.includes(code)) return 'polls';
  return code === 'RP026' ? 'ends empty' : 'fails with mks-rejected';
}

interface Told {
  type: string;
  retryable?: boolean;
  hint?: string;
  mks?: { code: string };
}

interface Report {
  state: string;
  rowCount?: number;
  mks?: { code: string };
  waiting?: { for: string; detail?: string };
  problem?: Told;
}

const MOST_TRIES = 5;
/** Each look at a report is a request. */
const LOOK_MS = 100;

function hasEnded({ state }: Report): boolean {
  return state === 'ready' || state === 'failed';
}

/** A refused token may be replaced three times a minute and member: each such try has its own. */
const SPARE = ['AAA', 'BBB', 'CCC', 'DDD'];
const LANGUAGES = ['en', 'tr'] as const;
type Language = (typeof LANGUAGES)[number];

const cleanups: (() => unknown)[] = [];
let pair: Pair;
const listed: Record<Language, Map<string, ResultCode & { meaning: string }>> = {
  en: new Map(),
  tr: new Map(),
};

before(async () => {
  const members = ['TIB', ...SPARE].map((code) => ({ memberCode: code, userCode: `${code}991` }));
  const t = { after: (end: () => unknown) => void cleanups.push(end) } as Parameters<
    typeof startPair
  >[0];
  pair = await startPair(t, { members, prepareSeconds: 0.02 }, { MKS_STATUS_POLL_SECONDS: '0.01' });
  for (const language of LANGUAGES) {
    const answer = await pair.get('/result-codes', { 'accept-language': language });
    const { items } = (await answer.json()) as { items: (ResultCode & { meaning: string })[] };
    for (const item of items) listed[language].set(item.code, item);
  }
});
after(async () => {
  for (const end of cleanups) await end();
});

function memberFor(code: string, step: Step): string {
  if (!REFUSES_TOKEN.includes(code)) return 'TIB';
  const spare = REFUSES_TOKEN.indexOf(code) * 2 + (step === 'balance-report' ? 0 : 1);
  return SPARE[spare] ?? '';
}

async function reportAt(location: string, language: Language, prefer = 'wait=0'): Promise<Report> {
  const answer = await pair.get(location, { 'accept-language': language, prefer });
  assert.equal(answer.status, 200);
  return (await answer.json()) as Report;
}

function fate({ state, rowCount, problem, waiting }: Report): string {
  if (state === 'ready') return rowCount === 0 ? 'ends empty' : 'is ready';
  if (state === 'failed') return `fails with ${problem?.type.replace('/problems/', '')}`;
  return waiting === undefined ? 'polls' : `waits for ${waiting.for}`;
}

/** Has a report meet the code at one step, and looks at what becomes of it. */
async function throughTheDesk(code: string, step: Step): Promise<string> {
  const { sandbox, ask } = pair;
  const member = memberFor(code, step);
  const fault: Fault = { name: 'code', code, service: step, member, signed: true, times: -1 };
  sandbox.faults.arm(fault);
  const met = sandbox.log.length;
  const answer = await ask(
    { member, processDate: DATE, refresh: true },
    { prefer: 'respond-async' },
  );
  assert.equal(answer.status, 202);
  const location = answer.headers.get('location') ?? '';
  const asked = (): number =>
    sandbox.log.slice(met).filter((entry) => entry.path.endsWith(step) && entry.code === code)
      .length;
  // What fails is given five tries at most, so what has had more of them is waited out.
  const isDone = async (): Promise<boolean> => {
    if (asked() > MOST_TRIES) return true;
    const report = await reportAt(location, 'en');
    return hasEnded(report) || report.waiting?.for === 'mks-login-refused';
  };
  await until(isDone, 10_000, LOOK_MS);
  return location;
}

/** The problem of a caller's own message: unsigned, since a signed business code is no problem. */
async function passedThrough(code: string, step: Step, language: Language): Promise<Told> {
  const { sandbox, url } = pair;
  const member = memberFor(code, step);
  const fault = { name: 'unsigned-failure', code, service: step, member, times: -1 } as const;
  sandbox.faults.arm({ ...fault, httpStatus: 422 });
  const body =
    step === 'balance-report'
      ? { processDate: DATE, fileType: 'json', zipPassword: 'Abcdefg12' }
      : { refId: 'R1' };
  const answer = await fetch(`${url}${STEPS[step]}?member=${member}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': language },
    body: JSON.stringify(body),
  });
  sandbox.faults.clear();
  const text = await answer.text();
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, text);
  return JSON.parse(text) as Told;
}

function assertSays(told: Told, code: string, language: Language, who: string): void {
  const entry = listed[language].get(code);
  assert.ok(entry, code);
  assert.equal(told.mks?.code, code, `${who}: ${JSON.stringify(told)}`);
  assert.equal(told.retryable, entry.retryable, `${who}: retryable`);
  const meaning = entry.meaning.replace(/\.$/, '');
  assert.ok(told.hint?.startsWith(meaning), `${who}: “${told.hint}” for “${meaning}”`);
}

/** What docs/en/errors.md says of a report, as what becomes of it: when it is asked for, when its status is. */
const TOLD: Record<Deed, Record<Step, Fate>> = {
  'goes-on': both('fails with mks-error'),
  waits: both('waits for mks-error'),
  'logs-in': both('waits for mks-login-refused'),
  'takes-turn': { 'balance-report': 'waits for mks-busy', 'async-report-status': 'polls' },
  'asks-again': { 'balance-report': 'fails with mks-rejected', 'async-report-status': 'polls' },
  'ends-empty': {
    'balance-report': 'fails with mks-rejected',
    'async-report-status': 'ends empty',
  },
  'starts-over': both('fails with mks-rejected'),
  'new-reference': both('fails with mks-rejected'),
  'fails-error': both('fails with mks-error'),
  'fails-rejected': both('fails with mks-rejected'),
};

function both(one: Fate): Record<Step, Fate> {
  return { 'balance-report': one, 'async-report-status': one };
}

test('the page of the errors tells what becomes of a report', () => {
  for (const entry of resultCodes) {
    const steps = Object.keys(STEPS) as Step[];
    const known = Object.fromEntries(steps.map((step) => [step, fateOf(entry.code, step)]));
    assert.deepEqual(TOLD[deedOf(entry)], known, entry.code);
  }
});

test('GET /result-codes says of each whether another try can help', () => {
  assert.equal(listed.en.size, 51);
  assert.equal(listed.tr.size, 51);
  const retryable = [...listed.en.values()].filter((entry) => entry.retryable);
  assert.deepEqual(retryable.map(({ code }) => code).toSorted(), RETRYABLE.toSorted());
});

async function walk(code: string, step: Step): Promise<void> {
  const passed: Partial<Record<Language, Told>> = {};
  if (!SUCCESS.includes(code)) {
    // Before the desk: a refused token leaves its member's reports waiting.
    for (const language of LANGUAGES) {
      const told = await passedThrough(code, step, language);
      assertSays(told, code, language, 'the pass-through');
      passed[language] = told;
    }
  }
  const location = await throughTheDesk(code, step);
  const report = await reportAt(location, 'en');
  pair.sandbox.faults.clear();
  // What the desk waits out ends well once the code is gone, and burdens nobody after it.
  if (!REFUSES_TOKEN.includes(code)) {
    assert.ok(hasEnded(await reportAt(location, 'en', 'wait=20')), 'it ends');
  }
  assert.equal(fate(report), fateOf(code, step), JSON.stringify(report));
  if (report.state === 'failed' && !SUCCESS.includes(code)) {
    for (const language of LANGUAGES) {
      const { problem } = await reportAt(location, language);
      assert.ok(problem);
      assertSays(problem, code, language, 'the failed report');
      assert.equal(problem.hint, passed[language]?.hint, 'one hint for one service');
    }
  }
  if (!hasEnded(report) && !REFUSES_TOKEN.includes(code)) {
    assert.equal(listed.en.get(code)?.retryable, true, 'the desk tries again');
    assert.equal((await reportAt(location, 'en')).state, 'ready');
  }
}

test('kind, desk, pass-through and failed report say the same of every code', async (t) => {
  for (const [code, { kind }] of listed.en) {
    for (const step of Object.keys(STEPS) as Step[]) {
      await t.test(`${code} (${kind}) to ${step}`, () => walk(code, step));
      pair.sandbox.faults.clear();
    }
  }
});
