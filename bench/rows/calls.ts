/** P1: the CPU of one signed pass-through call, beside the one RSA-4096 signature that it cannot do without. */
import { generateKeyPair, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { load } from '../support/callers.ts';
import { startBare } from '../support/peers.ts';
import { makeReport } from '../support/reports.ts';
import type { Peer, Row } from '../support/row.ts';
import { startStage } from '../support/stage.ts';

const SIGNATURES = 150;
const GOAL = 1.6;

export const calls: Row = {
  name: 'calls',
  what: 'P1: CPU of a signed pass-through call (`async-report-status`)',
  peer: 'one RSA-4096 signature by the same runtime; the call with nothing around it (`bench/peers/bare-call.ts`)',
  async run({ runs, isQuick, scope, tell }) {
    const stage = await startStage(scope, { sandbox: { SANDBOX_ROWS: '10' } });
    const { refId } = await makeReport(stage);
    const bare = await startBare(scope, 'call', stage.sandbox.environment);
    const asked = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refId }),
    } as const;
    const path = '/mks/v1/reports/async-report-status?member=TIB';
    const ours = { url: stage.url, pid: stage.gateway.pid, call: { ...asked, path } };
    const theirs = { url: bare.url, pid: bare.program.pid, call: { ...asked, path: '/call' } };
    const cpuMs = async ({ url, pid, call }: typeof ours, callers: number, count: number) =>
      (await load(url, pid, call, { callers, calls: count })).cpuMsPerRequest;
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 4096 });
    const measured = [
      { callers: 8, figure: figure('8 at once') },
      { callers: 1, figure: figure('one at a time') },
    ];
    // Compiled code is what production runs.
    for (const side of [ours, theirs]) await cpuMs(side, 8, isQuick ? 200 : 1000);
    for (let run = 0; run < runs; run += 1) {
      tell(`run ${run + 1}`);
      for (const { callers, figure: of } of measured) {
        const count = isQuick ? 200 : 600;
        of.ours.push(await cpuMs(ours, callers, count));
        of.peers[0].values.push(signatureCpuMs(privateKey));
        of.peers[1].values.push(await cpuMs(theirs, callers, count));
      }
    }
    return { figures: measured.map((each) => each.figure) };
  },
};

function figure(name: string) {
  const signature: Peer = { name: 'RSA-4096 signature', values: [], goal: GOAL };
  const call: Peer = { name: 'the bare call', values: [] };
  const ours: number[] = [];
  const peers: [Peer, Peer] = [signature, call];
  return { name: `CPU a call, ${name}`, unit: 'ms' as const, ours, peers };
}

/** On one thread, in ms of CPU. */
function signatureCpuMs(key: KeyObject): number {
  const text = Buffer.alloc(600, 'x');
  const before = process.cpuUsage();
  for (let n = 0; n < SIGNATURES; n += 1) sign('sha256', text, key);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / SIGNATURES;
}
