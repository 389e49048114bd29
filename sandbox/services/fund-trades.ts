/** `getMfundTradeDetails`: known by one sample alone, so it always succeeds with nothing (MKS 9.2). */
import { success, type Answer } from '../http/answer.ts';
import type { World } from '../world.ts';
import type { Message } from './message.ts';

/** Answers 0000 with empty details. */
export async function fundTrades(_world: World, message: Message): Promise<Answer> {
  return success(message, { mfundTradeDetails: {} });
}
