/** What is known of one upstream service, both ways; each has a file of its own beside this one. */
import { Type, type TSchema } from 'typebox';
import type { Localised } from '../../lib/localised.ts';
import type { CodeKind } from '../codes/code.ts';
import { codeKind } from '../codes/table.ts';
import type { HoursGroup } from '../hours.ts';
import type { MksAnswer, MksArchive, MksMessage } from '../message.ts';
import type { Authority } from './authority.ts';

/** What callers may know of a service, and what the catalogue lists. */
export interface ServiceFacts {
  /** What callers say, e.g. `reports/account/balance-report`; the path at MKS is `/v1/` and this. */
  name: string;
  /** Absent: always open. */
  hoursGroup?: HoursGroup;
  /** The request's body without `requestHeader`, with MKS's patterns. */
  request: TSchema;
  /** A success may be a file instead of a message. */
  givesFile: boolean;
  /** The field of its answer that makes it more than an envelope, so that it needs no code. */
  ownField?: string;
  /** What the user needs in YT14. */
  authorities: readonly Authority[];
  summary: Localised;
}

/** A service whose verified answers are read into one of its kinds. */
export interface Service<Answer> extends ServiceFacts {
  /** What MKS's verified answer means; the codes' meaning comes from the one table. Never throws. */
  read(answer: MksAnswer): Answer;
}

/** An answer by kind, with the message that said so. */
export interface Said<Kind extends string> {
  kind: Kind;
  message: MksMessage;
}

/** A success that leaves out, or spoils, what it should bring; `what` names it. */
export interface Incomplete extends Said<'incomplete'> {
  what: string;
}

/** The answers of the services that are asked about a report that MKS has accepted. */
export type ReportAnswer = Said<'waiting' | 'empty' | 'gone' | 'used' | 'rejected'> | Incomplete;

/** What the code of a verified answer means; one that nobody knows is an answer to the question. */
export function kindOf({ code }: MksMessage): CodeKind {
  return codeKind(code) ?? 'business';
}

/**
 * Reads an answer about an accepted report, but for its success.
 * @returns `done` for the success: the service's own fields say the rest.
 */
export function readReportAnswer(message: MksMessage): ReportAnswer | Said<'done'> {
  const kind = kindOf(message);
  switch (kind) {
    case 'success':
      return { kind: 'done', message };
    case 'wait':
      return { kind: 'waiting', message };
    case 'empty':
    case 'gone':
    case 'used':
      return { kind, message };
    case 'business':
    case 'authority':
    case 'upstream':
    case 'system':
      return { kind: 'rejected', message };
  }
}

/** A file comes only from a service that gives one: the adapter sees to it. */
export function messageOf(answer: MksAnswer): MksMessage {
  if (answer.kind === 'message') return answer;
  answer.cancel();
  throw new TypeError('a file came where a message was due');
}

export interface File {
  kind: 'file';
  archive: MksArchive;
}

/** `YYYYMMDD` as MKS writes its pattern; whether the day exists is the edge's to check (MKS 5.1.2). */
export const ProcessDate = Type.String({
  pattern: '^(?:19[0-9]{2}|2[0-9]{3})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$',
  description: 'YYYYMMDD, today or past',
  examples: ['20250505'],
});

/** What balance-report answered with; good for 24 hours (MKS 6.1.2). */
export const RefId = Type.String({
  minLength: 1,
  maxLength: 50,
  description: 'The refId that balance-report answered with',
  examples: ['e7M7RhX2xUzR3uAjsb2s'],
});
