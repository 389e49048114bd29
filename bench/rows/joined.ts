/** P3: joining a ready report of 100 rows with a key and a limit, beside Fastify with the same bytes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '../../src/lib/defined.ts';
import { load, type Call } from '../support/callers.ts';
import { startBare } from '../support/peers.ts';
import { AUTHORIZED, makeReport } from '../support/reports.ts';
import type { Context, Figure, Row } from '../support/row.ts';
import { spreadOf } from '../support/stats.ts';
import { DATE, startStage } from '../support/stage.ts';

const PEER = 'bare Fastify, same bytes';
/** The number that the goal speaks of; the others draw the line. */
const CALLERS = 32;

export const joined: Row = {
  name: 'joined',
  what: 'P3: joining a ready report of 100 rows, keys and rate limit on',
  peer: 'bare Fastify answering the same bytes',
  async run(context) {
    const { runs, isQuick, scope, tell } = context;
    const stage = await startStage(scope, { sandbox: { SANDBOX_ROWS: '100' }, hasKeys: true });
    await makeReport(stage);
    const call: Call = {
      method: 'POST',
      path: '/balances',
      headers: { ...AUTHORIZED, 'content-type': 'application/json' },
      body: JSON.stringify({ processDate: DATE }),
    };
    const peer = await startPeer(context, stage.url, call);
    const counts = isQuick ? [1, CALLERS] : [1, 8, CALLERS, 128];
    const measured = counts.map((callers) => ({ callers, ...figures(callers) }));
    const seconds = isQuick ? 1 : 2;
    const sides = [
      { url: stage.url, pid: stage.gateway.pid },
      { url: peer.url, pid: peer.program.pid },
    ];
    for (const { url, pid } of sides) await load(url, pid, call, { callers: 8, seconds });
    for (let run = 0; run < runs; run += 1) {
      tell(`run ${run + 1}`);
      for (const { callers, rate, cpu } of measured) {
        for (const [index, { url, pid }] of sides.entries()) {
          const result = await load(url, pid, call, { callers, seconds });
          (index === 0 ? rate.ours : rate.theirs).push(result.requestsPerSecond);
          (index === 0 ? cpu.ours : cpu.theirs).push(result.cpuMsPerRequest);
        }
      }
    }
    const line = (side: 'ours' | 'theirs') =>
      measured.map(({ callers, rate }): [number, number] => [callers, spreadOf(rate[side]).median]);
    return {
      figures: measured.flatMap(({ callers, rate, cpu }) =>
        callers === CALLERS || callers === 1 ? [rate.figure, cpu.figure] : [rate.figure],
      ),
      plots: [
        {
          file: 'joined.svg',
          title: 'Joining a ready report of 100 rows',
          x: { label: 'callers at once', isLog: true },
          y: { label: 'requests/s', isLog: true },
          series: [
            { name: 'the gateway', points: line('ours') },
            { name: PEER, points: line('theirs') },
          ],
        },
      ],
    };
  },
};

async function startPeer({ scope, folder }: Context, url: string, call: Call) {
  const { path, ...init } = call;
  const response = await fetch(`${url}${path}`, init);
  if (response.status !== 200) throw new Error(await response.text());
  const file = join(folder, 'answer.json');
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  return startBare(scope, 'fastify', { BYTES_FILE: file });
}

function figures(callers: number) {
  const make = (name: string, unit: Figure['unit'], isRate: boolean, goal?: number) => {
    const ours: number[] = [];
    const theirs: number[] = [];
    const peer = { name: PEER, values: theirs, ...defined({ goal }) };
    const figure: Figure = {
      name: `${name}, ${callers} at once`,
      unit,
      ours,
      isRate,
      peers: [peer],
    };
    return { figure, ours, theirs };
  };
  return {
    rate: make('joined', 'requests/s', true, callers === CALLERS ? 2.5 : undefined),
    cpu: make('server CPU a request', 'ms', false),
  };
}
