/** `#/balances`: ask and look back; `#/balances/{id}`: one report. */
import { route } from '../../lib/route.ts';
import { html } from '../../parts/html.ts';
import { AskAndList } from './ask-and-list.ts';
import { ReportView } from './report.ts';

export function Balances() {
  const [, id] = route.value.path;
  return id === undefined ? html`<${AskAndList} />` : html`<${ReportView} key=${id} id=${id} />`;
}
