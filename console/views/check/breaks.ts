/** A check's outcome: counts, downloads, and the breaks with cause and age. */
import { countText, dayText, isoDay } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { CountFacts } from '../../parts/count-facts.ts';
import { Downloads, type Offer } from '../../parts/download.ts';
import { html } from '../../parts/html.ts';
import { ListTable, type Column } from '../../parts/list-table.ts';
import { positionColumns } from '../../parts/position.ts';
import { BREAKS, CAUSES, COUNTS, type Break, type CheckAnswer } from './documents.ts';

const FORMATS = [
  { text: 'Excel', format: 'xlsx' },
  { text: 'CSV', format: 'csv' },
  { text: 'JSON', format: 'json' },
] as const;

interface BreaksProps {
  check: CheckAnswer;
  /** How the check is asked for once more, where it is not kept. */
  repeat?: { path: string; init: RequestInit };
}

export function Breaks({ check, repeat }: BreaksProps) {
  const { member, processDate, ledger, breaks, counts, ignoredColumns } = check;
  const isClean = breaks.length === 0;
  const offers = offersOf(check, repeat);
  return html`<section class="card">
    <div role="status">
      <h2>
        ${ledger} · ${member} · ${dayText(processDate)}:${' '}
        ${
          isClean
            ? t({ en: 'everything agrees', tr: 'her şey uyuşuyor' })
            : t({
                en: `${countText(breaks.length)} breaks`,
                tr: `${countText(breaks.length)} fark`,
              })
        }
      </h2>
    </div>
    <${CountFacts} counts=${counts} texts=${COUNTS} />
    ${
      ignoredColumns.length > 0 &&
      html`<p class="muted">
        ${t({ en: 'Columns that were not looked at:', tr: 'Bakılmayan kolonlar:' })}
        ${ignoredColumns.join(', ')}
      </p>`
    }
    ${offers.length > 0 && html`<${Downloads} label=${t({ en: 'Download as', tr: 'İndir:' })} offers=${offers} />`}
    ${!isClean && html`<${ListTable} label=${t({ en: 'Breaks', tr: 'Farklar' })} items=${breaks} columns=${columnsFor(breaks)} />`}
  </section>`;
}

function offersOf(
  { id, member, processDate, ledger }: CheckAnswer,
  repeat: BreaksProps['repeat'],
): Offer[] {
  return FORMATS.flatMap(({ text, format }) => {
    const fileName = `${ledger}_${member}_${isoDay(processDate)}.${format}`;
    if (id !== undefined)
      return [{ text, fileName, path: `/balances/checks/${id}?format=${format}` }];
    if (repeat === undefined) return [];
    return [{ text, fileName, path: `${repeat.path}&format=${format}`, init: repeat.init }];
  });
}

function columnsFor(breaks: readonly Break[]): Column<Break>[] {
  const hasAge = breaks.some(({ ageDays }) => ageDays !== undefined);
  return [
    {
      name: 'break',
      text: t({ en: 'Break', tr: 'Fark' }),
      valueOf: (found) => t(BREAKS[found.break]),
    },
    ...positionColumns(breaks),
    {
      name: 'ledger',
      text: t({ en: 'Ledger', tr: 'Defter' }),
      isAmount: true,
      valueOf: ({ ledger }) => ledger ?? '',
    },
    { name: 'mks', text: 'MKS', isAmount: true, valueOf: ({ mks }) => mks ?? '' },
    {
      name: 'difference',
      text: t({ en: 'Difference', tr: 'Fark tutarı' }),
      isAmount: true,
      valueOf: ({ difference }) => difference,
    },
    {
      name: 'cause',
      text: t({ en: 'Cause, by rule', tr: 'Kurala göre neden' }),
      isProse: true,
      valueOf: ({ cause }) => (cause === undefined ? '' : t(CAUSES[cause])),
    },
    ...(hasAge ? [AGE()] : []),
  ];
}

const AGE = (): Column<Break> => ({
  name: 'age',
  text: t({ en: 'Since', tr: 'Ne zamandan beri' }),
  valueOf: ({ firstSeen }) => firstSeen ?? '',
  show: ({ firstSeen, ageDays }) =>
    firstSeen === undefined
      ? ''
      : `${dayText(firstSeen)} (${t({ en: `${ageDays ?? 0} days`, tr: `${ageDays ?? 0} gün` })})`,
});
