/** Places that are taken by name: each name has so many at a time, and nobody waits for one. */

export interface Places {
  /** @returns gives the place back, once however often it is called; undefined when all are taken. */
  take(name: string): (() => void) | undefined;
}

/** @param each how many places a name has, at least 1. */
export function createPlaces(each: number): Places {
  const taken = new Map<string, number>();
  return {
    take(name) {
      const held = taken.get(name) ?? 0;
      if (held >= each) return undefined;
      taken.set(name, held + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const left = (taken.get(name) ?? 1) - 1;
        if (left === 0) taken.delete(name);
        else taken.set(name, left);
      };
    },
  };
}
