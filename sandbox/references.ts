/** Which references have reached MKS: those can never come again from the same member (MKS 5.1.2). */

export interface References {
  /** Uses the reference up. @returns false when it was used up before. */
  take(member: string, reference: string): boolean;
}

/** None is used up at first. */
export function createReferences(): References {
  const used = new Map<string, Set<string>>();
  return {
    take(member, reference) {
      const references = used.get(member) ?? new Set<string>();
      used.set(member, references);
      if (references.has(reference)) return false;
      references.add(reference);
      return true;
    },
  };
}
