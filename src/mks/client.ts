/**
 * One call of MKS, in order: hours, token, reference, sign, send, verify, decode, journal.
 *
 * A message is sent once. Only one thing makes the call send another: a token that MKS refused,
 * which is replaced, once.
 */
import type { Logger } from 'pino';
import { defined } from '../lib/defined.ts';
import type { Clock } from '../lib/clock.ts';
import { signingFault, type Credentials, type Member } from '../lib/credentials.ts';
import { untilAborted } from '../lib/within.ts';
import { givenUp, MksError, shutOff } from './errors.ts';
import type { ServiceHours } from './hours.ts';
import type { Message } from './outgoing.ts';
import type { Messenger } from './messenger.ts';
import { TokenReplacedError } from './reference.ts';
import { findService } from './services/catalogue.ts';
import type { ServiceFacts } from './services/service.ts';
import type { Token } from './stored-token.ts';
import type { Tokens } from './token.ts';
import type { MksAnswer, MksRequest } from './types.ts';

export interface ClientDeps {
  credentials: () => Credentials;
  hours: ServiceHours;
  tokens: Tokens;
  messenger: Messenger;
  clock: Clock;
  log: Logger;
}

/** @returns the `call` of Mks. */
export function createClient(deps: ClientDeps): (request: MksRequest) => Promise<MksAnswer> {
  const { credentials, hours, tokens, messenger, clock, log } = deps;

  /** What follows a refused token: a new one, once for this call. */
  async function replaceToken(member: Member, token: Token, refusal: MksError): Promise<Token> {
    log.warn({ member: member.memberCode }, 'MKS refused the token');
    try {
      return await tokens.replace(member, token);
    } catch (error) {
      if (!(error instanceof MksError)) throw error;
      // A message did leave, and it was refused.
      const details = { ...refusal.details, ...error.details, outcome: 'refused' as const };
      throw new MksError(error.code, error.message, details, error);
    }
  }

  /** With the token that is remembered, if it is still the stored one; else with the stored one. */
  async function send(call: Call): Promise<MksAnswer> {
    const { request, member, service } = call;
    checkHours(service, hours, clock.now());
    checkIdentity(member, clock.now());
    // A reference that is sent again is looked up for itself, and without the token.
    const token = request.senderReference === undefined ? tokens.remembered(member) : undefined;
    if (token !== undefined) {
      try {
        return await sendWith({ ...call, token, isTokenRemembered: true });
      } catch (error) {
        if (!(error instanceof TokenReplacedError)) throw error;
      }
    }
    return sendWith({
      ...call,
      token: await untilAborted(tokens.get(member), request.signal, givenUp),
    });
  }

  /** Once, and with another token once more if MKS refused the first. */
  async function sendWith(message: Message): Promise<MksAnswer> {
    const { request, member, token } = message;
    try {
      return await messenger.send(message);
    } catch (error) {
      if (!(error instanceof MksError) || error.details.tokenRefused !== true) throw error;
      const replacement = await replaceToken(member, token, error);
      const again: MksRequest = { ...request };
      // An answer with a messageId has used up the reference that the caller gave.
      if (error.details.messageId !== undefined) delete again.senderReference;
      const next = { request: again, token: replacement, isTokenRemembered: false };
      return messenger.send({ ...message, ...next });
    }
  }

  return async (request) => {
    const member = memberOf(credentials(), request.memberCode);
    const service = serviceOf(request.service);
    let { senderReference } = request;
    const onReference = (reference: string): void => void (senderReference = reference);
    try {
      return await send({ request, member, service, onReference });
    } catch (error) {
      if (!(error instanceof MksError)) throw error;
      // A copy: one refused login is the error of all who waited for it.
      const place = defined({ service: service.name, senderReference });
      throw new MksError(error.code, error.message, { ...error.details, ...place }, error);
    }
  };
}

type Call = Omit<Message, 'token' | 'isTokenRemembered'>;

function memberOf(credentials: Credentials, memberCode: string): Member {
  const member = credentials.members.get(memberCode);
  if (member === undefined) throw new TypeError(`no member ${memberCode} is configured`);
  return member;
}

function serviceOf(name: string): ServiceFacts {
  const service = findService(name);
  if (service === undefined) throw new TypeError(`no service ${name} is in the catalogue`);
  return service;
}

/** A member that cannot sign is shut off by itself: the state it is in forbids the call. */
function checkIdentity(member: Member, nowMs: number): void {
  const fault = signingFault(member, nowMs);
  if (fault !== undefined) throw shutOff(member.memberCode, fault);
}

function checkHours(service: ServiceFacts, hours: ServiceHours, nowMs: number): void {
  const group = service.hoursGroup;
  if (group === undefined || hours.isOpen(group, nowMs)) return;
  const opensAt = hours.opensAt(group, nowMs);
  throw new MksError('outside-service-hours', 'MKS is closed for this service', {
    outcome: 'not-sent',
    ...(opensAt !== undefined && { opensAt, retryAfterMs: opensAt - nowMs }),
  });
}
