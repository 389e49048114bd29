/** The armed faults. A message meets at most one before its processing and one after it. */
import type { SandboxClock } from '../clock.ts';
import type { Answer } from '../http/answer.ts';
import { SERVICE_NAMES, type ServiceName } from '../services/service.ts';
import { canSpoil } from './can-spoil.ts';
import { stageOf, type Fault } from './catalogue.ts';

export interface Faults {
  /** @throws RangeError for an unknown name, an unknown service or a senseless number. */
  arm(fault: Fault): void;
  /** Disarms those of this name, or all. @throws RangeError for an unknown name */
  clear(name?: string): void;
  /** Those still armed, with the times that remain. */
  armed(): Fault[];
  /** The fault that strikes before or instead of the processing. It is spent by being taken. */
  takeEarly(service: ServiceName, member: string | undefined): Fault | undefined;
  /** The fault that spoils this answer. It is spent by being taken. */
  takeLate(service: ServiceName, member: string | undefined, answer: Answer): Fault | undefined;
}

interface ArmedFault {
  fault: Fault;
  timesLeft: number;
  skipsLeft: number;
  /** By the sandbox's clock; infinite for a fault that only its times end. */
  endsAtMs: number;
}

const EARLY_STAGES = new Set(['receive', 'instead', 'process']);

/** No fault is armed at first. */
export function createFaults(clock: Pick<SandboxClock, 'now'>): Faults {
  let armed: ArmedFault[] = [];

  function dropEnded(): void {
    armed = armed.filter((one) => one.timesLeft !== 0 && clock.now() < one.endsAtMs);
  }

  function take(
    service: ServiceName,
    member: string | undefined,
    strikes: (fault: Fault) => boolean,
  ): Fault | undefined {
    dropEnded();
    const found = armed.find((one) => {
      const { fault } = one;
      if (fault.service !== undefined && fault.service !== service) return false;
      if (fault.member !== undefined && fault.member !== member) return false;
      if (!strikes(fault)) return false;
      one.skipsLeft -= 1;
      return one.skipsLeft < 0;
    });
    if (found === undefined) return undefined;
    if (found.timesLeft > 0) found.timesLeft -= 1;
    dropEnded();
    return found.fault;
  }

  return {
    arm(fault) {
      validate(fault);
      const { seconds, skip = 0 } = fault;
      const timesLeft = seconds === undefined ? (fault.times ?? 1) : -1;
      const endsAtMs = seconds === undefined ? Infinity : clock.now() + seconds * 1000;
      armed.push({ fault, timesLeft, skipsLeft: skip, endsAtMs });
    },
    clear(name) {
      if (name !== undefined && stageOf(name) === undefined) {
        throw new RangeError(`unknown fault ${name}`);
      }
      armed = name === undefined ? [] : armed.filter(({ fault }) => fault.name !== name);
    },
    armed() {
      dropEnded();
      return armed.map(({ fault, timesLeft }) => ({ ...fault, times: timesLeft }));
    },
    takeEarly: (service, member) => take(service, member, (fault) => isEarly(fault, service)),
    takeLate: (service, member, answer) =>
      take(service, member, (fault) => canSpoil(fault.name, service, answer)),
  };
}

function isEarly(fault: Fault, service: ServiceName): boolean {
  const stage = stageOf(fault.name);
  // The login knows no token that could be revoked, and is alone in playing the faults of `process`.
  const fits =
    stage === 'process' ? service === 'auth' : fault.name !== 'token-revoked' || service !== 'auth';
  return EARLY_STAGES.has(stage ?? '') && fits;
}

function validate(fault: Fault): void {
  const { name, service, times = 1, skip = 0 } = fault;
  if (stageOf(name) === undefined) throw new RangeError(`unknown fault ${name}`);
  if (service !== undefined && !SERVICE_NAMES.includes(service)) {
    throw new RangeError(`unknown service ${service}; known: ${SERVICE_NAMES.join(', ')}`);
  }
  if (!Number.isInteger(times) || times === 0 || times < -1) {
    throw new RangeError('times must be -1 or a whole number from 1 on');
  }
  const { seconds = 1 } = fault;
  if (!Number.isFinite(seconds) || seconds <= 0) throw new RangeError('seconds must be above 0');
  if (!Number.isInteger(skip) || skip < 0) throw new RangeError('skip must be a whole number');
}
