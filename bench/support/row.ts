/** A row of the benchmark: what it measures, beside which peer, and what came of it. */
import type { Scope } from './scope.ts';
import type { Plot } from './svg.ts';

export interface Row {
  /** As it is called on the command line. */
  name: string;
  what: string;
  peer: string;
  /** @throws Error when it cannot be measured. */
  run(context: Context): Promise<Result>;
}

export interface Context {
  /** How often each side is measured, in turns. */
  runs: number;
  /** Smaller reports, shorter measurements. */
  isQuick: boolean;
  /** Empty, this row's own. */
  folder: string;
  scope: Scope;
  /** Tells whoever waits how far it is. */
  tell(text: string): void;
}

export interface Result {
  figures: Figure[];
  plots?: Plot[];
  /** What has to be known beside the figures: what was measured and how, what is missing. */
  notes?: string[];
}

export interface Figure {
  name: string;
  unit: 'ms' | 's' | 'µs' | 'MB' | 'ms/s' | 'requests/s' | 'rows/s' | '';
  /** One a run, in the order of the runs. */
  ours: number[];
  /** More is better: a rate, not a cost. */
  isRate?: boolean;
  /** What ours may be at most. */
  goal?: number;
  peers?: Peer[];
}

export interface Peer {
  name: string;
  /** One a run, each measured beside ours of the same run; empty with `missing`. */
  values: number[];
  /** Why there is nothing to compare with. */
  missing?: string;
  /** How many times the peer's cost ours may be at most. */
  goal?: number;
}
