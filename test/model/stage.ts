/** A world as its callers and its judges know it. */
import type { OrderDay } from '../../src/orders/days.ts';
import type { PassThrough } from '../../src/reports/pass-through.ts';
import type { Desk } from '../../src/reports/types.ts';
import type { History } from './history.ts';
import type { Place, Surroundings } from './place.ts';
import type { Schedule } from './schedule.ts';
import type { Upstream } from './upstream.ts';

/** One process of the gateway. */
export interface Replica {
  place: Place;
  desk: Desk;
  passThrough: PassThrough;
  /** Resolves when it dies. */
  died: Promise<'died'>;
  die: () => void;
  /** Ends as on SIGTERM. */
  close: () => Promise<void>;
}

export interface World extends Surroundings {
  readonly schedule: Schedule;
  readonly history: History;
  readonly upstream: Upstream;
  /** Answers of MKS that came back to somebody who lived. */
  readonly answers: { reference: string; at: number }[];
  /** What became of the standing order's dates. */
  days: OrderDay[];
  now(): number;
  sleep(ms: number): Promise<void>;
  /** One that lives; waits for it where there is none. */
  someReplica(): Promise<Replica>;
  /** Does it as a part of the replica. */
  inside<T>(replica: Replica, use: () => T): T;
}
