/** P1: the CPU of one signed pass-through call, beside the one RSA-4096 signature that it cannot do without. */
import { generateKeyPair, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { load, type Call } from '../support/callers.ts';
import { makeReport } from '../support/reports.ts';
import type { Figure, Row } from '../support/row.ts';
import { startStage } from '../support/stage.ts';

const SIGNATURES = 150;

export const calls: Row = {
  name: 'calls',
  what: 'P1: CPU of a signed pass-through call (`async-report-status`)',
  peer: 'one RSA-4096 signature by the same runtime',
  async run({ runs, isQuick, scope, tell }) {
    const stage = await startStage(scope, { sandbox: { SANDBOX_ROWS: '10' } });
    const { refId } = await makeReport(stage);
    const call: Call = {
      method: 'POST',
      path: '/mks/v1/reports/async-report-status?member=TIB',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refId }),
    };
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 4096 });
    const crowd = figure('8 at once', 1.6);
    const alone = figure('one at a time', 1.6);
    // Compiled code is what production runs.
    await load(stage.url, stage.gateway.pid, call, { callers: 8, calls: isQuick ? 200 : 1000 });
    for (let run = 0; run < runs; run += 1) {
      tell(`run ${run + 1}`);
      for (const [callers, { ours, peers }] of [
        [8, crowd],
        [1, alone],
      ] as const) {
        const options = { callers, calls: isQuick ? 200 : 600 };
        const { cpuMsPerRequest } = await load(stage.url, stage.gateway.pid, call, options);
        ours.push(cpuMsPerRequest);
        peers[0]?.values.push(signatureCpuMs(privateKey));
      }
    }
    return { figures: [crowd, alone] };
  },
};

function figure(name: string, goal: number) {
  const peers = [{ name: 'RSA-4096 signature', values: [] as number[], goal }];
  return { name: `CPU a call, ${name}`, unit: 'ms', ours: [], peers } satisfies Figure as Figure & {
    peers: typeof peers;
  };
}

/** On one thread, in ms of CPU. */
function signatureCpuMs(key: KeyObject): number {
  const text = Buffer.alloc(600, 'x');
  const before = process.cpuUsage();
  for (let n = 0; n < SIGNATURES; n += 1) sign('sha256', text, key);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / SIGNATURES;
}
