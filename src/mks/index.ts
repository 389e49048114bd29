/**
 * The one way out to MKS: hours, tokens, references, signatures and the wire behind one call.
 *
 * Knows nothing of reports nor of who asks. Other folders see this module, the types, the errors,
 * the hours, the codes and the services; the rest is for this folder alone.
 */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import type { Credentials, Member } from '../lib/credentials.ts';
import type { Keys } from '../state/keys.ts';
import type { Sealer } from '../state/sealing.ts';
import { createClient } from './client.ts';
import { createServiceHours, type ServiceWindows } from './hours.ts';
import { createLogin } from './login.ts';
import { createMessenger } from './messenger.ts';
import { createReferences } from './reference.ts';
import { createTokens } from './token.ts';
import { createTransport, type TransportOptions } from './transport.ts';
import type { Ask, Exchange, Mks } from './types.ts';

export { createHsms, type OpenHsms } from './hsm/index.ts';
export { createStatements, type Statement } from './statement.ts';
export { sampleTokens } from './stored-token.ts';

export interface MksOptions extends TransportOptions {
  /** Total deadline of one message, in milliseconds: connection, sending and the whole answer. */
  requestTimeoutMs: number;
  /** The same for a message that is answered with a file. */
  downloadTimeoutMs: number;
  archiveMaxBytes: number;
  serviceHours: ServiceWindows;
}

export interface MksDeps {
  config: MksOptions;
  /** Read at each call, so that exchanged files count at once. */
  credentials: () => Credentials;
  /** A connection that fails fast, for commands. */
  redis: Redis;
  keys: Keys;
  sealer: Sealer;
  /** Turns Redis's connection errors into StateUnavailableError. */
  stateful: <T>(operation: Promise<T>) => Promise<T>;
  clock: Clock;
  log: Logger;
  /** Takes one line for each message that may have left. */
  journal?: (exchange: Exchange) => void;
  /** Told of each new reference. */
  onReference?: (memberCode: string) => void;
}

/** The typed way to ask, over a way to call. */
export function askBy(call: Mks['call']): Ask {
  return async (service, request) =>
    service.read(await call({ ...request, service: service.name }));
}

/** Makes the adapter; nothing happens until the first call. */
export function createMks(deps: MksDeps): Mks {
  const { config, credentials, clock } = deps;
  const hours = createServiceHours(config.serviceHours, clock);
  const transport = createTransport(config, clock);
  const references = createReferences(deps);
  const { baseUrl, requestTimeoutMs, downloadTimeoutMs, archiveMaxBytes } = config;
  const login = createLogin({ ...deps, transport, references, timeoutMs: requestTimeoutMs });
  // A login may be asked twice: once more with a new reference.
  const tokens = createTokens({ ...deps, login, baseUrl, loginMs: 2 * requestTimeoutMs });
  const messenger = createMessenger({
    ...deps,
    transport,
    references,
    requestTimeoutMs,
    downloadTimeoutMs,
    archiveMaxBytes,
    renewAhead: tokens.renewAhead,
  });
  const call = createClient({ ...deps, hours, tokens, messenger });
  const memberOf = (memberCode: string): Member => {
    const member = credentials().members.get(memberCode);
    if (member === undefined) throw new TypeError(`no member ${memberCode} is configured`);
    return member;
  };

  return {
    call,
    ask: askBy(call),
    tokenState: (memberCode) => tokens.state(memberOf(memberCode)),
    ensureToken: (memberCode) => tokens.ensure(memberOf(memberCode)),
    async close() {
      transport.close();
      references.close();
      await Promise.all([messenger.close(), tokens.close()]);
    },
  };
}
