/** `POST /v1/auth`: a token for a user and a password; plain JSON both ways (MKS 3.2). */
import { loginFailure, type Answer } from '../http/answer.ts';
import { isOf } from '../faults/catalogue.ts';
import { textOf } from '../json.ts';
import type { World } from '../world.ts';
import type { Message } from './message.ts';

/** Whether the user and the password are the member's. A refused login gets no messageId. */
export function isLoginRight(world: World, message: Omit<Message, 'messageId'>): boolean {
  const member = world.members.get(message.member);
  const { payload, fault } = message;
  return (
    fault?.name !== 'wrong-login' &&
    textOf(payload, 'username') === member?.userCode &&
    textOf(payload['requestHeader'], 'sender') === member?.userCode &&
    textOf(payload, 'password') === member?.password
  );
}

/** The refusal of a wrong login. */
export function refuseLogin(world: World, member: string): Answer {
  world.journal.count(member, 'loginsRefused');
  return loginFailure(world.nextMessageId());
}

/** Gives the token, with the remark about an unregistered address if that is armed. */
export async function auth(world: World, message: Message): Promise<Answer> {
  const { member, reference, messageId, fault } = message;
  world.journal.count(member, 'logins');
  const isUnregistered = isOf('process', fault) && fault.name === 'unregistered-ip-reason';
  const reason = isUnregistered ? `${member} kullanıcısının kayıtlı ip adresi yok. ` : undefined;
  const header = { messageId, receiverMember: 'MKK', senderReference: reference };
  const payload = world.tokens.issue(member, header, reason);
  return { httpStatus: 200, code: '0000', messageId, body: { kind: 'plain', payload } };
}
