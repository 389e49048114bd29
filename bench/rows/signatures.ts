/** P10: how many signed messages a report takes, at durations as MKS has them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { makeReport } from '../support/reports.ts';
import type { Context, Row } from '../support/row.ts';
import { startStage, type SandboxProcess } from '../support/stage.ts';

const GOAL = 4;
const REPORTS_OF_A_MEMBER = 5;
/** Members ask at different moments. */
const APART_MS = 700;

export const signatures: Row = {
  name: 'signatures',
  what: 'P10: signed messages a report: one to ask, one a poll, one a file',
  peer: '–',
  async run(context) {
    const durations = context.isQuick ? [4] : [5, 20, 45];
    const members = context.isQuick ? ['TIB'] : ['AAA', 'BBB', 'CCC'];
    // One after another: they share the keys' folder. Then all at once: they hardly cost anything.
    const stages = [];
    for (const seconds of durations) {
      stages.push({ seconds, ...(await startSlow(context, seconds, members)) });
    }
    const figures = stages.map(async ({ seconds, stage }) => ({
      name: `MKS takes ${seconds} s`,
      unit: '' as const,
      ours: await countAll(context, stage, members),
      goal: GOAL,
    }));
    return {
      figures: await Promise.all(figures),
      notes: [
        `Each value is one report: ${reportsOf(context)} of each member (${members.length}), one after another, ` +
          'of which the first knows no duration yet. Polls as configured by default.',
      ],
    };
  },
};

function reportsOf({ isQuick }: Context): number {
  return isQuick ? 2 : REPORTS_OF_A_MEMBER;
}

async function startSlow({ scope }: Context, seconds: number, members: readonly string[]) {
  const stage = await startStage(scope, {
    sandbox: {
      SANDBOX_ROWS: '1000',
      SANDBOX_PREPARE_SECONDS: String(seconds),
      SANDBOX_MEMBERS: members.map((code) => `${code}:${code}991`).join(','),
    },
    gateway: { MKS_STATUS_POLL_SECONDS: '2' },
  });
  return { stage };
}

async function countAll(
  context: Context,
  stage: Awaited<ReturnType<typeof startStage>>,
  members: readonly string[],
): Promise<number[]> {
  const counts = members.map(async (member, index) => {
    await sleep(index * APART_MS);
    const own: number[] = [];
    for (let n = 0; n < reportsOf(context); n += 1) {
      const { refId } = await makeReport(stage, member);
      own.push(await messagesOf(stage.sandbox, refId));
    }
    return own;
  });
  return (await Promise.all(counts)).flat();
}

/** The message that asked for it has no refId yet. */
async function messagesOf(sandbox: SandboxProcess, refId: string): Promise<number> {
  return 1 + (await sandbox.log()).filter(({ payload }) => payload?.refId === refId).length;
}
