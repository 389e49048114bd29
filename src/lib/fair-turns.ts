/** Places for work that may take long: nobody takes all of them, and who rests gives his up. */

/** Work that has a place. */
export interface Holder {
  /** How long it has rested: it waits for somebody else. In ms. */
  restedMs(): number;
  /** Ends it, because others wait for its place. */
  end(): void;
}

export interface FairTurns {
  /**
   * Waits for a place.
   * @param who has at most `placesOfOne` places; the others pass by who has as many.
   * @param signal gives the place in line up.
   * @returns gives the place back; may be called twice.
   * @throws the signal's reason; what `tooLong` makes when the wait is over.
   */
  enter(who: string, holder: Holder, signal: AbortSignal): Promise<() => void>;
}

export interface FairTurnsOptions {
  places: number;
  placesOfOne: number;
  /** The longest wait for a place, in ms. */
  waitMs: number;
  /** Who rests longer than this, in ms, is ended when others wait. */
  mayRestMs: number;
  tooLong: () => Error;
}

interface Place extends Holder {
  who: string;
}

interface Waiter {
  place: Place;
  go: () => void;
}

const LOOK_MS = 500;

export function createFairTurns(options: FairTurnsOptions): FairTurns {
  const { waitMs, mayRestMs, tooLong } = options;
  const places = createPlaces(options);
  const line = new Set<Waiter>();
  let looking: NodeJS.Timeout | undefined;

  /** Gives a place to the first in line that may have it: whoever else may enter has entered. */
  function giveBack(place: Place): void {
    if (!places.giveBack(place)) return;
    for (const waiter of line) {
      if (!places.mayEnter(waiter.place.who)) continue;
      leaveLine(waiter);
      places.take(waiter.place);
      waiter.go();
      return;
    }
  }

  function leaveLine(waiter: Waiter): void {
    line.delete(waiter);
    if (line.size > 0) return;
    clearInterval(looking);
    looking = undefined;
  }

  /** For each who waits one at most that rests, the longest first. */
  function endResting(): void {
    const resting = places.resting(mayRestMs);
    for (const { place } of line) {
      if (resting.length === 0) return;
      const isOfOne = places.hasAll(place.who);
      const at = resting.findIndex(({ who }) => !isOfOne || who === place.who);
      const [ended] = at === -1 ? [] : resting.splice(at, 1);
      if (ended === undefined) continue;
      giveBack(ended);
      ended.end();
    }
  }

  function waitInLine(place: Place, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const giveUp = (error: Error): void => {
        leaveLine(waiter);
        end();
        reject(error);
      };
      const onAbort = (): void => giveUp(signal.reason as Error);
      const timer = setTimeout(() => giveUp(tooLong()), waitMs);
      const waiter: Waiter = { place, go: () => resolve(end()) };
      signal.addEventListener('abort', onAbort, { once: true });
      line.add(waiter);
      looking ??= setInterval(endResting, LOOK_MS).unref();
    });
  }

  return {
    async enter(who, holder, signal) {
      signal.throwIfAborted();
      const place: Place = { who, ...holder };
      if (places.mayEnter(who)) places.take(place);
      else await waitInLine(place, signal);
      return () => giveBack(place);
    },
  };
}

/** Which places are taken, and how many of them by each: thousands may ask while they wait. */
function createPlaces({ places, placesOfOne }: FairTurnsOptions) {
  const taken = new Set<Place>();
  const counts = new Map<string, number>();
  const hasAll = (who: string): boolean => (counts.get(who) ?? 0) >= placesOfOne;
  return {
    hasAll,
    mayEnter: (who: string): boolean => taken.size < places && !hasAll(who),
    take(place: Place): void {
      taken.add(place);
      counts.set(place.who, (counts.get(place.who) ?? 0) + 1);
    },
    /** @returns false when it was given back before. */
    giveBack(place: Place): boolean {
      if (!taken.delete(place)) return false;
      const left = (counts.get(place.who) ?? 1) - 1;
      if (left === 0) counts.delete(place.who);
      else counts.set(place.who, left);
      return true;
    },
    /** Those that have rested for so many ms, the longest first. */
    resting: (forMs: number): Place[] =>
      [...taken]
        .filter((place) => place.restedMs() >= forMs)
        .toSorted((one, other) => other.restedMs() - one.restedMs()),
  };
}
