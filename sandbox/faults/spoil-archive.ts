/** Faults in the archive of a report. */
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { writeArchive, type ArchiveEntry } from '../archives/archive.ts';
import { describeCode } from '../codes.ts';
import type { Answer } from '../http/answer.ts';
import { signJws } from '../jws.ts';
import { entryOf, type Report, type ReportFile } from '../reports/report.ts';
import type { World } from '../world.ts';
import type { Fault, FaultNameOf } from './catalogue.ts';

/** Another answer in place of the archive; the report's own file stays whole. */
export async function spoilArchive(
  world: World,
  answer: Answer,
  fault: Fault & { name: FaultNameOf<'archive'> },
  reference: string,
): Promise<Answer> {
  const { body } = answer;
  if (body.kind !== 'file') return answer;
  if (fault.name === 'jws-as-octet-stream') {
    return signedFailure(world, answer, fault, reference);
  }
  const path = `${body.path}-${randomUUID()}`;
  const { name, megabytes } = fault;
  await writeSpoilt(name, body, path, megabytes);
  return { ...answer, body: { ...body, path } };
}

async function writeSpoilt(
  name: Exclude<FaultNameOf<'archive'>, 'jws-as-octet-stream'>,
  { path: from, report, file }: { path: string; report: Report; file: ReportFile },
  to: string,
  megabytes = 256,
): Promise<void> {
  const { zipPassword } = report.request;
  const entry = (): ArchiveEntry => entryOf(report, file);
  const write = (entries: ArchiveEntry[], password = zipPassword): Promise<void> =>
    writeArchive(to, entries, password, report.shape, new AbortController().signal);
  switch (name) {
    case 'wrong-password':
      return write([entry()], `Not-${zipPassword}`);
    case 'two-entries':
      return write([entry(), { ...entry(), name: `second-${file.entryName}` }]);
    case 'path-in-name':
      return write([{ ...entry(), name: `../../../${file.entryName}` }]);
    case 'bomb': {
      const content = blanks(report.request.fileType === 'json', megabytes);
      return write([{ name: file.entryName, content }]);
    }
    case 'not-a-zip':
      return writeFile(to, 'This is not an archive. '.repeat(100));
    case 'truncated-archive': {
      const bytes = await readFile(from);
      return writeFile(to, bytes.subarray(0, bytes.length >> 1));
    }
    case 'corrupted-archive': {
      const bytes = await readFile(from);
      // One third in lies within the data of any archive that has some.
      const index = Math.floor(bytes.length / 3);
      bytes.writeUInt8(bytes.readUInt8(index) ^ 0xff, index);
      return writeFile(to, bytes);
    }
  }
}

/** A document without rows that is nearly all white space: small in the archive, huge outside. */
async function* blanks(
  isJson: boolean,
  megabytes: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  if (isJson) yield encoder.encode('[');
  for (let count = 0; count < megabytes; count += 1) yield encoder.encode(' '.repeat(1024 * 1024));
  if (isJson) yield encoder.encode(']');
}

/** A signed failure with the status and the type of a success. */
function signedFailure(world: World, answer: Answer, fault: Fault, reference: string): Answer {
  const { body, messageId } = answer;
  if (body.kind !== 'file') return answer;
  const { member } = body.report.request;
  const code = fault.code ?? 'BS040';
  const responseHeader = { senderReference: reference, receiverMember: member, messageId };
  const text = signJws(
    { responseHeader, responseCode: code, responseDesc: describeCode(code) },
    world.signingKey,
  );
  return { ...answer, code, body: { kind: 'text', contentType: 'application/octet-stream', text } };
}
