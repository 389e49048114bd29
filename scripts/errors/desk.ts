/** What becomes of a report that meets a result code, for people; test/result-codes.test.ts holds it against the desk. */
import type { Localised } from '../../src/lib/localised.ts';
import { isRefusedTokenCode, type ResultCode } from '../../src/mks/codes.ts';

export type Deed =
  | 'goes-on'
  | 'waits'
  | 'logs-in'
  | 'takes-turn'
  | 'asks-again'
  | 'ends-empty'
  | 'starts-over'
  | 'new-reference'
  | 'fails-error'
  | 'fails-rejected';

export const DEEDS: Record<Deed, Localised> = {
  'goes-on': { en: 'goes on', tr: 'sürer' },
  waits: {
    en: 'waits (`mks-error`) and asks again',
    tr: 'bekler (`mks-error`) ve yeniden sorar',
  },
  'logs-in': {
    en: 'logs in anew; refused again, it waits (`mks-login-refused`)',
    tr: 'yeniden oturum açar; yine reddedilirse bekler (`mks-login-refused`)',
  },
  'takes-turn': {
    en: 'waits (`mks-busy`) and asks with a new reference',
    tr: 'bekler (`mks-busy`) ve yeni referansla ister',
  },
  'asks-again': { en: 'asks for the status again', tr: 'durumu yeniden sorar' },
  'ends-empty': { en: 'is `ready`, with no rows', tr: 'satırsız olarak `ready` olur' },
  'starts-over': {
    en: 'starts over once, if the refId was fresh; else fails: `mks-rejected`',
    tr: 'refId yeniyse bir kez baştan başlar; değilse başarısız olur: `mks-rejected`',
  },
  'new-reference': {
    en: 'asks again with a new reference, five times at most; then fails: `mks-rejected`',
    tr: 'yeni referansla yeniden ister, en çok beş kez; sonra başarısız olur: `mks-rejected`',
  },
  'fails-error': { en: 'fails: `mks-error`', tr: 'başarısız olur: `mks-error`' },
  'fails-rejected': { en: 'fails: `mks-rejected`', tr: 'başarısız olur: `mks-rejected`' },
};

/** @returns what the desk does with a report that is answered with the code. */
export function deedOf({ code, kind, retryable }: ResultCode): Deed {
  if (isRefusedTokenCode(code)) return 'logs-in';
  switch (kind) {
    case 'success':
      return 'goes-on';
    case 'wait':
      return code === 'RP003' ? 'takes-turn' : 'asks-again';
    case 'empty':
      return 'ends-empty';
    case 'gone':
      return 'starts-over';
    case 'used':
      return 'new-reference';
    case 'upstream':
    case 'system':
      return retryable ? 'waits' : 'fails-error';
    default:
      return 'fails-rejected';
  }
}
