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
  const { places, placesOfOne, waitMs, mayRestMs, tooLong } = options;
  const taken = new Set<Place>();
  const line = new Set<Waiter>();
  let looking: NodeJS.Timeout | undefined;

  const placesOf = (who: string): Place[] => [...taken].filter((place) => place.who === who);
  const hasAll = (who: string): boolean => placesOf(who).length >= placesOfOne;

  /** Lets in whoever may enter now, in the order of their coming. */
  function admit(): void {
    for (const waiter of line) {
      if (taken.size >= places) break;
      if (hasAll(waiter.place.who)) continue;
      line.delete(waiter);
      taken.add(waiter.place);
      waiter.go();
    }
    if (line.size > 0) looking ??= setInterval(endResting, LOOK_MS).unref();
    else {
      clearInterval(looking);
      looking = undefined;
    }
  }

  /** For each who waits one at most that rests, the longest first. */
  function endResting(): void {
    for (const { place } of line) {
      const among = hasAll(place.who) ? placesOf(place.who) : [...taken];
      const [longest] = among.toSorted((one, other) => other.restedMs() - one.restedMs());
      if (longest === undefined || longest.restedMs() < mayRestMs) continue;
      taken.delete(longest);
      longest.end();
    }
    admit();
  }

  function inLine(place: Place, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const leave = (error: Error): void => {
        line.delete(waiter);
        end();
        reject(error);
        admit();
      };
      const onAbort = (): void => leave(signal.reason as Error);
      const timer = setTimeout(() => leave(tooLong()), waitMs);
      const waiter: Waiter = { place, go: () => resolve(end()) };
      signal.addEventListener('abort', onAbort, { once: true });
      line.add(waiter);
      admit();
    });
  }

  return {
    async enter(who, holder, signal) {
      signal.throwIfAborted();
      const place: Place = { who, ...holder };
      await inLine(place, signal);
      return () => {
        taken.delete(place);
        admit();
      };
    },
  };
}
