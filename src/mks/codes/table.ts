/** The one table of result codes, as far as code decides by it; `codes.ts` adds what people read. */
import type { CodeFacts, CodeKind } from './code.ts';
import { gatewayCodes } from './gateway.ts';
import { reportCodes } from './reports.ts';

/** All codes of MKS 3.2.7, 5.1.7, 6.1.7, 6.2.7, 7 and the samples. */
export const codeFacts: readonly CodeFacts[] = [...reportCodes, ...gatewayCodes];

const byCode = new Map(codeFacts.map((facts) => [facts.code, facts]));

/** What a code means; undefined for one that MKS's document does not name. */
export function codeKind(code: string): CodeKind | undefined {
  return byCode.get(code)?.kind;
}

/** Whether the same request can succeed later without anybody doing anything. */
export function isRetryable(code: string): boolean {
  return byCode.get(code)?.retryable === true;
}
