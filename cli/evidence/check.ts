/**
 * The evidence of a check of a ledger: what was compared, by digests, with what came of it, and MKK's signed answer
 * that gave the report its refId. Proved with node:crypto alone, as the evidence of an exchange is.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { certificateRecord, sha256, type CertificateRecord, type Verdict } from './document.ts';
import { asObject, fault, isSameCode, proveAnswer } from './prove.ts';

const FORMAT = 'mks-gateway check evidence 1';

/** As `GET /balances/checks/{id}` gives it; what is not named here is in it all the same. */
export interface Check extends Record<string, unknown> {
  id: string;
  createdAt: string;
  member: string;
  processDate: string;
  ledger: string;
  refId: string;
  ledgerSha256: string;
  rowsSha256: string;
  breaksSha256: string;
  mks: { code: string; senderReference: string; messageId?: string; answer: string };
  counts: Record<string, number>;
}

export interface CheckEvidence {
  format: typeof FORMAT;
  madeAt: string;
  check: Check;
  certificates: CertificateRecord[];
  verdict: Verdict;
  /** Of the members before it, without white space; the breaks have a digest of their own in the check. */
  sha256: string;
  breaks: unknown[];
}

/** Files that the evidence is to be held against, as they are. */
export interface Beside {
  ledger?: Buffer;
  /** NDJSON. */
  rows?: Buffer;
}

export function makeCheckEvidence(
  { breaks, ...check }: Check & { breaks: unknown[] },
  certificates: readonly X509Certificate[],
): CheckEvidence {
  const evidence = {
    format: FORMAT,
    madeAt: new Date().toISOString(),
    check,
    certificates: certificates.map(certificateRecord),
    verdict: judge({ check, breaks }, certificates),
  } as const;
  return { ...evidence, sha256: checksumOfCheck(evidence), breaks };
}

/** The file: a break a line, for there may be many. */
export function checkEvidenceText({ breaks, ...evidence }: CheckEvidence): string {
  const head = JSON.stringify(evidence, null, 2).slice(0, -2);
  const lines = breaks.map((each) => `\n    ${JSON.stringify(each)}`);
  return `${head},\n  "breaks": [${lines.join(',')}\n  ]\n}\n`;
}

/**
 * @param trusted the only certificates to believe, if the reader has them from elsewhere.
 * @returns undefined when it is no evidence of a check.
 */
export function proveCheck(
  text: string,
  trusted?: readonly X509Certificate[],
  beside: Beside = {},
): { verdict: Verdict; evidence: CheckEvidence } | undefined {
  const evidence = parse(text);
  if (evidence === undefined) return undefined;
  return { evidence, verdict: judgeFile(evidence, trusted, beside) };
}

function judgeFile(
  evidence: CheckEvidence,
  trusted: readonly X509Certificate[] | undefined,
  { ledger, rows }: Beside,
): Verdict {
  let certificates: X509Certificate[];
  try {
    certificates = evidence.certificates.map(({ pem }) => new X509Certificate(pem));
  } catch {
    return fault('not-evidence');
  }
  const verdict = judge(evidence, certificates);
  if (!verdict.proved) return verdict;
  const { check } = evidence;
  if (evidence.sha256 !== checksumOfCheck(evidence)) return fault('altered');
  if (trusted?.every(({ fingerprint256 }) => fingerprint256 !== verdict.fingerprint) === true) {
    return fault('certificates');
  }
  if (ledger !== undefined && digestOf(ledger) !== check.ledgerSha256) return fault('ledger');
  if (rows !== undefined && digestOf(rows) !== check.rowsSha256) return fault('rows');
  return verdict;
}

/** What proves itself: MKK's answer is the one to this reference and bears the refId; the breaks are those counted. */
function judge(
  { check, breaks }: Pick<CheckEvidence, 'check' | 'breaks'>,
  certificates: readonly X509Certificate[],
): Verdict {
  const { mks } = check;
  const verdict = proveAnswer(mks.answer, certificates, mks.senderReference);
  if (!verdict.proved) return verdict;
  const isToldRight = mks.messageId === undefined || mks.messageId === verdict.messageId;
  if (!isToldRight || !isSameCode(mks.code, verdict.code)) return fault('details');
  if (verdict.refId !== check.refId) return fault('refId');
  const digest = createHash('sha256');
  for (const each of breaks) digest.update(`${JSON.stringify(each)}\n`);
  if (digest.digest('hex') !== check.breaksSha256) return fault('breaks');
  return countsFault(check, breaks) ?? verdict;
}

const KINDS: Readonly<Record<string, string>> = {
  'only-in-ledger': 'onlyInLedger',
  'only-at-mks': 'onlyAtMks',
  different: 'different',
};

function countsFault({ counts }: Check, breaks: readonly unknown[]): Verdict | undefined {
  const found: Record<string, number> = { onlyInLedger: 0, onlyAtMks: 0, different: 0 };
  for (const each of breaks) {
    const name = KINDS[String(asObject(each)['break'])] ?? '';
    found[name] = (found[name] ?? 0) + 1;
  }
  const isSame = Object.entries(found).every(([name, count]) => counts[name] === count);
  return isSame ? undefined : fault('counts');
}

function checksumOfCheck(evidence: Omit<CheckEvidence, 'sha256' | 'breaks'>): string {
  return sha256(JSON.stringify({ ...evidence, breaks: undefined, sha256: undefined }));
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const TEXTS = ['member', 'refId', 'ledgerSha256', 'rowsSha256', 'breaksSha256'];

function parse(text: string): CheckEvidence | undefined {
  let value: Record<string, unknown>;
  try {
    value = asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
  const check = asObject(value['check']);
  const mks = asObject(check['mks']);
  const isEvidence =
    value['format'] === FORMAT &&
    TEXTS.every((name) => typeof check[name] === 'string') &&
    typeof mks['answer'] === 'string' &&
    typeof mks['senderReference'] === 'string' &&
    Array.isArray(value['breaks']) &&
    Array.isArray(value['certificates']) &&
    value['certificates'].every((entry) => typeof asObject(entry)['pem'] === 'string');
  return isEvidence ? (value as unknown as CheckEvidence) : undefined;
}

/** Whether what the gateway tells is enough to be proved: the journal may have lost MKK's answer. */
export function isProvable(check: Record<string, unknown>): check is Check & { breaks: unknown[] } {
  return typeof check['refId'] === 'string' && typeof asObject(check['mks'])['answer'] === 'string';
}
