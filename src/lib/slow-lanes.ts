/** Lanes for those who ask again at once after they were refused: one at a time, with a pause after its answer. */

export interface SlowLanes {
  /**
   * Calls when it is the name's turn: at once, unless its last answer was a refusal.
   * @param go is told false when too many of the name wait already.
   */
  enter(name: string, go: (hasTurn: boolean) => void): void;
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
  waiting: ((hasTurn: true) => void)[];
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
    next(true);
  }
  return {
    enter(name, go) {
      const lane = lanes.get(name);
      if (lane === undefined || lane.isOver) go(true);
      else if (lane.waiting.length >= maxWaiting) go(false);
      else {
        lane.waiting.push(go);
        if (lane.timer === undefined) letGo(name, lane);
      }
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
        for (const go of waiting) go(true);
      }
      lanes.clear();
    },
  };
}
