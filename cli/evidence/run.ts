/** Makes the evidence of an exchange with MKS or of a check as a file of its own, and proves such a file offline. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { reasonOf, UsageError } from '../failures.ts';
import { type CheckEvidence, checkEvidenceText, makeCheckEvidence, proveCheck } from './check.ts';
import { EvidenceError, findCheck, findExchange, makeEvidence } from './collect.ts';
import { readCertificates, type Evidence, type Verdict } from './document.ts';
import { proveFile } from './prove.ts';
import { textsFor } from './texts.ts';

const DEFAULT_URL = 'http://127.0.0.1:3000';
const { env } = process;
const texts = textsFor(env);

export interface EvidenceOptions {
  member?: string;
  reference?: string;
  check?: string;
  certificates?: string;
  out?: string;
  verify?: string;
  ledger?: string;
  rows?: string;
}
type Proof = Extract<Verdict, { proved: true }>;
type Line = [label: string, value: string | undefined];

function certificatesIn(file: string): X509Certificate[] {
  try {
    return readCertificates(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new EvidenceError(texts.noCertificates(file, reasonOf(error)), { cause: error });
  }
}

function certificatesFor({ certificates }: EvidenceOptions): X509Certificate[] {
  const file = certificates ?? env['MKS_TRUSTED_CERTIFICATES_FILE'];
  if (!file) throw new UsageError(texts.needed('--certificates'));
  return certificatesIn(file);
}

const gateway = { url: env['MKS_GATEWAY_URL'] || DEFAULT_URL, key: env['MKS_GATEWAY_KEY'] };

async function make(options: EvidenceOptions): Promise<boolean> {
  const { member, reference } = options;
  if (member === undefined) throw new UsageError(texts.needed('--member'));
  if (reference === undefined) throw new UsageError(texts.needed('--reference'));
  const certificates = certificatesFor(options);
  const exchange = await findExchange(gateway, { member, reference }, texts);
  const evidence = makeEvidence(exchange, certificates);
  const file = write(options, `${member}-${reference}`, `${JSON.stringify(evidence, null, 2)}\n`);
  showExchange(evidence.verdict, evidence);
  console.log(texts.written(file));
  return evidence.verdict.proved;
}

async function makeOfCheck(options: EvidenceOptions, id: string): Promise<boolean> {
  const certificates = certificatesFor(options);
  const evidence = makeCheckEvidence(await findCheck(gateway, id, texts), certificates);
  const file = write(options, `${evidence.check.member}-${id}`, checkEvidenceText(evidence));
  showCheck(evidence.verdict, evidence);
  console.log(texts.written(file));
  return evidence.verdict.proved;
}

/** @param name a reference may hold any character; a file's name may not. @returns the file. */
function write({ out }: EvidenceOptions, name: string, text: string): string {
  const file = out ?? `${name.replaceAll(/[^\w.-]/g, '_')}.evidence.json`;
  try {
    // There may be balances in it.
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    throw new EvidenceError(texts.cannotWrite(file, reasonOf(error)), { cause: error });
  }
  return file;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new EvidenceError(texts.cannotRead(file, reasonOf(error)), { cause: error });
  }
}

function prove(file: string, { certificates, ledger, rows }: EvidenceOptions): boolean {
  const trusted = certificates === undefined ? undefined : certificatesIn(certificates);
  const text = read(file).toString();
  const beside = {
    ...(ledger !== undefined && { ledger: read(ledger) }),
    ...(rows !== undefined && { rows: read(rows) }),
  };
  const ofCheck = proveCheck(text, trusted, beside);
  if (ofCheck !== undefined) {
    showCheck(ofCheck.verdict, ofCheck.evidence);
    return ofCheck.verdict.proved;
  }
  const { verdict, evidence } = proveFile(text, trusted);
  showExchange(verdict, evidence);
  return verdict.proved;
}

function showExchange(verdict: Verdict, evidence: Evidence | undefined): void {
  if (!verdict.proved || evidence === undefined) return showFault(verdict);
  const { exchange, request, certificates } = evidence;
  const { labels } = texts;
  show(texts.proved, [
    [labels.member, exchange.member],
    [labels.service, exchange.service],
    [labels.reference, verdict.senderReference],
    [labels.messageId, verdict.messageId],
    [labels.code, verdict.code],
    [labels.time, exchange.time],
    [labels.request, request.sha256],
    ...signerLines(verdict, certificates),
  ]);
  console.log(texts.advice);
}

function showCheck(verdict: Verdict, { check, certificates }: CheckEvidence): void {
  if (!verdict.proved) return showFault(verdict);
  const { labels } = texts;
  const counts = Object.entries(check.counts).map(([name, count]) => `${name} ${count}`);
  show(texts.checkProved, [
    [labels.check, check.id],
    [labels.member, check.member],
    [labels.processDate, check.processDate],
    [labels.ledger, check.ledger],
    [labels.time, check.createdAt],
    [labels.ledgerDigest, check.ledgerSha256],
    [labels.rowsDigest, check.rowsSha256],
    [labels.refId, check.refId],
    [labels.counts, counts.join(', ')],
    [labels.reference, verdict.senderReference],
    [labels.messageId, verdict.messageId],
    ...signerLines(verdict, certificates),
  ]);
  console.log(texts.checkAdvice);
}

function signerLines(verdict: Proof, certificates: readonly { pem: string }[]): Line[] {
  const signer = certificates
    .map(({ pem }) => new X509Certificate(pem))
    .find(({ fingerprint256 }) => fingerprint256 === verdict.fingerprint);
  const { labels } = texts;
  return [
    [labels.signature, verdict.algorithm],
    [labels.certificate, verdict.fingerprint],
    [labels.validity, signer && `${signer.validFrom} – ${signer.validTo}`],
  ];
}

/** Of a file that is not proved nothing but the reason is shown: the rest may be anybody's. */
function showFault(verdict: Verdict): void {
  console.log(texts.notProved + (verdict.proved ? '' : texts.faults[verdict.fault]));
}

function show(title: string, lines: readonly Line[]): void {
  const width = Math.max(...lines.map(([label]) => label.length));
  console.log(title);
  for (const [label, value] of lines) {
    if (value !== undefined) console.log(`  ${label.padEnd(width)}  ${value}`);
  }
}

/** @returns whether it is proved. @throws UsageError, EvidenceError. */
export async function makeOrProve(options: EvidenceOptions): Promise<boolean> {
  const { verify, check } = options;
  if (verify !== undefined) return prove(verify, options);
  return check === undefined ? make(options) : makeOfCheck(options, check);
}
