/**
 * What an answer's body is, by its shape alone: the content type of a signed answer is not laid
 * down, and what stands in front of MKS answers in forms of its own.
 */
import { defined } from '../lib/defined.ts';
import { isObject, parseJson, scalarText } from './json.ts';
import { catalogue } from './services/catalogue.ts';
import type { JsonObject } from './types.ts';

export type Shape =
  | { kind: 'jws'; text: string }
  | { kind: 'json'; value: JsonObject }
  /** XML or HTML. */
  | { kind: 'markup' }
  | { kind: 'empty' }
  | { kind: 'other' };

const COMPACT_JWS = /^[\w-]+\.[\w-]*\.[\w-]*$/;

/** A byte order mark, white space and quotes around a JWS are tolerated. */
export function shapeOf(body: Uint8Array): Shape {
  const text = new TextDecoder().decode(body).trim();
  if (text === '') return { kind: 'empty' };
  if (text.startsWith('<')) return { kind: 'markup' };
  if (COMPACT_JWS.test(text)) return { kind: 'jws', text };
  if (!text.startsWith('{') && !text.startsWith('"')) return { kind: 'other' };
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return { kind: 'other' };
  }
  if (isObject(value)) return { kind: 'json', value };
  const inner = typeof value === 'string' ? value.trim() : '';
  return COMPACT_JWS.test(inner) ? { kind: 'jws', text: inner } : { kind: 'other' };
}

/**
 * Whether the first bytes of a successful answer are those of a message and not of a file: markup,
 * JSON, or a JWS, which begins with the base64url of `{` and what may follow it.
 */
export function beginsLikeMessage(start: Uint8Array): boolean {
  return /^\s*(?:[{<"]|e[wy])/.test(new TextDecoder().decode(start.subarray(0, 64)));
}

/** What a message says of itself, wherever MKS puts it (MKS 3.2.6, 5.1.5, 6.2.5). */
export interface Particulars {
  senderReference?: string;
  messageId?: string;
  code?: string;
  /** Something stands where the code should, and is none. */
  isCodeBroken?: boolean;
  description?: string;
}

/** What MKS's document bounds (MKS 5.1.5), in characters and with some slack. */
const MAX_LENGTHS = { refId: 100, messageId: 64, responseCode: 64, responseDesc: 2000 };

/** Fields by which an answer is known to be a service's own, even without a code. */
const OWN_FIELDS = catalogue.flatMap(({ ownField }) => ownField ?? []);

/** The field of the answer that is longer than MKS's document comes near to; undefined if none is. */
export function overlongField(message: JsonObject): string | undefined {
  const header = objectAt(message, 'responseHeader');
  const response = objectAt(message, 'response');
  return Object.entries(MAX_LENGTHS).find(([name, max]) =>
    [message, header, response].some((part) => (scalarText(part[name])?.length ?? 0) > max),
  )?.[0];
}

/** Whether the answer bears a field of its service, and so is more than an envelope. */
export function hasOwnField(message: JsonObject): boolean {
  return OWN_FIELDS.some((name) => Object.hasOwn(message, name));
}

export function particularsOf(message: JsonObject): Particulars {
  const header = objectAt(message, 'responseHeader');
  const response = objectAt(message, 'response');
  const senderReference = scalarText(header['senderReference']);
  const messageId = scalarText(header['messageId'])?.trim();
  const codes = [response['responseCode'], message['responseCode'], message['error_code']];
  const code = codes.find((value) => value !== undefined && value !== null && value !== '');
  const description = firstText(response['responseDesc'], message['responseDesc']);
  return {
    ...defined({ senderReference }),
    ...(messageId !== undefined && MESSAGE_ID.test(messageId) && { messageId }),
    ...codeOf(code),
    ...(description !== undefined && { description: printable(description) }),
  };
}

/** The payload of a JWS that nothing vouches for: only to learn whether it bears a messageId. */
export function unverifiedPayload(jws: string): JsonObject {
  try {
    const value = parseJson(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString());
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** One to 22 digits (MKS 5.1.5); anything of that kind is taken for one, for it uses a reference up. */
const MESSAGE_ID = /^[\w.:-]{1,64}$/;

/** Three to five capitals and digits (MKS 5.1.5), a few more for slack, or the login's own kind. */
const CODE = /^(?:[A-Z0-9]{3,8}|0x[0-9a-f]{8})$/i;

function codeOf(value: unknown): Pick<Particulars, 'code' | 'isCodeBroken'> {
  if (value === undefined) return {};
  const code = typeof value === 'string' ? value.trim() : '';
  return CODE.test(code) ? { code } : { isCodeBroken: true };
}

/** MKS 5.1.5. */
const SHOWN_MAX_CHARACTERS = 255;

/** A text of MKS's for people: no control character, for it may reach a log, and marked where it is cut. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  const plain = text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g, ' ');
  if (plain.length <= SHOWN_MAX_CHARACTERS) return plain;
  return `${plain.slice(0, SHOWN_MAX_CHARACTERS - 1)}…`;
}

function objectAt(message: JsonObject, name: string): JsonObject {
  const value = message[name];
  return isObject(value) ? value : {};
}

function firstText(...values: unknown[]): string | undefined {
  return values.map((value) => scalarText(value)?.trim()).find((text) => text);
}
