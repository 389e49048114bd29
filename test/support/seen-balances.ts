/** Balances that leave, and what the trail knows of them: readers of a gateway that is killed, and one that cannot write. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import { filesOf, textsOf } from '../trail/support.ts';
import { temporaryFolder } from './folder.ts';
import { spawnGateway } from './gateway.ts';
import { client, DATE, environmentOf, startTestSandbox } from './pair.ts';
import { createRandom } from './random.ts';
import { startTcpRedis } from './tcp-redis.ts';

const NEXT_DATE = '20260303';
const READERS = 8;
const LEDGER = 'mbrAccNo,subAccCode,isin,balanceAmount\n1,SERB,TRAGARAN91N1,1\n';
/** What no answer may hold where nothing can be written: names that stand beside each balance. */
const BALANCE = /balanceAmount|BAKIYE|^PK|^PAR1/;

export interface SeenBalances {
  kills: number;
  /** Answers whose head came, before a kill or not. */
  began: number;
  /** Those of them that the trail knows nothing of. */
  unseen: string[];
  /** Requests where the trail could not be written, and what they were answered that is not 503. */
  refused: number;
  leaked: string[];
}

interface Route {
  path: string;
  body?: string;
}

/** Every route that gives balances, in each of its formats. */
function routesOf(id: string): Route[] {
  const formats = ['json', 'ndjson', 'csv', 'csv-excel', 'xlsx', 'parquet'];
  const changes = `/balances/changes?from=${DATE}&to=${NEXT_DATE}`;
  const check = `/balances/check?processDate=${DATE}&ledger=own`;
  return [
    ...formats.map((format) => ({ path: `/balances/${id}/rows?format=${format}` })),
    { path: `/balances/${id}/file` },
    ...['json', 'csv', 'xlsx'].map((format) => ({ path: `${changes}&format=${format}` })),
    { path: check, body: LEDGER },
  ];
}

function ask(url: string, { path, body }: Route, requestId: string): Promise<Response> {
  const headers = { 'x-request-id': requestId, connection: 'close' };
  if (body === undefined) return fetch(url + path, { headers });
  return fetch(url + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/csv' },
    body,
  });
}

/** Kills a gateway so often while it is read, and then takes its trail away. */
export async function readUnderKills(
  t: Cleanup,
  kills: number,
  seed: number,
): Promise<SeenBalances> {
  const random = createRandom(seed);
  const sandbox = await startTestSandbox(t);
  const redis = await startTcpRedis(t);
  const dataDir = join(await temporaryFolder(), 'data');
  const environment = { ...environmentOf(sandbox), REDIS_URL: redis.url, DATA_DIR: dataDir };
  const told: SeenBalances = { kills, began: 0, unseen: [], refused: 0, leaked: [] };
  for (let kill = 0; kill <= kills; kill += 1) {
    const { url, ...gateway } = await spawnGateway(t, environment);
    const routes = routesOf(await readyReports(url));
    if (kill === kills) {
      await readWithoutTrail(url, dataDir, routes, told);
      gateway.kill('SIGKILL');
      break;
    }
    const began: string[] = [];
    const readers = Array.from({ length: READERS }, async (_, reader) => {
      for (let turn = 0; ; turn += 1) {
        const requestId = `${seed}-${kill}-${reader}-${turn}`;
        const route = routes[(reader + turn) % routes.length] ?? { path: '/' };
        try {
          const answer = await ask(url, route, requestId);
          if (answer.status === 200) began.push(requestId);
          await answer.arrayBuffer();
        } catch {
          return;
        }
      }
    });
    // Everybody has begun; the kill comes at any moment after that.
    while (began.length < READERS) await sleep(5);
    await sleep(random.below(400));
    gateway.kill('SIGKILL');
    await Promise.all(readers);
    const trail = filesOf(join(dataDir, 'trail')).flatMap(textsOf).join('\n');
    told.began += began.length;
    told.unseen.push(...began.filter((id) => !trail.includes(`"requestId":"${id}"`)));
  }
  return told;
}

/** @returns the id of the first day's report; both are there. */
async function readyReports(url: string): Promise<string> {
  const { ask: askFor } = client(url);
  const [report] = await Promise.all(
    [DATE, NEXT_DATE].map(async (processDate) => {
      const answer = await askFor({ processDate });
      return (await answer.json()) as { id: string };
    }),
  );
  return report?.id ?? '';
}

async function readWithoutTrail(
  url: string,
  dataDir: string,
  routes: readonly Route[],
  told: SeenBalances,
): Promise<void> {
  const trail = join(dataDir, 'trail');
  renameSync(trail, `${trail}.away`);
  writeFileSync(trail, 'no folder');
  for (const route of routes) {
    const answer = await ask(url, route, 'without-a-trail');
    const text = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    if (answer.status === 503 && !BALANCE.test(text)) told.refused += 1;
    else told.leaked.push(`${route.path}: ${answer.status}, ${text.length} bytes`);
  }
}
