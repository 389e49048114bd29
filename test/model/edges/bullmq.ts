/**
 * In the place of BullMQ: what the gateway counts on of it, on the world's clock. A job is there once, is handed to one
 * worker at a time, comes back when its worker has not renewed its lock for ten seconds, and who has lost the lock can
 * neither end nor put it off.
 */
import { EventEmitter } from 'node:events';
import { StateUnavailableError } from '../../../src/state/errors.ts';
import { here, inPlace, later } from '../here.ts';
import type { Jobs, JobWorker, Place, StoredJob } from '../place.ts';

const LATENCY_MS = 4;

/** Thrown by a job that was put off. */
export class DelayedError extends Error {}

export const createJobBoard = (): Jobs => ({ stored: new Map(), workers: [], locks: 0 });

function comesThrough(place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    later(place, place.random.below(LATENCY_MS), () => {
      if (place.world.isAway()) reject(new StateUnavailableError(new Error('away')));
      else resolve();
    });
  });
}

/** Hands out what waits, each to a worker that lives and has room. */
function handOut(place: Place): void {
  const { jobs } = place.world;
  for (const job of jobs.stored.values()) {
    if (job.state !== 'waiting') continue;
    const free = jobs.workers.filter((worker) => worker.queue === job.queue && worker.isFree());
    if (free.length === 0) continue;
    place.random.pick(free).begin(job);
  }
}

function putOff(place: Place, job: StoredJob, untilMs: number): void {
  const { simulator } = place;
  Object.assign(job, { state: 'delayed', lock: undefined, delayedUntil: untilMs });
  simulator.after(untilMs - simulator.now(), () => {
    if (job.state !== 'delayed' || job.delayedUntil > simulator.now()) return;
    job.state = 'waiting';
    handOut(place);
  });
}

export class Queue extends EventEmitter {
  readonly #name: string;
  readonly #place = here();

  constructor(name: string) {
    super();
    this.#name = name;
  }

  toKey(id: string): string {
    return `${this.#name} ${id}`;
  }

  async add(
    _: string,
    data: unknown,
    { jobId = '', backoff }: { jobId?: string; backoff?: { delay: number } },
  ) {
    await comesThrough(this.#place);
    const { stored } = this.#place.world.jobs;
    const id = this.toKey(jobId);
    if (stored.has(id)) return;
    const found = { id, queue: this.#name, data, backoffMs: backoff?.delay };
    stored.set(id, { ...found, state: 'waiting', lock: undefined, delayedUntil: 0 });
    handOut(this.#place);
  }

  async getJob(id: string): Promise<Job | undefined> {
    await comesThrough(this.#place);
    const job = this.#place.world.jobs.stored.get(this.toKey(id));
    return job && new Job(this.#place, job, '');
  }

  async close(): Promise<void> {}
}

export class Job {
  readonly data: unknown;
  readonly #place: Place;
  readonly #job: StoredJob;
  readonly #token: string;

  constructor(place: Place, job: StoredJob, token: string) {
    this.data = job.data;
    this.#place = place;
    this.#job = job;
    this.#token = token;
  }

  async moveToDelayed(untilMs: number): Promise<void> {
    await comesThrough(this.#place);
    if (this.#job.lock?.token !== this.#token) throw new Error('Missing lock');
    putOff(this.#place, this.#job, untilMs);
  }

  async isDelayed(): Promise<boolean> {
    await comesThrough(this.#place);
    return this.#job.state === 'delayed';
  }

  async promote(): Promise<void> {
    await comesThrough(this.#place);
    if (this.#job.state !== 'delayed') throw new Error('not delayed');
    this.#job.state = 'waiting';
    handOut(this.#place);
  }
}

type Processor = (job: Job, token: string) => Promise<void>;

interface WorkerOptions {
  concurrency?: number;
  lockDuration: number;
  stalledInterval: number;
}

export class Worker extends EventEmitter implements JobWorker {
  readonly queue: string;
  readonly backend = { close: async () => undefined };
  readonly #process: Processor;
  readonly #options: WorkerOptions;
  readonly #place = here();
  readonly #running = new Set<Promise<void>>();
  #isClosing = false;

  constructor(queue: string, process: Processor, options: WorkerOptions) {
    super();
    this.queue = queue;
    this.#process = process;
    this.#options = options;
    const { simulator, life, world } = this.#place;
    world.jobs.workers.push(this);
    simulator.after(options.lockDuration / 2, () => this.#renew(), life, options.lockDuration / 2);
    simulator.after(options.stalledInterval, () => this.#recover(), life, options.stalledInterval);
    later(this.#place, 1, () => handOut(this.#place));
  }

  isFree(): boolean {
    const { life, world } = this.#place;
    const isHere = !life.isDead && !life.isFrozen && !this.#isClosing && !world.isAway();
    return isHere && this.#running.size < (this.#options.concurrency ?? 1);
  }

  begin(job: StoredJob): void {
    const { world, simulator } = this.#place;
    const token = String((world.jobs.locks += 1));
    const until = simulator.now() + this.#options.lockDuration;
    Object.assign(job, { state: 'active', lock: { token, until, worker: this } });
    later(this.#place, 1 + this.#place.random.below(LATENCY_MS), () => {
      const running = inPlace(this.#place, () => this.#work(job, token));
      this.#running.add(running);
      void running.finally(() => this.#running.delete(running));
    });
  }

  async #work(job: StoredJob, token: string): Promise<void> {
    let end: () => void = () => this.#place.world.jobs.stored.delete(job.id);
    try {
      await this.#process(new Job(this.#place, job, token), token);
    } catch (error) {
      if (error instanceof DelayedError) return;
      const { backoffMs } = job;
      const { simulator } = this.#place;
      if (backoffMs !== undefined) {
        end = () => putOff(this.#place, job, simulator.now() + backoffMs);
      }
    }
    // Without Redis it can end nothing, and its lock passes.
    await comesThrough(this.#place).catch(() => (end = () => undefined));
    if (job.lock?.token !== token) return;
    job.lock.worker = undefined;
    end();
    handOut(this.#place);
  }

  #renew(): void {
    const { world, simulator } = this.#place;
    if (world.isAway()) return;
    for (const job of world.jobs.stored.values()) {
      if (job.lock?.worker === this) job.lock.until = simulator.now() + this.#options.lockDuration;
    }
  }

  #recover(): void {
    const { world, simulator } = this.#place;
    if (world.isAway()) return;
    for (const job of world.jobs.stored.values()) {
      if (job.lock === undefined || job.lock.until > simulator.now()) continue;
      Object.assign(job, { state: 'waiting', lock: undefined });
    }
    handOut(this.#place);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.allSettled(this.#running);
  }
}
