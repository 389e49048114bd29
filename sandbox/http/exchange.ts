/** One message from its arrival to its answer: faults, gate, service, signature, wire, log. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOf, type Fault } from '../faults/catalogue.ts';
import { insteadAnswer, reachesMks } from '../faults/instead.ts';
import { spoilArchive } from '../faults/spoil-archive.ts';
import { spoilPayload } from '../faults/spoil-payload.ts';
import { signBadly } from '../faults/spoil-signature.ts';
import type { LogEntry } from '../journal.ts';
import type { JsonObject } from '../json.ts';
import { signJws } from '../jws.ts';
import { runService } from '../services/mks.ts';
import { serviceAt, type ServiceName } from '../services/service.ts';
import type { World } from '../world.ts';
import { failure, Refusal, type Answer } from './answer.ts';
import { deliver } from './delivery.ts';
import { admit } from './gate.ts';
import { logEntryOf, receive, type Received } from './received.ts';
import { send } from './send.ts';

/** Handles every message of members. @returns a handler that rejects when the client goes away. */
export function createExchange(
  world: World,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  /** The last signed answer, for the fault that answers with another message's. */
  let previous: string | undefined;

  function sign(payload: JsonObject, fault: Fault | undefined): string {
    if (isOf('signature', fault)) return signBadly(world, fault, payload, previous);
    previous = signJws(payload, world.signingKey);
    return previous;
  }

  return async (request, response) => {
    const received = await receive(request);
    const entry = logEntryOf(received, world.clock, request.socket.remoteAddress);
    world.journal.enter(entry);
    const service = serviceAt(received.path);
    if (service === undefined) {
      const unknown = failure(404, 'OI020', `Tanımsız servis: ${received.path}`, received);
      note(world, entry, unknown);
      return send(response, await deliver(world, unknown), undefined);
    }
    const early = world.faults.takeEarly(service, received.member);
    noteFault(entry, early);
    if (early?.name === 'reset-before') {
      request.socket.resetAndDestroy();
      return;
    }
    const decided = await decide(world, received, service, early, entry);
    const late = world.faults.takeLate(service, received.member, decided);
    noteFault(entry, late);
    const answer = await spoil(world, decided, late, received.reference ?? '');
    if (late?.name !== 'no-answer' && late?.name !== 'reset-after') note(world, entry, answer);
    const signer = (payload: JsonObject): string => sign(payload, late);
    return send(response, await deliver(world, answer, signer), late);
  };
}

/** The answer as it would be if nothing spoilt it afterwards. */
async function decide(
  world: World,
  received: Received,
  service: ServiceName,
  fault: Fault | undefined,
  entry: LogEntry,
): Promise<Answer> {
  if (fault?.name === 'delay') await sleep(fault.ms ?? 1000);
  if (fault?.name === 'token-revoked') world.tokens.revokeAll();
  const isInstead = isOf('instead', fault) && !reachesMks(fault);
  if (isInstead && fault.processed !== true) return insteadAnswer(fault, received);
  const answer = await handle(world, received, service, fault, entry);
  return isInstead ? insteadAnswer(fault, received) : answer;
}

async function handle(
  world: World,
  received: Received,
  service: ServiceName,
  fault: Fault | undefined,
  entry: LogEntry,
): Promise<Answer> {
  try {
    const admitted = admit(world, received, service);
    if (admitted.token !== undefined) entry.tokenId = admitted.token.id;
    return await runService(world, admitted, fault);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failure(error.httpStatus, error.code, error.message, received);
  }
}

async function spoil(
  world: World,
  answer: Answer,
  fault: Fault | undefined,
  reference: string,
): Promise<Answer> {
  if (isOf('archive', fault)) return spoilArchive(world, answer, fault, reference);
  if (isOf('payload', fault)) return spoilPayload(answer, fault);
  return answer;
}

function note(world: World, entry: LogEntry, answer: Answer): void {
  world.journal.countCode(answer.code);
  entry.httpStatus = answer.httpStatus;
  entry.code = answer.code;
  if (answer.messageId !== undefined) entry.messageId = answer.messageId;
}

function noteFault(entry: LogEntry, fault: Fault | undefined): void {
  if (fault !== undefined) entry.faults = [...(entry.faults ?? []), fault.name];
}
