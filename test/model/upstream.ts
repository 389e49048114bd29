/**
 * A small MKS for the model: it takes every report that is asked for, also beside another one of the member, so that
 * there is something to see when the gateway lets two run at once. (The real one answers RP003; this one does so to a
 * report that is asked for again while it is still being made, and for other systems of the member.)
 */
import type { Answered, Message, Way } from './place.ts';
import {
  createAnswers,
  createServices,
  reportOf,
  REQUEST,
  type Kept,
  type ServiceDeps,
} from './services.ts';

/** A balance-report as it came, whatever became of it. */
export interface Request {
  at: number;
  reference: string;
  /** Tells whose it is. */
  password: string;
}

export interface Upstream extends Kept {
  requests: Request[];
  /** When each member was last heard of, in milliseconds. */
  heard: Map<string, number>;
  way(): Way;
  receive(message: Message): Answered | undefined;
}

const WAYS: Way[] = ['refused', 'black-hole', 'silent', 'reset', 'slow'];
/** What goes wrong before anything is done, or while it is said what was done. */
type Fault = 'page' | 'unsigned' | 'forged' | 'token' | 'busy' | 'rejected' | 'incomplete';
const FAULTS: Fault[] = [
  'page',
  'unsigned',
  'forged',
  'forged',
  'token',
  'busy',
  'rejected',
  'incomplete',
];
const REJECTED_SHARE = 0.2;
/** Of another system of the member's. */
const BUSY_MS = 10_000;
const TOKEN_SECONDS = '600';

export function createUpstream(deps: ServiceDeps): Upstream {
  const { now, random, faultRate } = deps;
  const kept: Kept = { reports: [], overlaps: [], busyUntil: new Map() };
  const answers = createAnswers();
  const services = createServices(kept, answers, deps);
  const { signed, plain } = answers;
  let tokens = 0;

  function logIn(message: Message): Answered {
    if (random.chance(faultRate())) return plain(message, 500, '<html>');
    const answer = { tokenType: 'Bearer', token: `t${(tokens += 1)}`, LifeTime: TOKEN_SECONDS };
    return plain(message, 200, JSON.stringify(answer));
  }

  /** @returns nothing where the service answers. */
  function faulty(message: Message, fault: Fault): Answered | undefined {
    const isRequest = message.service === REQUEST;
    switch (fault) {
      case 'page':
        return plain(message, 500, '<html>error</html>');
      case 'unsigned':
        return plain(message, 500, '{"error_code":"OI031"}');
      case 'token':
        return plain(message, 401, '');
      case 'forged': {
        // Half of them have been done nevertheless, and all of them use the reference up.
        const done = random.chance(0.5) ? services[message.service]?.(message) : undefined;
        const isFile = done?.body.startsWith('ey') === false;
        return isFile
          ? done
          : signed(message, '0000', { refId: 'forged', fileNames: ['forged.zip'] }, 'Zm9y');
      }
      case 'busy':
        if (isRequest) kept.busyUntil.set(message.member, now() + random.below(BUSY_MS));
        return undefined;
      case 'rejected': {
        if (!random.chance(REJECTED_SHARE)) return undefined;
        const report = reportOf(kept, message);
        if (report !== undefined) report.end = 'failed';
        return signed(message, 'RP025');
      }
      case 'incomplete':
        return isRequest ? undefined : signed(message, '0000');
    }
  }

  const upstream: Upstream = {
    ...kept,
    requests: [],
    heard: new Map(),
    way: () => (random.chance(faultRate()) ? random.pick(WAYS) : 'well'),
    receive(message) {
      const { reference, body } = message;
      const { zipPassword: password = '' } = body;
      upstream.heard.set(message.member, now());
      if (message.service === 'auth') return logIn(message);
      if (message.service === REQUEST) upstream.requests.push({ at: now(), reference, password });
      const fault = random.chance(faultRate()) ? random.pick(FAULTS) : undefined;
      const wrong = fault && faulty(message, fault);
      return wrong ?? services[message.service]?.(message);
    },
  };
  return upstream;
}
