/** Lines of the trail as a table. */
import { countText, dayText, timeText } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { html } from '../../parts/html.ts';
import { ListTable, type Column } from '../../parts/list-table.ts';
import { ACTIONS, type TrailEntry } from './documents.ts';

export function Entries({ entries }: { entries: readonly TrailEntry[] }) {
  return html`<${ListTable}
    label=${t({ en: 'Access trail', tr: 'Erişim izi' })}
    items=${entries}
    columns=${columns()}
  />`;
}

function columns(): Column<TrailEntry>[] {
  return [
    {
      name: 'time',
      text: t({ en: 'When', tr: 'Ne zaman' }),
      valueOf: ({ time }) => time,
      show: ({ time }) => timeText(time),
    },
    { name: 'client', text: t({ en: 'Who', tr: 'Kim' }), valueOf: ({ client }) => client ?? '' },
    { name: 'action', text: t({ en: 'What', tr: 'Ne' }), valueOf: actionText },
    {
      name: 'member',
      text: t({ en: 'Member', tr: 'Üye' }),
      valueOf: ({ member, members }) => member ?? members?.join(' ') ?? '',
    },
    {
      name: 'day',
      text: t({ en: 'Day', tr: 'Gün' }),
      valueOf: ({ processDate }) => processDate ?? '',
      show: ({ processDate }) => (processDate === undefined ? '' : dayText(processDate)),
    },
    {
      name: 'rows',
      text: t({ en: 'Rows', tr: 'Satır' }),
      isAmount: true,
      valueOf: ({ rows }) => (rows === undefined ? '' : String(rows)),
    },
    { name: 'end', text: t({ en: 'End', tr: 'Sonuç' }), valueOf: endText },
    {
      name: 'address',
      text: t({ en: 'From where', tr: 'Nereden' }),
      valueOf: ({ address }) => address ?? '',
    },
    {
      name: 'requestId',
      text: t({ en: 'Request', tr: 'İstek' }),
      valueOf: ({ requestId }) => requestId ?? '',
      show: ({ requestId }) => html`<code>${requestId}</code>`,
    },
  ];
}

function actionText({ action, format, service, route }: TrailEntry): string {
  const known = ACTIONS[action];
  const particulars = [format, service, route].filter((text) => text !== undefined).join(' ');
  return `${known === undefined ? action : t(known)}${particulars === '' ? '' : ` (${particulars})`}`;
}

function endText({ end = '', count }: TrailEntry): string {
  return count === undefined ? end : `${end} ×${countText(count)}`;
}
