/** A few facts with their names. */
import { html, type Children } from './html.ts';

export interface Fact {
  name: string;
  value: Children;
  isLarge?: boolean;
}

export function Facts({ facts }: { facts: readonly (Fact | undefined)[] }) {
  const known = facts.filter((fact) => fact !== undefined);
  return html`<dl class="facts">
    ${known.map(
      ({ name, value, isLarge }) =>
        html`<div>
          <dt>${name}</dt>
          <dd class=${isLarge === true ? 'large' : ''}>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
