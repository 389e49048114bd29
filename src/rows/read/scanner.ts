/** What the readers of JSON and of CSV have in common: they eat a file window by window. */

/** No row may be longer than this, as it stands in the file. */
export const ROW_MAX_BYTES = 64 * 1024;

/** No scanner asks for more than this to be kept for its next window. */
export const PENDING_MAX_BYTES = 1024 * 1024;

export interface Scanner {
  /**
   * Reads the rows that are complete in the window.
   * @param window what the last call left over, and the bytes that follow it.
   * @param last whether the file ends with this window.
   * @returns how many bytes are done with; the rest has to come again in the next window.
   * @throws ArchiveError for what is not a file of rows.
   */
  scan(window: Uint8Array, last: boolean): number;
  /** The most that may be left over for the next window, PENDING_MAX_BYTES or less. */
  readonly pendingMaxBytes: number;
  /** @throws ArchiveError when the file has ended too early. */
  end(): void;
}
