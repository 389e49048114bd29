/** Lanes for those who ask again at once after they were refused: one at a time, with a pause after its answer. */

export interface SlowLanes {
  /**
   * Waits for the name's turn, which comes at once unless its last answer was a refusal.
   * @returns false when too many of the name wait already.
   */
  enter(name: string): Promise<boolean>;
  /** Notes that the name was answered. */
  note(name: string, isRefused: boolean): void;
  /** Lets all go on. */
  close(): void;
}

export interface SlowLanesOptions {
  /** Between an answer and the next in line. */
  pauseMs: number;
  /** Of one name. */
  maxWaiting: number;
}

/** An answer that waits for something else holds up the line no longer. */
const LONGEST_TURN_MS = 100;

interface Lane {
  waiting: (() => void)[];
  /** The name was answered since: who comes now does not wait. */
  isOver: boolean;
  /** Who was let go last has no answer yet. */
  isUnderWay: boolean;
  /** Lets the next go. */
  timer: NodeJS.Timeout | undefined;
}

export function createSlowLanes({ pauseMs, maxWaiting }: SlowLanesOptions): SlowLanes {
  const lanes = new Map<string, Lane>();

  function letGo(name: string, lane: Lane): void {
    const next = lane.waiting.shift();
    lane.isUnderWay = next !== undefined;
    lane.timer = undefined;
    if (next === undefined) {
      if (lane.isOver) lanes.delete(name);
      return;
    }
    lane.timer = setTimeout(letGo, LONGEST_TURN_MS, name, lane);
    next();
  }
  return {
    async enter(name) {
      const lane = lanes.get(name);
      if (lane === undefined || lane.isOver) return true;
      if (lane.waiting.length >= maxWaiting) return false;
      await new Promise<void>((go) => {
        lane.waiting.push(go);
        if (lane.timer === undefined) letGo(name, lane);
      });
      return true;
    },
    note(name, isRefused) {
      let lane = lanes.get(name);
      if (lane === undefined) {
        if (!isRefused) return;
        lane = { waiting: [], isOver: false, isUnderWay: true, timer: undefined };
        lanes.set(name, lane);
      }
      lane.isOver = !isRefused;
      if (!lane.isUnderWay) return;
      lane.isUnderWay = false;
      clearTimeout(lane.timer);
      lane.timer = setTimeout(letGo, pauseMs, name, lane);
    },
    close() {
      for (const { waiting, timer } of lanes.values()) {
        clearTimeout(timer);
        for (const go of waiting) go();
      }
      lanes.clear();
    },
  };
}
