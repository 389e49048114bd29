/** Makes the evidence of one exchange with MKS as a file of its own, and proves such a file offline. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { reasonOf, UsageError } from '../failures.ts';
import { EvidenceError, findExchange, makeEvidence } from './collect.ts';
import { readCertificates, type Evidence, type Verdict } from './document.ts';
import { proveFile } from './prove.ts';
import { textsFor } from './texts.ts';

const DEFAULT_URL = 'http://127.0.0.1:3000';
const { env } = process;
const texts = textsFor(env);

export interface EvidenceOptions {
  member?: string;
  reference?: string;
  certificates?: string;
  out?: string;
  verify?: string;
}

function certificatesIn(file: string): X509Certificate[] {
  try {
    return readCertificates(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new EvidenceError(texts.noCertificates(file, reasonOf(error)), { cause: error });
  }
}

async function make(options: EvidenceOptions): Promise<boolean> {
  const { member, reference } = options;
  const certificatesFile = options.certificates ?? env['MKS_TRUSTED_CERTIFICATES_FILE'];
  if (member === undefined) throw new UsageError(texts.needed('--member'));
  if (reference === undefined) throw new UsageError(texts.needed('--reference'));
  if (!certificatesFile) throw new UsageError(texts.needed('--certificates'));
  const certificates = certificatesIn(certificatesFile);
  const gateway = { url: env['MKS_GATEWAY_URL'] || DEFAULT_URL, key: env['MKS_GATEWAY_KEY'] };
  const exchange = await findExchange(gateway, { member, reference }, texts);
  const evidence = makeEvidence(exchange, certificates);
  // A reference may hold any character; a file's name may not.
  const name = `${member}-${reference}`.replaceAll(/[^\w.-]/g, '_');
  const file = options.out ?? `${name}.evidence.json`;
  try {
    // The answer may hold balances.
    writeFileSync(file, `${JSON.stringify(evidence, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new EvidenceError(texts.cannotWrite(file, reasonOf(error)), { cause: error });
  }
  show(evidence.verdict, evidence);
  console.log(texts.written(file));
  return evidence.verdict.proved;
}

function prove(file: string, certificatesFile: string | undefined): boolean {
  const trusted = certificatesFile === undefined ? undefined : certificatesIn(certificatesFile);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new EvidenceError(texts.cannotRead(file, reasonOf(error)), { cause: error });
  }
  const { verdict, evidence } = proveFile(text, trusted);
  show(verdict, evidence);
  return verdict.proved;
}

/** Of a file that is not proved nothing but the reason is shown: the rest may be anybody's. */
function show(verdict: Verdict, evidence: Evidence | undefined): void {
  if (!verdict.proved || evidence === undefined) {
    console.log(texts.notProved + (verdict.proved ? '' : texts.faults[verdict.fault]));
    return;
  }
  const { exchange, request, certificates } = evidence;
  const signer = certificates
    .map(({ pem }) => new X509Certificate(pem))
    .find(({ fingerprint256 }) => fingerprint256 === verdict.fingerprint);
  const { labels } = texts;
  const lines: [string, string | undefined][] = [
    [labels.member, exchange.member],
    [labels.service, exchange.service],
    [labels.reference, verdict.senderReference],
    [labels.messageId, verdict.messageId],
    [labels.code, verdict.code],
    [labels.time, exchange.time],
    [labels.request, request.sha256],
    [labels.signature, verdict.algorithm],
    [labels.certificate, verdict.fingerprint],
    [labels.validity, signer && `${signer.validFrom} – ${signer.validTo}`],
  ];
  const width = Math.max(...lines.map(([label]) => label.length));
  console.log(texts.proved);
  for (const [label, value] of lines) {
    if (value !== undefined) console.log(`  ${label.padEnd(width)}  ${value}`);
  }
  console.log(texts.advice);
}

/** @returns whether it is proved. @throws UsageError, EvidenceError. */
export async function makeOrProve(options: EvidenceOptions): Promise<boolean> {
  return options.verify === undefined ? make(options) : prove(options.verify, options.certificates);
}
