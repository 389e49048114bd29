/** The console's beginning: its places, and the first drawing. */
import { render } from 'preact';
import './lib/theme.ts';
import { html } from './parts/html.ts';
import { Balances } from './views/balances/index.ts';
import { Changes } from './views/changes.ts';
import { Check } from './views/check/index.ts';
import { Operations } from './views/operations/index.ts';
import { Shell, type Place } from './views/shell.ts';
import { Trail } from './views/trail/index.ts';

const places: Place[] = [
  { path: 'balances', text: { en: 'Balances', tr: 'Bakiyeler' }, View: Balances },
  { path: 'changes', text: { en: 'Changes', tr: 'Değişiklikler' }, View: Changes },
  { path: 'check', text: { en: 'Check', tr: 'Kontrol' }, View: Check },
  { path: 'operations', text: { en: 'Operations', tr: 'İşletim' }, View: Operations },
  { path: 'trail', text: { en: 'Trail', tr: 'İz' }, View: Trail },
];

const root = document.getElementById('root');
if (root !== null) render(html`<${Shell} places=${places} />`, root);
