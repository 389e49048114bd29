/** How many of each kind. */
import { countText } from '../lib/format.ts';
import { t, type Localised } from '../lib/language.ts';
import { Facts } from './facts.ts';
import { html } from './html.ts';

export function CountFacts({
  counts,
  texts,
}: {
  counts: Record<string, number>;
  texts: Record<string, Localised>;
}) {
  return html`<${Facts}
    facts=${Object.entries(texts).map(([name, text]) => {
      const count = counts[name];
      return count === undefined
        ? undefined
        : { name: t(text), value: countText(count), isLarge: true };
    })}
  />`;
}
