/** What is known of one upstream service; each has a file of its own beside this one. */
import { Type, type TSchema } from 'typebox';
import type { Localised } from '../../lib/localised.ts';
import type { HoursGroup } from '../hours.ts';

/** A message function that the member's chief user grants in screen YT14, with its message type. */
export interface Authority {
  function: string;
  messageType: string;
}

export interface Service {
  /** What callers say, e.g. `reports/account/balance-report`. */
  name: string;
  /** The path at MKS. */
  path: string;
  /** Absent: always open. */
  hoursGroup?: HoursGroup;
  /** The request's body without `requestHeader`, with MKS's patterns. */
  request: TSchema;
  /** A success may be a file instead of a message. */
  givesFile: boolean;
  /** Codes after which the same thing is worth asking again later. */
  waitCodes: readonly string[];
  /** Codes that say that there is nothing to give, which is a good answer. */
  emptyCodes: readonly string[];
  /** Codes that say that MKS does not know, or no longer knows, what is asked for. */
  goneCodes: readonly string[];
  /** What the user needs in YT14. */
  authorities: readonly Authority[];
  summary: Localised;
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
