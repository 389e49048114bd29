/** Every result code that MKS and the gateway in front of it give, as data for people and for code. */
import { auth } from './services/auth.ts';
import { catalogue } from './services/catalogue.ts';
import { codeFacts, codeKind } from './codes/table.ts';
import type { CodeFacts, ResultCode } from './codes/code.ts';

export { CODE_KINDS, type CodeKind, type Mender, type ResultCode } from './codes/code.ts';
export { codeKind, isRetryable } from './codes/table.ts';
export type { Authority } from './services/authority.ts';

const allAuthorities = [auth, ...catalogue].flatMap((service) => service.authorities);

/** All codes of MKS 3.2.7, 5.1.7, 6.1.7, 6.2.7, 7 and the samples, in the order of the code. */
export const resultCodes: readonly ResultCode[] = codeFacts
  .map(withAuthorities)
  .toSorted((one, other) => (one.code < other.code ? -1 : 1));

const byCode = new Map(resultCodes.map((entry) => [entry.code, entry]));

/** What is known of a code; undefined for one that MKS's document does not name. */
export function findResultCode(code: string): ResultCode | undefined {
  return byCode.get(code);
}

/** The gateway and the backend speak in codes of their own; all others are answers to the question. */
export function isSystemCode(code: string): boolean {
  return /^(?:OI|SP|XS|SYS)/.test(code);
}

/** The gateway in front of MKS speaks of our certificate or signature with these (MKS 7). */
export function isSignatureCode(code: string): boolean {
  return /^OI01[0-6]$/.test(code);
}

/** A token service that refuses the user, the password or the token says so with these (MKS 3.2.6). */
export function isTokenRefusalCode(code: string): boolean {
  return /^0x00d3/i.test(code);
}

/** Whether the token of the message was refused, by MKS or by the gateway before it: another one is tried. */
export function isRefusedTokenCode(code: string): boolean {
  return code === 'OI006' || isTokenRefusalCode(code);
}

/** `0000` of MKS, `OI000` of the gateway in front of it. */
export function isSuccessCode(code: string): boolean {
  return codeKind(code) === 'success';
}

function withAuthorities(facts: CodeFacts): ResultCode {
  const functions = facts.functions;
  const authorities =
    functions === 'all'
      ? allAuthorities
      : allAuthorities.filter((authority) => functions?.includes(authority.function));
  return {
    code: facts.code,
    kind: facts.kind,
    mends: facts.mends,
    retryable: facts.retryable,
    meaning: facts.meaning,
    authorities,
  };
}
