/** Bodies under every type that can be said of them, and whether one reaches a handler that was not validated. */
import type { Cleanup } from './cleanup.ts';
import { memoryOrders, startEdge, type Edge } from './edge.ts';
import { rawExchange } from './raw.ts';

/** GHSA-247c-9743-5963 and its kin: the parser's view of a type and the validator's may differ. */
export const VARIANTS = [
  'application/json',
  'application/json;',
  'application/json ;charset=utf-8',
  'application/json\t;charset=utf-8',
  'application/json\t',
  'application/json ',
  '\tapplication/json',
  '  application/json',
  'Application/JSON',
  'APPLICATION/json;charset="utf-8"',
  'application/json;charset=utf-16',
  'application/json; boundary=x',
  'application/json; charset=utf-8; charset=utf-7',
  'application/json,text/plain',
  'application/json, application/json',
  'text/plain, application/json',
  'application/jsonx',
  'application/json+x',
  'application/vnd.api+json',
  'application/json/',
  'application/ json',
  'application /json',
  'application\\/json',
  '"application/json"',
  'application/json\u00a0',
  'text/plain',
  'text/plain;application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  '*/*',
  'json',
  ';',
  '',
];

/** The routes that take a JSON body, each with one that its schema refuses and one that it lets through. */
const BODIES: Readonly<Record<string, readonly [invalid: string, valid: string]>> = {
  '/balances': [
    '{"processDate":"20250505","isin":"not an isin","evil":true}',
    '{"processDate":"20250505"}',
  ],
  '/mks/v1/reports/account/balance-report': [
    '{"processDate":"20250505","fileType":"exe","zipPassword":"Secret12"}',
    '{"processDate":"20250505","fileType":"csv","zipPassword":"Secret12"}',
  ],
  '/mks/v1/reports/async-report-status': ['{"refId":7,"x":1}', '{"refId":"r"}'],
  '/mks/v1/reports/async-report-content': [
    '{"refId":["r"],"fileName":null}',
    '{"refId":"r","fileName":"MKK_RP166_1.zip"}',
  ],
  '/mks/v1/yf/getMfundTradeDetails': [
    '{"issuerMemberCode":1,"processDate":"20230606","opStat":"KO"}',
    '{"issuerMemberCode":"TRISP","processDate":"20230606","opStat":"KO"}',
  ],
  '/standing-orders/nightly/run': ['{"processDate":20250505}', '{"processDate":"20250505"}'],
};
const VALID = '{"processDate":"20250505"}';

/** A POST, with a Content-Type header for each of the types. */
export function post(path: string, types: readonly string[], body: string): string {
  const headers = types.map((type) => `Content-Type: ${type}\r\n`).join('');
  return (
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nPrefer: respond-async\r\n${headers}` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

export interface TypesTried {
  requests: number;
  /** The lists of types that are taken for JSON. */
  accepted: string[];
  /** What an invalid body was answered that is no refusal, or that it reached a handler. */
  wrong: string[];
}

/** @param lists of types: a request bears a header for each of one list. */
export async function tryTypes(
  t: Cleanup,
  lists: readonly (readonly string[])[],
): Promise<TypesTried> {
  let runs = 0;
  const orders = {
    ...memoryOrders,
    run: async () => {
      runs += 1;
    },
  };
  const edge = await startEdge(t, { rateLimitPerMinute: 1_000_000, orders });
  const reached = (): number => edge.desk.asks.length + edge.calls.length + runs;
  const told: TypesTried = { requests: 0, accepted: [], wrong: [] };
  // Each of the handlers can be reached, and it is seen.
  for (const [path, [, valid]] of Object.entries(BODIES)) {
    const before = reached();
    const { status } = await rawExchange(edge.url, [post(path, ['application/json'], valid)]);
    if (reached() === before) told.wrong.push(`${path} answered ${status} to a valid body`);
  }
  for (const types of lists) {
    const label = JSON.stringify(types);
    const statuses = new Set<number>();
    for (const [path, [invalid]] of Object.entries(BODIES)) {
      const before = reached();
      const { status } = await rawExchange(edge.url, [post(path, types, invalid)]);
      told.requests += 1;
      statuses.add(status);
      const isRefused = (status === 400 || status === 415) && reached() === before;
      if (!isRefused) told.wrong.push(`${label}: ${path} answered ${status}`);
    }
    await tryValid(edge, types, statuses, told);
  }
  return told;
}

/** Where the type is taken for JSON at all, the invalid bodies were refused by their schemas. */
async function tryValid(
  edge: Edge,
  types: readonly string[],
  statuses: ReadonlySet<number>,
  told: TypesTried,
): Promise<void> {
  const { status } = await rawExchange(edge.url, [post('/balances', types, VALID)]);
  told.requests += 1;
  const expected = status === 202 ? 400 : status;
  const isAlike = [202, 400, 415].includes(status) && [...statuses].join() === String(expected);
  if (!isAlike) told.wrong.push(`${JSON.stringify(types)}: ${status}, but ${[...statuses].join()}`);
  if (status === 202) told.accepted.push(JSON.stringify(types));
}
