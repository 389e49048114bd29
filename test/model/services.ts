/** What the model's MKS does with a message that reached it well, and how it answers. */
import type { Random } from '../support/random.ts';
import { pack } from './edges/archive.ts';
import { SIGNATURE } from './edges/jose.ts';
import type { Answered, Message } from './place.ts';
import { rowsOf } from './rows.ts';

export const REQUEST = 'reports/account/balance-report';

/** A report as MKS has it. */
export interface UpstreamReport {
  refId: string;
  member: string;
  /** Tells whose it is: each report of the gateway has a password of its own. */
  password: string;
  reference: string;
  acceptedAt: number;
  madeAt: number;
  end: 'files' | 'empty' | 'gone' | 'failed';
  rows: string;
}

/** Two reports of a member with MKS at the same time. */
export interface Overlap {
  at: number;
  member: string;
  first: string;
  second: string;
}

/** What MKS keeps. */
export interface Kept {
  reports: UpstreamReport[];
  overlaps: Overlap[];
  /** Until when other systems of a member's have one made. */
  busyUntil: Map<string, number>;
}

const FIRST_MADE_MS = 500;
const LONGEST_MAKING_MS = 25_000;
const EMPTY_SHARE = 0.05;

export type Answers = ReturnType<typeof createAnswers>;

export function createAnswers() {
  const used = new Set<string>();
  let messages = 0;
  return {
    /** A message with a messageId, which uses its reference up. */
    signed(message: Message, code: string, more: object = {}, signature = SIGNATURE): Answered {
      const { reference } = message;
      used.add(reference);
      const responseHeader = { senderReference: reference, messageId: String((messages += 1)) };
      const response = { responseCode: code, responseDesc: '' };
      const payload = Buffer.from(JSON.stringify({ responseHeader, response, ...more }));
      const body = `eyJhbGciOiJSUzI1NiJ9.${payload.toString('base64url')}.${signature}`;
      return { status: 200, body, reference };
    },
    plain: ({ reference }: Message, status: number, body: string): Answered => ({
      status,
      body,
      reference,
    }),
    isUsed: (reference: string): boolean => used.has(reference),
  };
}

export interface ServiceDeps {
  now: () => number;
  random: Random;
  /** Of messages, from 0 to 1; 0 once everything is well. */
  faultRate: () => number;
}

export function reportOf({ reports }: Kept, { body: { refId } }: Message) {
  return reports.find((report) => report.refId === refId);
}

/** By their names. */
export function createServices(
  kept: Kept,
  { signed, plain, isUsed }: Answers,
  { now, random, faultRate }: ServiceDeps,
): Record<string, (message: Message) => Answered> {
  const { reports, overlaps, busyUntil } = kept;
  const runs = ({ end, madeAt }: UpstreamReport): boolean =>
    now() < madeAt && (end === 'files' || end === 'empty');

  function accept({ member, reference, body }: Message, password: string): string {
    const refId = `R${reports.length + 1}`;
    const isEmpty = random.chance(EMPTY_SHARE);
    reports.push({
      refId,
      member,
      password,
      reference,
      acceptedAt: now(),
      madeAt: now() + FIRST_MADE_MS + random.below(LONGEST_MAKING_MS),
      end: isEmpty ? 'empty' : 'files',
      rows: isEmpty ? '' : rowsOf(member, body['processDate'] ?? '', body['isin']),
    });
    return refId;
  }

  return {
    [REQUEST](message) {
      const { member, body } = message;
      if (isUsed(message.reference)) return signed(message, 'RP045');
      if (now() < (busyUntil.get(member) ?? 0)) return signed(message, 'RP003');
      const others = reports.filter((each) => each.member === member && runs(each));
      const { zipPassword = '' } = body;
      if (others.some(({ password }) => password === zipPassword)) return signed(message, 'RP003');
      const second = accept(message, zipPassword);
      for (const { refId: first } of others) overlaps.push({ at: now(), member, first, second });
      return signed(message, '0000', { refId: second });
    },
    'reports/async-report-status'(message) {
      const report = reportOf(kept, message);
      if (report !== undefined && random.chance(faultRate() / 2)) report.end = 'gone';
      if (report === undefined || report.end === 'gone') return signed(message, 'RP018');
      if (report.end === 'failed') return signed(message, 'RP025');
      if (runs(report)) return signed(message, 'RP023');
      if (report.end === 'empty') return signed(message, 'RP026');
      return signed(message, '0000', { fileNames: [`${report.refId}.zip`] });
    },
    'reports/async-report-content'(message) {
      const report = reportOf(kept, message);
      if (report === undefined || report.end === 'gone') return signed(message, 'RP018');
      const archive = pack(report.password, report.rows);
      return plain(message, 200, random.chance(faultRate()) ? archive.slice(1) : archive);
    },
  };
}
