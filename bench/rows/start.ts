/** P8: what a start costs, and what the gateway takes when nobody asks it anything. */
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { defined } from '../../src/lib/defined.ts';
import { freePort } from '../../test/support/port.ts';
import { cpuMs, memoryOf, startNode, type Program } from '../support/programs.ts';
import type { Figure, Row } from '../support/row.ts';
import { gatewayEnvironment, spawnGatewayProcess, startSandboxProcess } from '../support/stage.ts';

const PEER = 'bare Fastify by node';
const GIVE_UP_MS = 60_000;

interface Start {
  wallMs: number;
  cpuMs: number;
}

export const start: Row = {
  name: 'start',
  what: 'P8: start until the first 200 of `/health/live`; idle memory; idle CPU',
  peer: PEER,
  async run({ runs, isQuick, scope, tell }) {
    const sandbox = await startSandboxProcess(scope);
    const environment = await gatewayEnvironment(scope, sandbox);
    const startOurs = (port: number): Program =>
      spawnGatewayProcess(scope, { ...environment, PORT: String(port) });
    const startPeer = (port: number): Program =>
      startNode(scope, ['bench/peers/bare-fastify.ts'], { PORT: String(port) });
    // V8 looks once more over what the start has left, eight seconds after it was given back: that is no rest.
    const settleMs = isQuick ? 2000 : 15_000;
    const idleMs = isQuick ? 4000 : 20_000;
    const wall = figure('start, time', 'ms', 4);
    const cpu = figure('start, CPU', 'ms');
    const memory = figure('idle memory (RSS)', 'MB', undefined, 130);
    const idle = figure('idle CPU', 'ms/s', undefined, 5);
    tell('first start');
    const cold = await startAndStop(startOurs);
    for (let run = 0; run < runs; run += 1) {
      tell(`run ${run + 1}`);
      const sides = [];
      for (const [side, program] of [startOurs, startPeer].entries()) {
        const { took, running } = await startTimed(program);
        for (const [{ values }, value] of [
          [wall, took.wallMs],
          [cpu, took.cpuMs],
        ] as const) {
          values[side]?.push(value);
        }
        sides.push(running);
      }
      await sleep(settleMs);
      const before = sides.map(({ pid }) => cpuMs(pid));
      await sleep(idleMs);
      for (const [side, running] of sides.entries()) {
        const spent = cpuMs(running.pid) - (before[side] ?? 0);
        idle.values[side]?.push((spent / idleMs) * 1000);
        memory.values[side]?.push(memoryOf(running.pid).residentMB);
        await running.stop();
      }
    }
    return {
      figures: [wall, cpu, memory, idle].map((each) => each.figure),
      notes: [
        `With a Redis of its own left out (\`REDIS_URL\`). The very first start, which has no compiled code yet: ` +
          `${Math.round(cold.wallMs)} ms, ${Math.round(cold.cpuMs)} ms of CPU. Idle is from the fifteenth second on.`,
      ],
    };
  },
};

function figure(name: string, unit: Figure['unit'], ratio?: number, goal?: number) {
  const ours: number[] = [];
  const theirs: number[] = [];
  const peer = { name: PEER, values: theirs, ...defined({ goal: ratio }) };
  const made: Figure = { name, unit, ours, peers: [peer], ...defined({ goal }) };
  return { figure: made, values: [ours, theirs] as const };
}

async function startAndStop(program: (port: number) => Program): Promise<Start> {
  const { took, running } = await startTimed(program);
  // The compiled code is written as it ends.
  await running.stop();
  return took;
}

async function startTimed(
  program: (port: number) => Program,
): Promise<{ took: Start; running: Program }> {
  const port = await freePort();
  const began = performance.now();
  const running = program(port);
  while (!(await isLive(port))) {
    if (performance.now() - began > GIVE_UP_MS) throw new Error(running.output());
    await sleep(2);
  }
  const took = { wallMs: performance.now() - began, cpuMs: cpuMs(running.pid) };
  return { took, running };
}

function isLive(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ port, host: '127.0.0.1', path: '/health/live', agent: false });
    asked.on('error', () => resolve(false));
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.end();
  });
}
