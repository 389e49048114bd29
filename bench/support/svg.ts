/** Plots as plain SVG: a few lines over two axes, linear or by powers of ten. */

export type Point = [x: number, y: number];

export interface Axis {
  label: string;
  isLog?: boolean;
}

export interface Plot {
  /** Its name under docs/benchmarks/. */
  file: string;
  title: string;
  x: Axis;
  y: Axis;
  series: { name: string; points: Point[] }[];
}

interface Scale {
  at(value: number): number;
  ticks: number[];
}

const WIDTH = 740;
const HEIGHT = 400;
const LEFT = 70;
const RIGHT = WIDTH - 40;
const TOP = 60;
const BOTTOM = HEIGHT - 50;
const LEGEND_Y = 44;
const LEGEND_WIDTH = 170;
const LEGEND_FROM = 30;
const TICKS = 5;
/** Told apart without colour vision too (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00'];

/** @throws RangeError without points. */
export function svgOf({ title, x, y, series }: Plot): string {
  const points = series.flatMap((one) => one.points);
  const xs = scaleOf(x, values(points, 0), LEFT, RIGHT);
  const ys = scaleOf(y, values(points, 1), BOTTOM, TOP);
  const middle = (LEFT + RIGHT) / 2;
  const columns = xs.ticks.map((value) => {
    const at = xs.at(value);
    return tick(at, TOP, at, BOTTOM, text(at, BOTTOM + 18, told(value)));
  });
  const lines = ys.ticks.map((value) => {
    const at = ys.at(value);
    return tick(LEFT, at, RIGHT, at, text(LEFT - 8, at + 4, told(value), '', 'end'));
  });
  const size = `viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${text(middle, 20, escaped(title), 'font-size="15"')}
${[...columns, ...lines].join('\n')}
${text(middle, HEIGHT - 12, escaped(x.label))}
${text(LEFT, TOP - 12, escaped(y.label), '', 'start')}
${series.map((one, index) => line(one, COLOURS[index % COLOURS.length] ?? '#000', [index, series.length], xs, ys)).join('\n')}
</svg>
`;
}

function values(points: Point[], index: 0 | 1): number[] {
  if (points.length === 0) throw new RangeError('a plot needs points');
  return points.map((point) => point[index]);
}

function scaleOf({ isLog = false }: Axis, all: number[], from: number, to: number): Scale {
  if (isLog) {
    const low = Math.floor(Math.log10(Math.min(...all)));
    const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...all))));
    return {
      at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
      ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    };
  }
  const low = Math.min(0, ...all);
  const step = roundUp((Math.max(...all) - low) / TICKS || 1);
  const first = Math.floor(low / step) * step;
  const count = Math.ceil((Math.max(...all) - first) / step);
  return {
    at: (value) => from + ((value - first) / (count * step)) * (to - from),
    ticks: Array.from({ length: count + 1 }, (_, index) => first + index * step),
  };
}

/** 1, 2 or 5 times a power of ten. */
function roundUp(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 5].find((factor) => factor * power >= step) ?? 10) * power;
}

function line(
  { name, points }: Plot['series'][number],
  colour: string,
  [index, count]: [number, number],
  xs: Scale,
  ys: Scale,
): string {
  const drawn = points.map(([x, y]) => `${xs.at(x).toFixed(1)},${ys.at(y).toFixed(1)}`);
  const width = Math.min(LEGEND_WIDTH, (RIGHT - LEGEND_FROM) / count);
  const legendX = RIGHT - (count - index) * width;
  return [
    `<polyline points="${drawn.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    `<rect x="${legendX}" y="${LEGEND_Y - 9}" width="10" height="10" fill="${colour}"/>`,
    text(legendX + 16, LEGEND_Y, escaped(name), '', 'start'),
  ].join('\n');
}

function tick(x1: number, y1: number, x2: number, y2: number, label: string): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${a}" y1="${b}" x2="${c}" y2="${d}" stroke="#ddd"/>${label}`;
}

function text(x: number, y: number, content: string, more = '', anchor = 'middle'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" ${more}>${content}</text>`;
}

/** Without the noise of binary fractions. */
function told(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en');
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
