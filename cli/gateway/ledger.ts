/** A ledger as `POST /balances/check` takes it: CSV, or MKS's own archive with its password. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { CommandError, reasonOf, UsageError } from '../failures.ts';
import type { Localised } from '../language.ts';
import { askSecret, canAsk } from '../secret.ts';
import { say, type Shell } from '../shell.ts';
import type { Ask } from './client.ts';

/** How a file of a zip begins, whatever its name (APPNOTE 4.3.7). */
const ZIP_BEGINS = Buffer.from('PK\u0003\u0004');

const QUESTION: (file: string) => Localised = (file) => ({
  en: `Password of ${file} (not shown, never stored): `,
  tr: `${file} parolası (görünmez, saklanmaz): `,
});
const NO_PASSWORD: (file: string) => Localised = (file) => ({
  en: `${file} is an archive and needs its password: typed at a terminal, or in MKS_LEDGER_PASSWORD`,
  tr: `${file} bir arşiv ve parolasını ister: terminalde yazılır ya da MKS_LEDGER_PASSWORD ile verilir`,
});
const NO_HEADER_VALUE: Localised = {
  en: 'The password has control characters, or spaces at an end: no header can carry it',
  tr: 'Parolada denetim karakteri ya da başında, sonunda boşluk var: hiçbir başlık taşıyamaz',
};

/**
 * Opens a ledger, and asks for its password if it is an archive and MKS_LEDGER_PASSWORD is not set.
 *
 * @param file its path, or `-` for standard input.
 * @returns what of the request depends on it; the body can be read once.
 * @throws CommandError: it cannot be read; UsageError: an archive without a password.
 */
export async function openLedger(
  shell: Shell,
  file: string,
): Promise<Required<Pick<Ask, 'headers' | 'body'>>> {
  const source = file === '-' ? process.stdin : createReadStream(file);
  try {
    const { head, body } = await lookInto(source).catch((error: unknown) => {
      throw unreadable(shell, file, error);
    });
    if (!head.subarray(0, ZIP_BEGINS.length).equals(ZIP_BEGINS)) {
      return { headers: { 'content-type': 'text/csv' }, body };
    }
    const password = await passwordOf(shell, file);
    // The header is UTF-8; fetch writes each character of a value as one byte.
    const header = Buffer.from(password).toString('latin1');
    return { headers: { 'content-type': 'application/zip', 'ledger-password': header }, body };
  } catch (error) {
    source.destroy();
    throw error;
  }
}

/** @returns the first bytes, as many as tell a zip if there are, and all of it from the first on. */
async function lookInto(
  source: Readable,
): Promise<{ head: Buffer; body: ReadableStream<Uint8Array> }> {
  const pieces = source.iterator() as AsyncIterableIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < ZIP_BEGINS.length) {
    const next = await pieces.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    yield* pieces;
  };
  return { head, body: ReadableStream.from(all()) };
}

function unreadable(shell: Shell, file: string, error: unknown): CommandError {
  const reason = reasonOf(error);
  const text = { en: `${file} cannot be read (${reason})`, tr: `${file} okunamıyor (${reason})` };
  return new CommandError(say(shell, text), { cause: error });
}

/**
 * From the environment, or from the terminal: never an argument, which the whole machine can read.
 * @throws UsageError.
 */
async function passwordOf(shell: Shell, file: string): Promise<string> {
  const given = shell.env['MKS_LEDGER_PASSWORD'] ?? '';
  const password =
    given === '' && canAsk(shell) ? await askSecret(shell, say(shell, QUESTION(file))) : given;
  if (password === '') throw new UsageError(say(shell, NO_PASSWORD(file)));
  // What fetch says of a value that it does not take has the value in it; spaces it takes away.
  if (/\p{Cc}|^ | $/u.test(password)) throw new UsageError(say(shell, NO_HEADER_VALUE));
  return password;
}
