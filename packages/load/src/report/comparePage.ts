import { measureText } from '../measure/measure.ts';
import { type Comparison, type NamedResult, verdictOf, warningsOf } from './compare.ts';
import { escapeHtml, pageHtml } from './html.ts';

/** A comparison as one page that needs nothing else. `a` and `b`: the two sides that were compared. */
export function comparisonPage(
  comparisons: readonly Comparison[],
  a: readonly NamedResult[],
  b: readonly NamedResult[],
): string {
  const rows = comparisons.map((comparison) => {
    const { measure, unit, ratio, chance } = comparison;
    const figures = [
      measureText({ value: comparison.a, unit }),
      measureText({ value: comparison.b, unit }),
      ratio?.toFixed(2) ?? '',
      chance?.toFixed(3) ?? '',
    ].map((text) => `<td class="n">${escapeHtml(text)}</td>`);
    return `<tr><td>${escapeHtml(measure)}</td>${figures.join('')}<td>${escapeHtml(verdictOf(comparison))}</td><td>${stripSvg(comparison)}</td></tr>`;
  });
  const head = ['A', 'B', 'B/A', 'chance'].map((text) => `<th class="n">${text}</th>`);
  const warnings = warningsOf(a, b).map((text) => `<p class="doubt">${escapeHtml(text)}</p>\n`);
  const body = `<p>A: median of ${a.length}: ${names(a)}<br>B: median of ${b.length}: ${names(b)}</p>
${warnings.join('')}<p class="faint">Chance: how probable so great a difference is if nothing but chance made it (Mann–Whitney U, exact, two-sided; from four results a side on). The strip shows the least, the median and the greatest value of A, above, and of B, from zero on the left.</p>
<div class="scroll"><table><thead><tr><th>measure</th>${head.join('')}<th></th><th></th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`;
  return pageHtml('Load tests compared', body);
}

function names(side: readonly NamedResult[]): string {
  return escapeHtml(side.map(({ name }) => name).join(', '));
}

const width = 140;

/** Both ranges on one scale. */
function stripSvg({ a, b, rangeA, rangeB }: Comparison): string {
  const most = Math.max(rangeA[1], rangeB[1], 1e-12);
  const x = (value: number): string => ((Math.max(0, value) / most) * (width - 6) + 3).toFixed(1);
  const side = (
    median: number,
    [least, greatest]: readonly [number, number],
    y: number,
  ): string => {
    const colour = y < 10 ? '#0072b2' : '#d55e00';
    return `<line x1="${x(least)}" x2="${x(greatest)}" y1="${y}" y2="${y}" class="line" stroke="${colour}"/><circle cx="${x(median)}" cy="${y}" r="3" fill="${colour}"/>`;
  };
  return `<svg viewBox="0 0 ${width} 20" class="strip" role="img" aria-label="ranges">${side(a, rangeA, 6)}${side(b, rangeB, 14)}</svg>`;
}
