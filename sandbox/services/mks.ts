/** MKS itself, behind its gateway: numbers each message, uses its reference up, runs its service. */
import { isOf, type Fault } from '../faults/catalogue.ts';
import { codeAnswer, reachesMks } from '../faults/instead.ts';
import { fundReferenceUsed, rejection, type Answer } from '../http/answer.ts';
import type { Admitted } from '../http/gate.ts';
import { textOf } from '../json.ts';
import type { World } from '../world.ts';
import { auth, isLoginRight, refuseLogin } from './auth.ts';
import { balanceReport } from './balance-report.ts';
import { fundTrades } from './fund-trades.ts';
import type { Message } from './message.ts';
import { reportContent } from './report-content.ts';
import { reportStatus } from './report-status.ts';
import type { ServiceName } from './service.ts';

/** What a service makes of a message; everything in front of and behind it is shared. */
type Handler = (world: World, message: Message) => Promise<Answer>;

const HANDLERS: Record<ServiceName, Handler> = {
  auth,
  'balance-report': balanceReport,
  'async-report-status': reportStatus,
  'async-report-content': reportContent,
  getMfundTradeDetails: fundTrades,
};

/** Processes a message that has passed the gate; a fault may make it answer with an armed code. */
export async function runService(
  world: World,
  admitted: Admitted,
  fault: Fault | undefined,
): Promise<Answer> {
  const { service, member, reference, payload } = admitted;
  const request = { service, member, reference, payload, fault };
  if (service === 'auth' && !isLoginRight(world, request)) return refuseLogin(world, member);
  const message: Message = { ...request, messageId: world.nextMessageId() };
  if (!world.references.take(member, reference)) {
    world.journal.count(member, 'duplicateReferences');
    return service === 'getMfundTradeDetails'
      ? fundReferenceUsed(message)
      : rejection(message, 'RP045');
  }
  const userCode = world.members.get(member)?.userCode;
  if (textOf(payload['requestHeader'], 'sender') !== userCode) return rejection(message, 'RP039');
  if (isOf('instead', fault) && reachesMks(fault)) return codeAnswer(world, message, fault);
  return HANDLERS[service](world, message);
}
