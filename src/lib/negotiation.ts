/** Proactive negotiation of media type, language and coding (RFC 9110 §12.5). */

import type { Language } from './localised.ts';

interface Preference {
  value: string;
  /** 0 to 1. */
  quality: number;
  /** Place in the header, from 0. */
  place: number;
}

/** The members of an Accept-like header; one with a bad weight counts as not written. */
function parsePreferences(header: string): Preference[] {
  return header.split(',').flatMap((member, place) => {
    const [value = '', ...parameters] = member.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => /^q\s*=/i.test(parameter));
    const quality = weight === undefined ? 1 : Number(weight.slice(weight.indexOf('=') + 1));
    const isGood = value !== '' && quality >= 0 && quality <= 1;
    return isGood ? [{ value: value.toLowerCase(), quality, place }] : [];
  });
}

/** 2 = the type itself, 1 = its `type/*`, 0 = anything, undefined = no match. */
function specificity(range: string, type: string): number | undefined {
  if (range === type) return 2;
  if (range === `${type.split('/')[0]}/*`) return 1;
  return range === '*/*' ? 0 : undefined;
}

/**
 * The best of the offered media types.
 *
 * Equal weights are settled by how exactly the type was named, then by its place in the header,
 * then by the order of the offers.
 *
 * @param accept the Accept header; absent or empty means anything.
 * @param offers lower-case types, the default first.
 * @returns undefined when none is acceptable.
 */
export function preferredType<Type extends string>(
  accept: string | undefined,
  offers: readonly Type[],
): Type | undefined {
  if (accept === undefined || accept.trim() === '') return offers[0];
  const ranges = parsePreferences(accept);
  const candidates = offers.flatMap((type) => {
    const matches = ranges
      .map((range) => ({ ...range, exactness: specificity(range.value, type) ?? -1 }))
      .filter((match) => match.exactness >= 0)
      .toSorted((a, b) => b.exactness - a.exactness);
    const best = matches[0];
    return best === undefined || best.quality === 0 ? [] : [{ type, ...best }];
  });
  candidates.sort(
    (a, b) => b.quality - a.quality || b.exactness - a.exactness || a.place - b.place,
  );
  return candidates[0]?.type;
}

/** Turkish or English; English when neither is asked for or both are as welcome. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'en';
  const preferences = parsePreferences(acceptLanguage).toSorted((a, b) => b.quality - a.quality);
  const first = preferences.find(
    ({ value, quality }) => quality > 0 && /^(tr|en)\b|^\*/.test(value),
  );
  return first !== undefined && /^tr\b/.test(first.value) ? 'tr' : 'en';
}

/**
 * The best of the offered content codings; a mere `*` is not taken as consent.
 *
 * @param offers lower-case codings; of those that are as welcome the first is taken.
 * @returns undefined when none is named, or identity is welcome more.
 */
export function preferredCoding<Coding extends string>(
  acceptEncoding: string,
  offers: readonly Coding[],
): Coding | undefined {
  // Programs that name none are the most.
  if (acceptEncoding === '') return undefined;
  const preferences = parsePreferences(acceptEncoding);
  const qualityOf = (coding: string): number =>
    preferences.find(({ value }) => value === coding)?.quality ?? 0;
  const identity = qualityOf('identity');
  const [best] = offers.toSorted((a, b) => qualityOf(b) - qualityOf(a));
  if (best === undefined) return undefined;
  const quality = qualityOf(best);
  return quality > 0 && quality >= identity ? best : undefined;
}

/** Whether If-None-Match names the entity tag (weak comparison, RFC 9110 §13.1.2). */
export function matchesEntityTag(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const tags = ifNoneMatch.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => tag.replace(/^W\//, '') === entityTag);
}
