/** The console's beginning: its places, and the first drawing. */
import { render } from 'preact';
import './lib/theme.ts';
import { html } from './parts/html.ts';
import { Balances } from './views/balances/index.ts';
import { Shell, type Place } from './views/shell.ts';

const places: Place[] = [
  { path: 'balances', text: { en: 'Balances', tr: 'Bakiyeler' }, View: Balances },
];

const root = document.getElementById('root');
if (root !== null) render(html`<${Shell} places=${places} />`, root);
