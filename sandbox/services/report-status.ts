/** `async-report-status`: how far a report is, and the names of its files once it is ready (MKS 6.1). */
import { rejection, success, type Answer } from '../http/answer.ts';
import { textOf } from '../json.ts';
import type { World } from '../world.ts';
import type { Message } from './message.ts';

/** Answers 0000 with the file names, or the code that says why there are none. */
export async function reportStatus(world: World, message: Message): Promise<Answer> {
  const report = world.reports.find(message.member, textOf(message.payload, 'refId') ?? '');
  if (report === undefined) return rejection(message, 'RP018');
  const code = await world.reports.codeOf(report);
  if (code !== '0000') return rejection(message, code);
  return success(message, { fileNames: report.files.map(({ fileName }) => fileName) });
}
