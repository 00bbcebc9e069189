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
  readonly y: string;
  readonly lines: readonly Line[];
  /** Stretches of x with a name: the phases. */
  readonly bands?: readonly {
    readonly label: string;
    readonly from: number;
    readonly to: number;
  }[];
  /** How a value of x or y is written. */
  readonly xText?: (value: number) => string;
  readonly yText?: (value: number) => string;
}

const width = 720;
const height = 240;
const margin = { left: 70, right: 16, top: 22, bottom: 34 };
/** Points of a line that are drawn at the most: there are no more pixels. */
const mostPoints = 720;
/** Told apart by people who see colours differently, too (Okabe and Ito). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** A plot as an SVG element. */
export function plotSvg(plot: Plot): string {
  const { lines, bands = [], xText = plain, yText = plain } = plot;
  const all = lines.flatMap(({ points }) => points);
  const right = Math.max(...all.map(([x]) => x), ...bands.map(({ to }) => to), 1e-9);
  const top = Math.max(...all.map(([, y]) => y), 1e-9) * 1.05;
  const x = (value: number): number =>
    margin.left + (value / right) * (width - margin.left - margin.right);
  const y = (value: number): number =>
    height - margin.bottom - (value / top) * (height - margin.top - margin.bottom);
  const parts = [
    ...bands.map(
      ({ label, from, to }, index) =>
        `<rect x="${fixed(x(from))}" y="${margin.top}" width="${fixed(Math.max(0, x(to) - x(from)))}" height="${height - margin.top - margin.bottom}" fill="${index % 2 === 0 ? '#f4f4f4' : '#e9eef4'}"/><text x="${fixed(x(from) + 3)}" y="${margin.top + 11}" class="band">${escapeHtml(label)}</text>`,
    ),
    ...ticks(top).map(
      (tick) =>
        `<line x1="${margin.left}" x2="${width - margin.right}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}" class="grid"/><text x="${margin.left - 6}" y="${fixed(y(tick) + 4)}" text-anchor="end">${escapeHtml(yText(tick))}</text>`,
    ),
    ...ticks(right).map(
      (tick) =>
        `<text x="${fixed(x(tick))}" y="${height - margin.bottom + 16}" text-anchor="middle">${escapeHtml(xText(tick))}</text>`,
    ),
    ...lines.map(({ points }, index) => {
      const shown = thinned(points);
      const path = shown.map(([px, py]) => `${fixed(x(px))},${fixed(y(py))}`).join(' ');
      return `<polyline points="${path}" fill="none" stroke="${colours[index % colours.length]}" stroke-width="1.6"/>`;
    }),
    `<text x="${(margin.left + width) / 2}" y="${height - 4}" text-anchor="middle">${escapeHtml(plot.x)}</text>`,
    `<text x="4" y="14">${escapeHtml(plot.y)}</text>`,
  ];
  const legend =
    lines.length < 2
      ? ''
      : `<p class="legend">${lines
          .map(
            ({ label }, index) =>
              `<span><i style="background:${colours[index % colours.length]}"></i>${escapeHtml(label)}</span>`,
          )
          .join(' ')}</p>`;
  return `<figure><figcaption>${escapeHtml(plot.title)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(plot.title)}">${parts.join('')}</svg>${legend}</figure>`;
}

/** Text that may stand in HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
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

function fixed(value: number): string {
  return value.toFixed(1);
}

function plain(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}
