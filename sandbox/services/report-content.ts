/** `async-report-content`: one archive of a report that is ready (MKS 6.2). */
import { rejection, type Answer } from '../http/answer.ts';
import { textOf } from '../json.ts';
import type { World } from '../world.ts';
import type { Message } from './message.ts';

/** Answers with the archive's bytes, unsigned, or with the code that says why there are none. */
export async function reportContent(world: World, message: Message): Promise<Answer> {
  const { member, messageId, payload } = message;
  const report = world.reports.find(member, textOf(payload, 'refId') ?? '');
  if (report === undefined) return rejection(message, 'RP018');
  const code = await world.reports.codeOf(report);
  if (code !== '0000') return rejection(message, code);
  const file = report.files.find(({ fileName }) => fileName === payload['fileName']);
  if (file === undefined) return rejection(message, 'BS040');
  return {
    httpStatus: 200,
    code,
    messageId,
    body: { kind: 'file', path: file.path, report, file },
  };
}
