import { escapeHtml } from './html.ts';

/** One line of a plot. */
export interface Line {
  readonly label: string;
  /** Points by ascending x. */
  readonly points: readonly (readonly [number, number])[];
}

/** What a plot shows. */
export interface Plot {
  readonly title: string;
  readonly x: string;
  /** What the values are, with their unit. */
  readonly y: string;
  readonly lines: readonly Line[];
  /** Stretches of x with a name: the phases. */
  readonly bands?: readonly {
    readonly label: string;
    readonly from: number;
    readonly to: number;
  }[];
  /** Powers of ten are equally far apart; values below a thousandth of the greatest power lie at the bottom. */
  readonly isLogarithmic?: boolean;
  /** How a value of x or y is written. */
  readonly xText?: (value: number) => string;
  readonly yText?: (value: number) => string;
}

const width = 560;
const height = 230;
const margin = { left: 64, right: 22, top: 20, bottom: 36 };
const inner = {
  width: width - margin.left - margin.right,
  height: height - margin.top - margin.bottom,
};
/** Points of a line that are drawn at the most: there are no more pixels. */
const mostPoints = 560;
/** Told apart by people who see colours differently, too (after Okabe and Ito), on white and on black. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56a5e9', '#8a6fdf'];
/** Width of a letter of a band's label. */
const letter = 5.8;

/** Where values of y lie, and which of them have a line across the plot. */
interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** A plot as a `figure` with an inline SVG. */
export function plotSvg(plot: Plot): string {
  const { title, lines, bands = [], xText = plain, yText = plain } = plot;
  const all = lines.flatMap(({ points }) => points);
  const right = Math.max(...all.map(([x]) => x), ...bands.map(({ to }) => to), 1e-9);
  const values = all.map(([, y]) => y);
  const { at: y, ticks: yTicks } =
    plot.isLogarithmic === true ? logarithmic(values) : linear(values);
  const x = (value: number): number => margin.left + (value / right) * inner.width;
  const parts = [
    ...bands.map(({ label, from, to }, index) =>
      bandSvg(label, x(from), x(to), index % 2 === 0 ? 'even' : 'odd'),
    ),
    ...yTicks.map(
      (tick) =>
        `<line x1="${margin.left}" x2="${width - margin.right}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}" class="grid"/><text x="${margin.left - 6}" y="${fixed(y(tick) + 4)}" text-anchor="end">${escapeHtml(yText(tick))}</text>`,
    ),
    ...ticks(right).map(
      (tick) =>
        `<text x="${fixed(x(tick))}" y="${height - margin.bottom + 15}" text-anchor="middle">${escapeHtml(xText(tick))}</text>`,
    ),
    ...lines.map(({ label, points }, index) => {
      const path = thinned(points).map(([px, py]) => `${fixed(x(px))},${fixed(y(py))}`);
      return `<polyline points="${path.join(' ')}" class="line" stroke="${colourOf(index)}"${dashOf(index)}><title>${escapeHtml(label)}</title></polyline>`;
    }),
    `<text x="${margin.left + inner.width / 2}" y="${height - 3}" text-anchor="middle">${escapeHtml(plot.x)}</text>`,
  ];
  const caption = `${escapeHtml(title)} <span class="unit">${escapeHtml(plot.y)}</span>`;
  return `<figure><figcaption>${caption}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${parts.join('')}</svg>${legendOf(lines)}</figure>`;
}

/** A stretch of x, with its name above where there is room for it, and in a tooltip where not. */
function bandSvg(label: string, from: number, to: number, kind: string): string {
  const wide = Math.max(0, to - from);
  const name =
    wide >= label.length * letter
      ? `<text x="${fixed(from + wide / 2)}" y="${margin.top - 6}" text-anchor="middle" class="band">${escapeHtml(label)}</text>`
      : '';
  return `<rect x="${fixed(from)}" y="${margin.top}" width="${fixed(wide)}" height="${inner.height}" class="${kind}"><title>${escapeHtml(label)}</title></rect>${name}`;
}

function legendOf(lines: readonly Line[]): string {
  if (lines.length < 2) return '';
  const entries = lines.map(
    ({ label }, index) =>
      `<span><svg viewBox="0 0 22 6" class="key"><line x1="0" x2="22" y1="3" y2="3" class="line" stroke="${colourOf(index)}"${dashOf(index)}/></svg>${escapeHtml(label)}</span>`,
  );
  return `<p class="legend">${entries.join(' ')}</p>`;
}

function linear(values: readonly number[]): Scale {
  const top = Math.max(...values, 1e-9) * 1.05;
  return {
    at: (value) => height - margin.bottom - (value / top) * inner.height,
    ticks: ticks(top),
  };
}

function logarithmic(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const last = Math.ceil(Math.log10(Math.max(...positive, 1e-9)) - 1e-9);
  const least = Math.floor(Math.log10(Math.min(...positive, 10 ** last)));
  const first = Math.max(Math.min(least, last - 1), last - 5);
  const at = (value: number): number => {
    const power = Math.max(first, Math.log10(Math.max(value, 1e-12)));
    return height - margin.bottom - ((power - first) / (last - first)) * inner.height;
  };
  return { at, ticks: Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i)) };
}

/** Round values from 0 up to `limit`, five or so. */
function ticks(limit: number): number[] {
  const rough = limit / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  return Array.from({ length: Math.floor(limit / step) + 1 }, (_, index) => index * step);
}

function thinned(points: Line['points']): Line['points'] {
  const every = Math.ceil(points.length / mostPoints);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}

function colourOf(index: number): string {
  return colours[index % colours.length]!;
}

/** Where the colours begin again, lines are dashed. */
function dashOf(index: number): string {
  return index < colours.length ? '' : ' stroke-dasharray="5 3"';
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function plain(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}
