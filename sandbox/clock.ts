/** The sandbox's own clock: the system's, moved by an offset that a test or an operator sets. */

export interface SandboxClock {
  /** Milliseconds since the epoch, offset included. It goes on running after `set`. */
  now(): number;
  /** Moves the clock to this instant: milliseconds since the epoch or an ISO 8601 time. @throws RangeError */
  set(instant: number | string): void;
  /** Moves the clock on by so many seconds (back, when negative). */
  advance(seconds: number): void;
  /** Goes back to the system's time. */
  reset(): void;
}

/** A clock without an offset. */
export function createClock(): SandboxClock {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    set(instant) {
      const instantMs = typeof instant === 'number' ? instant : Date.parse(instant);
      if (!Number.isFinite(instantMs)) throw new RangeError(`not a time: ${instant}`);
      offsetMs = instantMs - Date.now();
    },
    advance(seconds) {
      if (!Number.isFinite(seconds)) throw new RangeError(`not a number of seconds: ${seconds}`);
      offsetMs += seconds * 1000;
    },
    reset() {
      offsetMs = 0;
    },
  };
}
