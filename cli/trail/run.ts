/** Proves files of the access trail offline, and writes them as CSV. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isCalendarDay, parseInstant, toIstanbulTimestamp } from '../../src/lib/dates.ts';
import { UsageError } from '../failures.ts';
import { exportCsv } from './export.ts';
import { prove, type Proof } from './prove.ts';
import type { StampProof } from './stamps.ts';
import type { Outside } from './survey.ts';
import { textsFor } from './texts.ts';

const { env } = process;
const texts = textsFor(env);
const MOST_FAULTS = 20;

/** Each file, or all of a folder in their order; only a folder can be asked to be whole. */
function filesOf(paths: readonly string[]): { files: string[]; isWhole: boolean } {
  const isFolder = paths.map((path) => statSync(path).isDirectory());
  const files = paths.flatMap((path, index) =>
    isFolder[index] === true
      ? readdirSync(path)
          .filter((name) => name.endsWith('.ndjson'))
          // By chain, and in it by day: the day stands before the chain in a name.
          .toSorted((one, other) => (one.slice(9) < other.slice(9) ? -1 : 1))
          .map((name) => join(path, name))
      : [path],
  );
  return { files, isWhole: isFolder.every(Boolean) };
}

/** The certificates of a PEM file. */
function certificatesOf(file: string | undefined): X509Certificate[] | undefined {
  if (file === undefined) return undefined;
  const pem = readFileSync(file, 'utf8');
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

function outsideOf({
  certificates,
  checkpoints,
  timestampCa: authorities,
}: {
  certificates?: string;
  checkpoints?: string;
  timestampCa?: string;
}): Outside {
  const kept = checkpoints === undefined ? '' : readFileSync(checkpoints, 'utf8');
  return {
    trusted: certificatesOf(certificates),
    authorities: certificatesOf(authorities),
    checkpoints: kept.split('\n').flatMap((line, index) => {
      const jws = line.trim();
      return jws === '' ? [] : [{ jws, file: checkpoints ?? '', at: index + 1 }];
    }),
  };
}

/** @returns whether they are proved. @throws UsageError; errors of the file system. */
export async function verify(
  paths: readonly string[],
  options: Parameters<typeof outsideOf>[0],
): Promise<boolean> {
  if (paths.length === 0) throw new UsageError(texts.needed('FILE'));
  const outside = outsideOf(options);
  const { files, isWhole } = filesOf(paths);
  if (files.length === 0) throw new Error(texts.nothing);
  const proof = await prove(files, isWhole, outside);
  const { faults } = proof;
  if (faults.length > 0) {
    console.log(texts.notProved);
    for (const fault of faults.slice(0, MOST_FAULTS)) {
      console.log(`  ${fault.file}:${fault.at}: ${texts.fault(fault)}`);
    }
    if (faults.length > MOST_FAULTS) console.log(`  ${texts.more(faults.length - MOST_FAULTS)}`);
    return false;
  }
  console.log(texts.proved(proof.entries, proof.chains.length, files.length));
  remark(proof, outside.trusted !== undefined);
  remarkStamps(proof.stamps, outside.authorities !== undefined);
  return true;
}

/** What the proof does not show. */
function remark({ chains, signers, elsewhere }: Proof, isTrusted: boolean): void {
  for (const [fingerprint, subject] of signers) {
    console.log(texts.signedBy(subject.replaceAll('\n', ', '), fingerprint, isTrusted));
  }
  if (signers.size === 0) console.log(texts.unsigned);
  for (const chain of chains) {
    if (chain.first > 1) console.log(texts.begins(chain));
    if (chain.isTorn) console.log(texts.torn(chain));
    if (chain.witnessed < chain.last) console.log(texts.open(chain));
  }
  if (elsewhere.length > 0) console.log(texts.elsewhere(elsewhere));
}

const CLOCK_TOLERANCE_MS = 60_000;

/** What the time stamps show, where there are any or somebody asked for them. */
function remarkStamps(stamps: StampProof, isTrusted: boolean): void {
  const { stamped, authorities, alone, latest, earliest } = stamps;
  if (stamped > 0 || isTrusted) console.log(texts.stamped(stamps));
  for (const [fingerprint, subject] of authorities) {
    console.log(texts.stampedBy(subject, fingerprint, isTrusted));
  }
  if (latest !== undefined) console.log(texts.latestStamp(latest));
  if (earliest !== undefined && earliest.afterMs < -CLOCK_TOLERANCE_MS) {
    console.log(texts.clockAhead(earliest));
  }
  if (alone > 0) console.log(texts.stampsAlone(alone));
}

function momentOf(option: string, text: string | undefined, time: string): string | undefined {
  if (text === undefined) return undefined;
  const [isDay, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  const instant =
    isDay === undefined || !isCalendarDay(text)
      ? parseInstant(text)
      : parseInstant(`${year}-${month}-${day}T${time}+03:00`);
  if (instant === undefined) throw new UsageError(texts.noTime(option));
  return toIstanbulTimestamp(instant);
}

/** @throws UsageError; errors of the file system. */
export async function write(
  folder: string | undefined,
  { from, to }: { from?: string; to?: string },
): Promise<void> {
  const range = {
    from: momentOf('--from', from, '00:00:00.000') ?? '0',
    to: momentOf('--to', to, '23:59:59.999') ?? '9999-99-99',
  };
  const place = folder ?? join(env['DATA_DIR'] || './data', 'trail');
  for await (const line of exportCsv(place, range)) {
    if (!process.stdout.write(line)) await once(process.stdout, 'drain');
  }
}
