/** What everything else of the gateway stands on: state, the files that are followed, the trail. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Configuration } from './config.ts';
import { followFiles } from './config/live.ts';
import { sealingKeysAtStart } from './config/sealing-keys.ts';
import type { Clock } from './lib/clock.ts';
import { signingFault } from './lib/credentials.ts';
import { createServiceHours } from './mks/hours.ts';
import { createStatements, type OpenHsms } from './mks/index.ts';
import { watchSealing } from './operations/sealing-faults.ts';
import { createKeys } from './state/keys.ts';
import { openState } from './state/open.ts';
import { createSealer } from './state/sealing.ts';
import { CHECKPOINT_TYPE, openTrail } from './trail/index.ts';

/** What has to be ended, in the order of its making. */
export type End = () => unknown;

export type Base = Awaited<ReturnType<typeof openBase>>;

/** What a gateway is given. */
export interface Ground {
  configuration: Configuration;
  clock: Clock;
  log: Logger;
  hsms: OpenHsms;
}

/** @param ends takes what has to be ended, in the order of its making. */
export async function openBase({ configuration, clock, log, hsms }: Ground, ends: End[]) {
  const { config } = configuration;
  // Before there is a Redis that could hold what is sealed.
  const sealingKeys = sealingKeysAtStart(configuration, clock.now(), log);
  const redis = await openState(config, log, ends);
  const keys = createKeys();
  const files = followFiles({ ...configuration, sealingKeys }, clock, log, hsms);
  ends.push(() => files.close());
  const trail = await openTrail({
    folder: join(config.dataDir, 'trail'),
    replica: `${config.host}:${config.port}`,
    ...config.trail,
    sign: createStatements(CHECKPOINT_TYPE, files.credentials, clock),
    clock,
    log,
  });
  ends.push(() => trail.close(3_000));
  files.onChange((part) => {
    trail.record({ action: 'config.changed', part, end: 'done' }).catch(() => undefined);
  });
  const sealer = createSealer(files.sealingKeys);
  const members = (): string[] => [...files.credentials().members.keys()];
  const { dataDir } = config;
  const trySealing = watchSealing({ redis: redis.commands, keys, dataDir, sealer, members, log });
  void trySealing();
  files.onChange((part) => part === 'sealing' && trySealing());
  return {
    config,
    clock,
    log,
    redis,
    keys,
    files,
    hsms,
    trail,
    sealer,
    members,
    shutOff: (code: string) => {
      const member = files.credentials().members.get(code);
      return member && signingFault(member, clock.now());
    },
    hours: createServiceHours(config.serviceHours, clock),
    spoolFolder: join(config.dataDir, 'spool'),
  };
}
