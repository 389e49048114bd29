/** What a report costs Redis and the replicas at ten times the queue: bench/scale.ts twice. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../support/programs.ts';
import type { Row } from '../support/row.ts';

const GOAL = 20;
const TIMEOUT_MS = 900_000;

export const scale: Row = {
  name: 'scale',
  what: 'Redis round trips a report, three replicas, by length of the queue (`bench/scale.ts`)',
  peer: '–',
  async run({ isQuick, scope, tell }) {
    const members = isQuick ? 5 : 50;
    const figures = [];
    for (const requests of isQuick ? [50] : [200, 2000]) {
      tell(`${requests} requests`);
      const args = ['--members', String(members), '--requests', String(requests), '--json'];
      const program = [join(root, 'bench/scale.ts'), ...args];
      const child = promisify(execFile)(process.execPath, program, { timeout: TIMEOUT_MS });
      scope.after(() => child.child.kill('SIGTERM'));
      const { stdout } = await child;
      const told = JSON.parse(stdout) as { redisRoundTripsPerReport: number };
      const name = `round trips a report, ${requests.toLocaleString('en')} reports of ${members} members`;
      const ours = [told.redisRoundTripsPerReport];
      figures.push({ name, unit: '' as const, ours, goal: GOAL });
    }
    return {
      figures,
      notes: ['Counted by Redis as reads of its connections over the whole run, once each.'],
    };
  },
};
