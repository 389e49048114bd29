/** What the two locks of a zip entry have in common: bytes go in as they stand and come out unlocked. */
export interface Lock {
  /** The bytes that follow those of the call before, unlocked; they belong to the caller. */
  open(locked: Uint8Array): Buffer<ArrayBuffer>;
  /**
   * @param code what stands behind the data: the authentication code, or nothing.
   * @throws ArchiveError corrupt when the bytes were not those that were locked, as far as the lock
   *   itself can tell.
   */
  end(code: Uint8Array): void;
}
