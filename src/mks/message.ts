/** What MKS's answers are once they are believed: a verified message, or a file still to be checked. */

export type JsonObject = Record<string, unknown>;

/** A verified answer of MKS: its signature, algorithm and senderReference hold. */
export interface MksMessage {
  kind: 'message';
  /** Of the service that was called. */
  service: string;
  senderReference: string;
  messageId?: string;
  /** `0000`, or a business code; `0000` too when a 200 bears none. */
  code: string;
  description: string;
  httpStatus: number;
  /** The verified payload, unknown fields and all. */
  payload: JsonObject;
  /** The same text that MKK signed, to be passed on as it is. */
  payloadText: string;
}

/** A file of async-report-content: not signed, still to be read and checked. */
export interface MksArchive {
  kind: 'archive';
  senderReference: string;
  httpStatus: number;
  /** Ends with an MksError when the connection breaks, the deadline passes or it is too large. */
  stream: AsyncIterable<Uint8Array>;
  /** Lets go of the connection when the stream is not read to its end. */
  cancel(): void;
}

export type MksAnswer = MksMessage | MksArchive;
