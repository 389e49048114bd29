/** An answer as bytes: signed where MKK signs, plain where it does not. */
import { stat } from 'node:fs/promises';
import { signJws } from '../jws.ts';
import type { JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import type { Answer } from './answer.ts';

export interface Delivery {
  httpStatus: number;
  contentType: string;
  content: Buffer | { path: string; bytes: number };
}

/** @param signer signs the JSON of an answer; MKK's own way unless a fault has another. */
export async function deliver(
  world: World,
  { httpStatus, body }: Answer,
  signer: (payload: JsonObject) => string = (payload) => signJws(payload, world.signingKey),
): Promise<Delivery> {
  switch (body.kind) {
    case 'signed':
      return text(httpStatus, world.answerContentType, signer(body.payload));
    case 'plain':
      return text(httpStatus, 'application/json', JSON.stringify(body.payload));
    case 'text':
      return text(httpStatus, body.contentType, body.text);
    case 'file': {
      const { size } = await stat(body.path);
      const content = { path: body.path, bytes: size };
      return { httpStatus, contentType: 'application/octet-stream', content };
    }
  }
}

function text(httpStatus: number, contentType: string, content: string): Delivery {
  return { httpStatus, contentType, content: Buffer.from(content) };
}
