/** How the last reports went: how long they took, how long they waited, how many an hour. */
import type { Page, Report } from '../../lib/documents.ts';
import { countText, durationText, hourText, timeText } from '../../lib/format.ts';
import { useDocument } from '../../lib/hooks.ts';
import { t } from '../../lib/language.ts';
import { html } from '../../parts/html.ts';
import { Plot, type Bar } from '../../parts/plot.ts';
import { isAbout, type Exchange } from '../timeline.ts';

const MOST_BARS = 40;
const HOURS = 24;
const HOUR_MS = 3_600_000;

export function Plots() {
  const { document: page } = useDocument<Page<Report>>('/balances?limit=200', 60_000);
  // Read once: each look at what was said stands in the access trail.
  const { document: said } = useDocument<Page<Exchange>>('/exchanges?limit=200');
  const reports = (page?.items ?? []).toReversed();
  const asked = t({ en: 'Asked', tr: 'İstendi' });
  return html`<section class="card">
    <h2>${t({ en: 'How it went', tr: 'Nasıl gitti' })}</h2>
    <div class="plots">
      <${Plot}
        title=${t({ en: 'Duration', tr: 'Süre' })}
        nameHead=${asked}
        bars=${barsOf(reports, ({ readyAt }) => (readyAt === undefined ? undefined : Date.parse(readyAt)))}
      />
      <${Plot}
        title=${t({ en: 'Waiting until MKS took it', tr: 'MKS alana kadar bekleme' })}
        nameHead=${asked}
        bars=${barsOf(reports, (report) => takenAt(report, said?.items ?? []))}
      />
      <${Plot}
        title=${t({ en: 'Reports an hour', tr: 'Saatte rapor' })}
        nameHead=${t({ en: 'Hour', tr: 'Saat' })}
        bars=${hourly(reports, Date.now())}
      />
    </div>
  </section>`;
}

/** From the asking until then, of the last reports of which it is known. */
function barsOf(reports: readonly Report[], endOf: (report: Report) => number | undefined): Bar[] {
  const bars = reports.flatMap((report) => {
    const end = endOf(report);
    if (end === undefined) return [];
    const value = Math.max(0, end - Date.parse(report.createdAt));
    return [{ name: timeText(report.createdAt), value, text: durationText(value) }];
  });
  return bars.slice(-MOST_BARS);
}

/** When MKS accepted a report: the time of the first message that was answered with its refId. */
function takenAt(report: Report, said: readonly Exchange[]): number | undefined {
  const times = said
    .filter((exchange) => exchange.refId === undefined && isAbout(exchange, report))
    .map(({ time }) => Date.parse(time));
  return times.length === 0 ? undefined : Math.min(...times);
}

function hourly(reports: readonly Report[], now: number): Bar[] {
  const current = Math.floor(now / HOUR_MS);
  return Array.from({ length: HOURS }, (_, place) => {
    const hour = current - HOURS + 1 + place;
    const value = reports.filter(
      ({ createdAt }) => Math.floor(Date.parse(createdAt) / HOUR_MS) === hour,
    ).length;
    return { name: hourText(hour * HOUR_MS), value, text: countText(value) };
  });
}
