/** What callers do while a soak goes on, each with how often; none of them is to be surprised. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../../sandbox/index.ts';
import type { Random } from '../random.ts';

export interface Caller {
  url: string;
  sandbox: Sandbox;
  random: Random;
  /** Ids of the reports that were asked for last, whatever became of them. */
  recent: string[];
  members: readonly string[];
  /** The days that are asked for. */
  dates: readonly string[];
}

/** @returns what came of it, in a word or two: a status and a problem's slug. @throws when it must not have been so. */
type Call = (caller: Caller) => Promise<string>;

const FORMATS = ['json', 'ndjson', 'csv', 'csv-excel', 'xlsx', 'parquet'];
const CODINGS = ['identity', 'gzip', 'zstd', 'br'];
const RECENT_MAX = 40;
/** Longer than anybody waits for a turn. */
const LONGEST_MS = 150_000;

/** Each with its share of all. */
export const CALLS: readonly [name: string, share: number, call: Call][] = [
  ['ask', 12, ask],
  ['refresh', 6, refresh],
  ['cancel', 4, cancel],
  ['rows', 26, rows],
  ['rows cut off', 4, rowsCutOff],
  ['file', 4, file],
  ['events', 6, events],
  ['changes', 5, changes],
  ['check', 4, check],
  ['service', 8, service],
  ['look', 21, look],
];

async function get(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(LONGEST_MS), ...init });
}

const post = (url: string, type: string, body: string, headers: Record<string, string> = {}) =>
  get(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body });

/** Reads the body to its end. */
async function outcomeOf(response: Response): Promise<string> {
  const body = await response.text();
  if (response.ok) return String(response.status);
  const { type = '' } = JSON.parse(body) as { type?: string };
  return `${response.status} ${type.replace('/problems/', '')}`;
}

function wanted({ random, members, dates }: Caller) {
  return { member: random.pick(members), processDate: random.pick(dates) };
}

function remember({ recent }: Caller, { headers }: Response): string | undefined {
  const id = /^\/balances\/(\S+)$/.exec(headers.get('location') ?? '')?.[1];
  if (id === undefined) return undefined;
  if (recent.push(id) > RECENT_MAX) recent.shift();
  return id;
}

/** As most do: wait, and take the rows, which have to be the right ones. */
async function ask(caller: Caller): Promise<string> {
  const body = wanted(caller);
  const prefer = { prefer: 'wait=10' };
  const response = await post(
    `${caller.url}/balances`,
    'application/json',
    JSON.stringify(body),
    prefer,
  );
  remember(caller, response);
  if (response.status !== 200) return outcomeOf(response);
  const { rows: got } = (await response.json()) as { rows: unknown };
  const expected = [...caller.sandbox.expectedRows(body)];
  if (JSON.stringify(got) !== JSON.stringify(expected)) throw new Error('rows that are not MKS’s');
  return '200';
}

async function askAnew(caller: Caller): Promise<[Response, string | undefined]> {
  const body = JSON.stringify({ ...wanted(caller), refresh: true });
  const prefer = { prefer: 'respond-async' };
  const response = await post(`${caller.url}/balances`, 'application/json', body, prefer);
  return [response, remember(caller, response)];
}

async function refresh(caller: Caller): Promise<string> {
  return outcomeOf((await askAnew(caller))[0]);
}

async function cancel(caller: Caller): Promise<string> {
  const [response, id] = await askAnew(caller);
  if (id === undefined) return outcomeOf(response);
  await response.text();
  if (caller.random.chance(0.5)) await sleep(caller.random.below(300));
  return outcomeOf(await get(`${caller.url}/balances/${id}`, { method: 'DELETE' }));
}

function rowsOf({ url, random, recent }: Caller, signal?: AbortSignal): Promise<Response> {
  const path = `/balances/${random.pick(recent) ?? 'none'}/rows?format=${random.pick(FORMATS)}`;
  const headers = { 'accept-encoding': random.pick(CODINGS) };
  return get(`${url}${path}`, { headers, ...(signal && { signal }) });
}

async function rows(caller: Caller): Promise<string> {
  return outcomeOf(await rowsOf(caller));
}

async function rowsCutOff(caller: Caller): Promise<string> {
  const signal = AbortSignal.timeout(caller.random.below(25));
  const left = rowsOf(caller, signal).then((response) => outcomeOf(response));
  return left.catch((error: unknown) => {
    if (signal.aborted) return 'left';
    throw error;
  });
}

async function file({ url, random, recent }: Caller): Promise<string> {
  return outcomeOf(await get(`${url}/balances/${random.pick(recent) ?? 'none'}/file`));
}

/** To the end, or for a while. */
async function events(caller: Caller): Promise<string> {
  const [asked, id] = await askAnew(caller);
  if (id === undefined) return outcomeOf(asked);
  await asked.text();
  const { random, url } = caller;
  const patience = AbortSignal.timeout(random.chance(0.3) ? random.below(500) : LONGEST_MS);
  const told = get(`${url}/balances/${id}/events`, { signal: patience });
  return told.then(outcomeOf).catch((error: unknown) => {
    if (patience.aborted) return 'left';
    throw error;
  });
}

async function changes({ url, random, members, dates }: Caller): Promise<string> {
  const [from = '', to = ''] = random.shuffled(dates).slice(0, 2).toSorted();
  const query = `member=${random.pick(members)}&from=${from}&to=${to}`;
  return outcomeOf(await get(`${url}/balances/changes?${query}`));
}

/** A ledger with its first line missing: one break. */
async function check(caller: Caller): Promise<string> {
  const { member, processDate } = wanted(caller);
  const lines = [...caller.sandbox.expectedRows({ member, processDate })].map((row) =>
    [row.mbrAccNo, row.subAccCode, row.isin, row.balanceAmount].map((cell) => `"${cell}"`).join(),
  );
  const ledger = ['mbrAccNo,subAccCode,isin,balanceAmount', ...lines.slice(1), ''].join('\n');
  const query = `member=${member}&processDate=${processDate}&ledger=soak`;
  return outcomeOf(await post(`${caller.url}/balances/check?${query}`, 'text/csv', ledger));
}

async function service({ url, random, members }: Caller): Promise<string> {
  const query = `member=${random.pick(members)}`;
  const body = { issuerMemberCode: 'TRISP', processDate: '20230606', opStat: 'KO' };
  const path = `/mks/v1/yf/getMfundTradeDetails?${query}`;
  return outcomeOf(await post(`${url}${path}`, 'application/json', JSON.stringify(body)));
}

async function look({ url, random, recent }: Caller): Promise<string> {
  const paths = ['/health/ready', '/health/upstream', '/metrics', '/members', '/balances?limit=20'];
  const report = `/balances/${random.pick(recent) ?? 'none'}`;
  const path = random.pick([...paths, report, report]);
  const outcome = await outcomeOf(await get(`${url}${path}`));
  return outcome === '200' || path === report ? outcome : `${outcome} ${path}`;
}
