/**
 * How an exchange rests in the journal. What MKK answered may hold balances, so it is sealed; the
 * rest tells nothing that a log would not.
 */
import { createHash, randomBytes } from 'node:crypto';
import { defined } from '../lib/defined.ts';
import type { WrittenEntry } from '../state/scripts/journal.ts';
import { SealError, type Sealer } from '../state/sealing.ts';
import { findResultCode } from '../mks/codes.ts';
import type { Exchange } from '../mks/types.ts';

/** One exchange, or a report's waiting polls together: then all but `time` is of the last poll. */
export interface JournalEntry extends Exchange {
  /** How many exchanges it stands for. */
  count: number;
  /** Wall ms of the last of them; `time` is of the first. */
  lastTime: number;
}

/** An exchange as it will rest; writing it twice is as good as once. */
export interface PreparedEntry {
  memberCode: string;
  entry: WrittenEntry;
}

/** Which entry of whose journal. */
interface Owner {
  memberCode: string;
  id: string;
}

interface EntryCodec {
  /** Seals the answer. */
  prepare(exchange: Exchange): PreparedEntry;
  /** Without the answer if no key opens it any more. */
  parse(owner: Owner, stored: string): JournalEntry | undefined;
}

export function createEntryCodec(sealer: Sealer): EntryCodec {
  /** Undefined when the key that sealed it is not configured any more. */
  function open({ memberCode, id }: Owner, sealed: string): string | undefined {
    try {
      return sealer.open(memberCode, purposeOf(id), sealed).toString();
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  }

  return {
    prepare(exchange) {
      const { time, memberCode, senderReference, answer, ...rest } = exchange;
      const id = idOf(exchange);
      const sealed =
        answer === undefined ? undefined : sealer.seal(memberCode, purposeOf(id), answer);
      const text = JSON.stringify({ ...rest, lastTime: time, sealed });
      const entry = { id, time: Math.round(time), reference: senderReference, text };
      return { memberCode, entry };
    },

    parse(owner: Owner, stored: string): JournalEntry | undefined {
      const parts = splitStored(stored);
      if (parts === undefined) return undefined;
      const { senderReference, count, time, text } = parts;
      const { sealed, ...rest } = JSON.parse(text) as StoredText;
      const answer = sealed === undefined ? undefined : open(owner, sealed);
      return {
        ...rest,
        memberCode: owner.memberCode,
        senderReference,
        count,
        time,
        ...defined({ answer }),
      };
    },
  };
}

type StoredText = Omit<Exchange, 'time' | 'memberCode' | 'senderReference' | 'answer'> & {
  lastTime: number;
  sealed?: string;
};

/** The sealed answer of a stored entry, with what it was sealed for; undefined where there is none. */
export function sealedAnswerOf(
  id: string,
  stored: string,
): { purpose: string; sealed: string } | undefined {
  const parts = splitStored(stored);
  const { sealed } = parts === undefined ? {} : (JSON.parse(parts.text) as Partial<StoredText>);
  return sealed === undefined ? undefined : { purpose: purposeOf(id), sealed };
}

function splitStored(stored: string) {
  const match = /^(\S+) (\d+) (\d+) /.exec(stored);
  if (match === null) return undefined;
  const [head, senderReference = '', count, time] = match;
  const text = stored.slice(head.length);
  return { senderReference, count: Number(count), time: Number(time), text };
}

/**
 * A report that is still being made is asked about again and again: those polls share one id. What
 * nobody signed is told apart, so that it cannot take the place of a signed answer.
 */
function idOf({ service, client = '', refId, code, outcome }: Exchange): string {
  const isWaiting = code !== undefined && findResultCode(code)?.kind === 'wait';
  if (!isWaiting || refId === undefined) return randomBytes(15).toString('base64url');
  const poll = JSON.stringify([service, client, refId, outcome]);
  return createHash('sha256').update(poll).digest('base64url').slice(0, 22);
}

/** Binds a sealed answer to its entry. */
function purposeOf(id: string): string {
  return `journal ${id}`;
}
