/** One stamp, from the question to what it proves. */
import type { X509Certificate } from 'node:crypto';
import { askServer, type StampServer } from './server.ts';
import { proveStamp, stampRequest, tokenOf, type Stamp } from './token.ts';

export interface StampSource extends StampServer {
  /** Who may vouch for its stamps; undefined: whoever answers under `url`. */
  trusted?: readonly X509Certificate[];
}

/**
 * Has these bytes stamped; what comes is proved before it is kept, for years later is too late.
 * @throws StampError, and what the way there fails with.
 */
export async function askStamp(
  source: StampSource,
  data: Uint8Array,
  signal: AbortSignal,
): Promise<Stamp & { token: Buffer }> {
  const request = stampRequest(data);
  const token = tokenOf(await askServer(source, request.bytes, signal), request);
  return { ...(await proveStamp(token, data, source.trusted)), token };
}
