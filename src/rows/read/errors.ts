/** The one error of an archive that cannot be turned into rows, with the reason that a caller is told. */

export type ArchiveFault =
  'wrong-password' | 'truncated' | 'corrupt' | 'too-large' | 'not-a-zip' | 'unexpected-content';

/**
 * What each reason means here:
 * - `not-a-zip`: it does not begin as a zip does;
 * - `truncated`: it begins as one, and its end is missing;
 * - `wrong-password`: the archive's own password check refuses the password. ZipCrypto checks one
 *   byte and AES two, so a few wrong passwords pass; they end as `corrupt`, because nothing in the
 *   archive tells them from damage;
 * - `corrupt`: the structure, the deflate stream, a checksum or the AES authentication does not hold;
 * - `too-large`: it unpacks, or says that it unpacks, to more than is allowed;
 * - `unexpected-content`: a sound archive whose content is not one locked csv or json of rows.
 */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly reason: ArchiveFault;

  /** @param message for the log: it never quotes the file's content. */
  constructor(reason: ArchiveFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** The error of a file that is whole but does not say what a report has to say. */
export function unexpectedContent(message: string): ArchiveError {
  return new ArchiveError('unexpected-content', message);
}
