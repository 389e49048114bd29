#!/usr/bin/env node
/**
 * Takes the gateway's notices (Standard Webhooks) with nothing but Node: verifies, works on each id once, answers 204
 * or 401.
 *
 *   usage: node notices.mjs SECRET_FILE [PORT]   the file holds whsec_ and base64, as the gateway's secretFile does
 *
 * Mind: signed are the bytes that came. What JSON.parse and JSON.stringify make of them is something else: verify
 * first. With Express the body is express.raw({ type: () => true }), not express.json().
 * Mind: === stops at the first octet that differs, and its time tells a forger how far the guess was right.
 * Mind: Buffer.from(text, 'base64') skips what is not base64 without a word, and with an empty secret everybody signs.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [, , SECRET_FILE, PORT = '9000'] = process.argv;
const MAX_AGE_SECONDS = 300;
/** A notice has a few thousand. What is longer is cut here, and so is not what was signed. */
const MAX_BODY_BYTES = 65_536;
/** The gateway tries a notice for a day: more than come in a day. */
const MAX_IDS = 10_000;

/** While the secret is exchanged the gateway signs with both, so one is enough here. */
function readSecret(file) {
  const [, base64 = ''] =
    /^whsec_([A-Za-z0-9+/]+={0,2})\s/.exec(readFileSync(file, 'utf8') + '\n') ?? [];
  const secret = Buffer.from(base64, 'base64');
  if (secret.length < 16) throw new Error(`${file} must hold whsec_ and base64`);
  return secret;
}

async function readBody(request) {
  const pieces = [];
  let length = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    pieces.push(piece);
    length += piece.length;
    if (length > MAX_BODY_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, MAX_BODY_BYTES);
}

/** Why the notice is not to be believed; undefined if it is. */
function faultOf(headers, body) {
  const {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures = '',
  } = headers;
  const hmac = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body);
  const expected = Buffer.from(`v1,${hmac.digest('base64')}`);
  const isSigned = signatures
    .split(' ')
    .map((signature) => Buffer.from(signature))
    .some((found) => found.length === expected.length && timingSafeEqual(found, expected));
  if (!isSigned) return 'no signature is right';
  const ageSeconds = Math.abs(Date.now() / 1000 - Number(timestamp));
  return ageSeconds <= MAX_AGE_SECONDS ? undefined : 'the timestamp is too far away';
}

/** Your work. If it throws, the answer is 500 and the notice comes again. */
function work({ type, data }) {
  console.log(`${type} ${data.report}`);
}

/** Lost with the process. Yours belong into the database, in the transaction that does the work. */
const seen = new Set();

async function take(request) {
  const body = await readBody(request);
  const fault = faultOf(request.headers, body);
  if (fault !== undefined) {
    console.error(`refused: ${fault}`);
    return 401;
  }
  const id = request.headers['webhook-id'];
  if (seen.has(id)) {
    console.log(`again ${id}`);
    return 204;
  }
  work(JSON.parse(body));
  seen.add(id);
  if (seen.size > MAX_IDS) seen.delete(seen.values().next().value);
  return 204;
}

async function answer(request, response) {
  const status = await take(request).catch((error) => {
    console.error(error);
    return 500;
  });
  response.writeHead(status, { connection: 'close' }).end();
}

const secret = readSecret(SECRET_FILE);
const server = createServer((request, response) => void answer(request, response));
server.requestTimeout = 10_000;
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on ${PORT}`));
