/** In the place of the decoder: rows are lines. */
import { hash } from 'node:crypto';
import type { Decoded } from '../../../src/reports/decoding/decode.ts';
import { pauseHere } from '../here.ts';
import type { KeptFile } from '../place.ts';

const DECODING_MS = 20;

export async function decodeOpen({ file }: { file: KeptFile }): Promise<Decoded> {
  await pauseHere(DECODING_MS);
  const rowCount = file.rows.split('\n').length - 1;
  return { name: 'rapor.json', rowCount, remarks: [], digest: hash('sha256', file.rows, 'hex') };
}
