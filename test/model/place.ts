/** A life's place in its world: all that the edges of the world know of it. */
import type { Random } from '../support/random.ts';
import type { Life, Simulator } from './simulator.ts';

export interface Place {
  readonly world: Surroundings;
  readonly life: Life;
  readonly simulator: Simulator;
  readonly random: Random;
}

/** What surrounds each life, and outlasts it. */
export interface Surroundings {
  readonly jobs: Jobs;
  /** Reports' files by their ids. */
  readonly disk: Map<string, KeptFile[]>;
  /** Redis cannot be reached. */
  isAway(): boolean;
  /**
   * Told before each command and each message; may end the life.
   * @param moment the script's name, the command's, or `message`.
   * @returns what becomes of it.
   */
  pass(place: Place, moment: string): 'done' | 'lost' | 'unanswered';
  /** Told after it. */
  passed(place: Place): void;
  way(): Way;
  /** What MKS answers; nothing when it says nothing. */
  receive(message: Message): Answered | undefined;
  delivered(answer: Answered): void;
}

/** What becomes of a message on its way. */
export type Way = 'well' | 'refused' | 'black-hole' | 'silent' | 'reset' | 'slow';

/** A message as MKS reads it. */
export interface Message {
  service: string;
  reference: string;
  member: string;
  body: Record<string, string>;
}

export interface Answered {
  status: number;
  body: string;
  reference: string;
}

export interface KeptFile {
  archive: string;
  /** How long that is: a large one is opened by a thread. */
  size: number;
  rows: string;
}

/** Jobs, which no life's death takes away, and who works on them. */
export interface Jobs {
  stored: Map<string, StoredJob>;
  workers: JobWorker[];
  /** How many locks there were. */
  locks: number;
}

export interface StoredJob {
  id: string;
  queue: string;
  data: unknown;
  /** How long it rests when it has failed; one without a time is gone then. */
  backoffMs: number | undefined;
  state: 'waiting' | 'active' | 'delayed';
  /** Who is at it and renews its lock, if anybody is, and until when somebody is believed to be. */
  lock: { token: string; until: number; worker: JobWorker | undefined } | undefined;
  /** When it is looked at again, if it is put off. */
  delayedUntil: number;
}

export interface JobWorker {
  readonly queue: string;
  isFree(): boolean;
  begin(job: StoredJob): void;
}
