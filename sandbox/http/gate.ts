/** The gateway in front of MKS: what does not pass here never gets a messageId (MKS 3, 4, 7). */
import { istanbulMinute } from '../istanbul.ts';
import { textOf, type JsonObject } from '../json.ts';
import { isSignedBy } from '../jws.ts';
import { isOpen, pathOf, type ServiceName } from '../services/service.ts';
import type { Token } from '../tokens.ts';
import type { World } from '../world.ts';
import { Refusal } from './answer.ts';
import type { Received } from './received.ts';

export interface Admitted {
  service: ServiceName;
  member: string;
  reference: string;
  payload: JsonObject;
  /** Undefined for the login. */
  token: Token | undefined;
}

/** Checks all that can be checked without MKS. @throws Refusal with an OI code. */
export function admit(world: World, received: Received, service: ServiceName): Admitted {
  if (received.method !== 'POST') throw new Refusal(405, 'OI020', `${received.method} is not POST`);
  const isLogin = service === 'auth';
  const token = isLogin ? undefined : checkToken(world, received);
  checkContentType(received, isLogin ? 'application/json' : 'text/plain');
  if (!isLogin) checkSignature(world, received);
  const payload = checkSchema(world, received, service);
  const header = payload['requestHeader'];
  const member = textOf(header, 'senderMember') ?? '';
  if (!world.members.has(member) || member !== received.member) {
    throw new Refusal(400, 'OI021', 'senderMember');
  }
  if (isClosed(world, service)) throw new Refusal(503, 'OI003');
  return { service, member, reference: textOf(header, 'senderReference') ?? '', payload, token };
}

/** Outside its hours, if they are enforced, or before MKS has opened today. The login never is. */
function isClosed({ settings, clock }: World, service: ServiceName): boolean {
  const minute = istanbulMinute(clock.now());
  if (service !== 'auth' && minute < settings.opensAtMinute) return true;
  return settings.hoursEnforced && !isOpen(service, minute);
}

function checkToken(world: World, { headers, member }: Received): Token {
  const text = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  const token = text === undefined ? undefined : world.tokens.find(text);
  if (token === undefined) throw new Refusal(401, 'OI006', 'token');
  if (headers['sender'] === undefined || !world.members.has(member ?? '')) {
    throw new Refusal(400, 'OI021', 'Sender');
  }
  if (token.member !== member) throw new Refusal(403, 'OI006', 'Sender');
  return token;
}

function checkContentType({ headers }: Received, expected: string): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(/\s*;\s*/);
  const isPlain = parameters.every((parameter) => parameter === 'charset=utf-8');
  if (type !== expected || !isPlain) throw new Refusal(415, 'OI002', `Content-Type: ${expected}`);
}

function checkSignature(world: World, { jws, member }: Received): void {
  if (jws === undefined) throw new Refusal(400, 'OI016');
  const keys = world.members.get(member ?? '')?.publicKeys;
  if (keys === undefined) throw new Refusal(400, 'OI010');
  if (!keys.some((key) => isSignedBy(jws, key))) throw new Refusal(400, 'OI012');
}

function checkSchema(world: World, received: Received, service: ServiceName): JsonObject {
  const { payload } = received;
  if (payload === undefined) throw new Refusal(400, 'OI002', 'the payload is no JSON object');
  const problems = world.contract.problemsOf(pathOf(service), payload);
  if (problems.length > 0) throw new Refusal(400, 'OI002', problems.join('; '));
  return payload;
}
