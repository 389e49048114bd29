/** Lets others see how each call of MKS ended, without a say in it. */
import type { Clock } from '../lib/clock.ts';
import { MksError } from '../mks/errors.ts';
import { askBy } from '../mks/index.ts';
import type { Mks, MksRequest } from '../mks/types.ts';

/** How one call ended; an archive has ended here when it begins to stream. */
export interface CallEnd {
  /** Wall ms. */
  time: number;
  memberCode: string;
  service: string;
  /** Of MKS's verified answer; absent for a file and for a failure. */
  code?: string;
  /** Why there is no answer. */
  error?: MksError;
}

/** @returns the same adapter, whose calls are told to `onEnd`. */
export function watchCalls(mks: Mks, clock: Clock, onEnd: (end: CallEnd) => void): Mks {
  const end = (request: MksRequest, rest: Pick<CallEnd, 'code' | 'error'>): void =>
    onEnd({
      time: clock.now(),
      memberCode: request.memberCode,
      service: request.service,
      ...rest,
    });
  const call: Mks['call'] = async (request) => {
    try {
      const answer = await mks.call(request);
      end(request, answer.kind === 'message' ? { code: answer.code } : {});
      return answer;
    } catch (error) {
      // A caller who gave up, and Redis being away, say nothing of MKS.
      if (error instanceof MksError && request.signal?.aborted !== true) end(request, { error });
      throw error;
    }
  };
  return { ...mks, call, ask: askBy(call) };
}
