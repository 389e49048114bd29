/** Light or dark: the reader's choice, and the system's while there is none. */
import { effect, signal } from '@preact/signals';

export type Theme = 'light' | 'dark';

const STORED = 'mks-theme';

export const theme = signal<Theme>(first());

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

/** Kept from now on, whatever the system says. */
export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(STORED, chosen);
  theme.value = chosen;
}

function first(): Theme {
  const stored = localStorage.getItem(STORED);
  if (stored === 'light' || stored === 'dark') return stored;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
