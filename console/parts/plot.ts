/** Plots of our own: bars over time, as SVG, with their figures as a table for whoever cannot see them. */
import { t } from '../lib/language.ts';
import { html } from './html.ts';

export interface Bar {
  /** What it is of, such as an hour. */
  name: string;
  value: number;
  /** The value as people read it. */
  text: string;
}

interface PlotProps {
  title: string;
  /** What a bar is, for the table's head. */
  nameHead: string;
  bars: readonly Bar[];
}

const WIDTH = 480;
const HEIGHT = 120;
const FLOOR = 20;

export function Plot({ title, nameHead, bars }: PlotProps) {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  if (most === 0) {
    return html`<figure class="plot">
      <figcaption>${title}</figcaption>
      <p class="muted">${t({ en: 'Nothing to draw yet.', tr: 'Henüz çizilecek bir şey yok.' })}</p>
    </figure>`;
  }
  const step = WIDTH / bars.length;
  const largest = bars.find(({ value }) => value === most);
  return html`<figure class="plot">
    <figcaption>
      ${title} <span class="muted">· ${t({ en: 'most', tr: 'en çok' })} ${largest?.text}</span>
    </figcaption>
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT + FLOOR}`} aria-hidden="true" focusable="false">
      <line class="floor" x1="0" x2=${WIDTH} y1=${HEIGHT} y2=${HEIGHT} />
      ${bars.map(({ name, value, text }, place) => {
        const height = (value / most) * (HEIGHT - 4);
        return html`<rect
          key=${name + place}
          x=${place * step + step * 0.1}
          width=${step * 0.8}
          y=${HEIGHT - height}
          height=${height}
        >
          <title>${name}: ${text}</title>
        </rect>`;
      })}
      <text x="0" y=${HEIGHT + FLOOR - 5}>${bars[0]?.name}</text>
      <text x=${WIDTH} y=${HEIGHT + FLOOR - 5} text-anchor="end">${bars.at(-1)?.name}</text>
    </svg>
    <details>
      <summary>${t({ en: 'As figures', tr: 'Sayılarla' })}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">${nameHead}</th>
            <th scope="col" class="number">${title}</th>
          </tr>
        </thead>
        <tbody>
          ${bars.map(
            ({ name, text }, place) =>
              html`<tr key=${place}>
                <td>${name}</td>
                <td class="number">${text}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </figure>`;
}
