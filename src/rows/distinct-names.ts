/** A name of its own for each file of a report: two archives may hold files of the same name. */

/**
 * @param names in the archives' order, which is the same at every fetch.
 * @returns as many names, in that order: the second `a.csv` is `a (2).csv`.
 */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const given = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let nth = 2; given.has(own) || (own !== name && taken.has(own)); nth++) {
      own = name.replace(/(\.[^.]*)?$/, ` (${nth})$1`);
    }
    given.add(own);
    return own;
  });
}
