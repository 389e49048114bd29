/** What every part is written with: tagged templates in place of a language of their own. */
import type { ComponentChildren, VNode } from 'preact';

export { html } from 'htm/preact';

export type Shown = VNode | VNode[] | null;
export type Children = ComponentChildren;
