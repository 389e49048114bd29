/**
 * Lets go of the memory that bytes lie in at once. Left to the garbage collector, pieces of a large file
 * pile up outside of its heap, and it runs for them again and again.
 *
 * @param bytes alone in their memory, or in that of small Buffers, which many share and which stays; neither
 *   they nor anything else in it can be used any more.
 */
export function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
