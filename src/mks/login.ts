/** One login at MKS's token service: plain JSON, not signed (MKS 3.2). */
import type { Logger } from 'pino';
import { defined } from '../lib/defined.ts';
import type { Clock } from '../lib/clock.ts';
import type { Credentials, Member } from '../lib/credentials.ts';
import { isTokenRefusalCode } from './codes.ts';
import { particularsOf, printable, shapeOf, type Shape } from './decode.ts';
import { MksError } from './errors.ts';
import { isObject, scalarText } from './json.ts';
import { createExchangeLines, type ExchangeLine } from './exchange-line.ts';
import { pinnedKeys } from './keys.ts';
import type { References } from './reference.ts';
import { auth } from './services/auth.ts';
import { readBody, TransportError } from './reply.ts';
import type { Transport } from './transport.ts';
import type { Exchange, JsonObject } from './types.ts';
import { verifyJws } from './verify.ts';

export interface GrantedToken {
  text: string;
  /** Milliseconds from `askedAtElapsedMs` on. */
  lifeMs: number;
  /** The monotonic clock just before the login was sent. */
  askedAtElapsedMs: number;
  /** What MKK has to say with it, e.g. that no IP address of the user is registered. */
  reason?: string;
}

/**
 * Logs a member in.
 * @throws MksError with outcome not-sent, for it is the caller's message that was never sent:
 *   mks-login-refused for a refused user or password, mks-unreachable, mks-error.
 */
export type Login = (member: Member) => Promise<GrantedToken>;

export interface LoginDeps {
  transport: Transport;
  references: References;
  credentials: () => Credentials;
  clock: Clock;
  log: Logger;
  timeoutMs: number;
  journal?: (exchange: Exchange) => void;
}

const ANSWER_MAX_BYTES = 1024 * 1024;
const DEFAULT_LIFE_SECONDS = 3600;
/** A longer life is not believed: a token is renewed within the day. */
const LONGEST_LIFE_SECONDS = 24 * 3600;
const REFERENCE_USED = 'RP045';
/** Codes that speak of the user, the member or their rights (MKS 3.2.7). */
const REFUSALS = /^RP0(?:39|4[0-3]|4[6-9])$/;
/** What can stand in a header: visible ASCII, no white space. */
const HEADER_SAFE = /^[\x21-\x7E]+$/;

interface LoginAnswer {
  httpStatus: number;
  message: JsonObject;
  askedAtElapsedMs: number;
}

export function createLogin(deps: LoginDeps): Login {
  const { transport, references, credentials, clock } = deps;
  const write = createExchangeLines(deps);

  async function ask(member: Member): Promise<LoginAnswer> {
    const { memberCode, userCode, password } = member;
    const askedAtElapsedMs = clock.elapsedMs();
    const { open } = await references.issue(
      { memberCode, service: auth.name, fingerprints: [], durationMs: deps.timeoutMs },
      member.referencePrefix,
    );
    const { senderReference } = open;
    const requestHeader = { senderReference, senderMember: memberCode, sender: userCode };
    const request = { requestHeader, username: userCode };
    // The digest goes without the password: so short a secret could be guessed from it.
    const line = write.begin(
      { memberCode, service: auth.name, senderReference },
      JSON.stringify(request),
    );
    try {
      const reply = await transport.post({
        path: `/v1/${auth.name}`,
        headers: { accept: '*/*', 'content-type': 'application/json', 'user-agent': 'mks-gateway' },
        body: Buffer.from(JSON.stringify({ ...request, password })),
        deadlineElapsedMs: askedAtElapsedMs + deps.timeoutMs,
      });
      const shape = shapeOf(await readBody(reply, ANSWER_MAX_BYTES));
      const message = await messageOf(shape, () => pinnedKeys(credentials()));
      noteAnswer(line, reply.status, message);
      return { httpStatus: reply.status, message, askedAtElapsedMs };
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      if (error.sent) line.end({ outcome: 'unknown' });
      throw unfinished(error);
    }
  }

  return async (member) => {
    let answer = await ask(member);
    if (tokenOf(answer) === undefined && particularsOf(answer.message).code === REFERENCE_USED) {
      answer = await ask(member);
    }
    const granted = tokenOf(answer);
    if (granted === undefined) throw failed(answer);
    return granted;
  };
}

function noteAnswer(line: ExchangeLine, httpStatus: number, message: JsonObject): void {
  const { code, messageId } = particularsOf(message);
  line.end({
    outcome: isObject(message) && 'token' in message ? 'answered' : 'refused',
    httpStatus,
    ...defined({ code, messageId }),
  });
}

/** The answer's object, from plain JSON or from a JWS that holds; else an empty one. */
async function messageOf(
  shape: Shape,
  keys: () => ReturnType<typeof pinnedKeys>,
): Promise<JsonObject> {
  if (shape.kind === 'json') return shape.value;
  if (shape.kind !== 'jws') return {};
  return verifyJws(shape.text, keys()).then(
    ({ payload }) => payload,
    () => ({}),
  );
}

function tokenOf({ httpStatus, message, askedAtElapsedMs }: LoginAnswer): GrantedToken | undefined {
  const { token } = message;
  const type = message['tokenType'] ?? 'Bearer';
  const isGranted =
    httpStatus >= 200 &&
    httpStatus < 300 &&
    typeof token === 'string' &&
    HEADER_SAFE.test(token) &&
    typeof type === 'string' &&
    type.toLowerCase() === 'bearer';
  if (!isGranted) return undefined;
  const seconds = Number(scalarText(message['LifeTime'])?.trim() || DEFAULT_LIFE_SECONDS);
  if (!Number.isFinite(seconds) || seconds <= 0) return undefined;
  const reason = reasonOf(token);
  return {
    text: token,
    lifeMs: Math.min(seconds, LONGEST_LIFE_SECONDS) * 1000,
    askedAtElapsedMs,
    ...defined({ reason }),
  };
}

/** The `reason` among the token's claims, to be shown; the token is not ours to check. */
function reasonOf(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
    );
    const claim = isObject(claims) ? claims['claim'] : undefined;
    const reason = isObject(claim) ? claim['reason'] : undefined;
    return typeof reason === 'string' && reason.trim() !== ''
      ? printable(reason.trim())
      : undefined;
  } catch {
    return undefined;
  }
}

function failed({ httpStatus, message }: LoginAnswer): MksError {
  const { code } = particularsOf(message);
  const isRefused =
    httpStatus === 401 ||
    httpStatus === 403 ||
    (code !== undefined && (isTokenRefusalCode(code) || REFUSALS.test(code)));
  return new MksError(
    isRefused ? 'mks-login-refused' : 'mks-error',
    isRefused ? 'MKK refuses the user or the password' : 'MKS gave no token',
    {
      outcome: 'not-sent',
      httpStatus,
      ...(code !== undefined && { mksCode: code, verified: false }),
    },
  );
}

function unfinished(error: TransportError): MksError {
  return new MksError(
    error.sent ? 'mks-error' : 'mks-unreachable',
    error.sent ? 'MKS did not answer the login' : 'no connection to MKS',
    { outcome: 'not-sent' },
    error,
  );
}
