import type { Comparison, WorkloadResult } from '../comparison.ts';
import type { Summary } from '../summary.ts';
import { ceilingText, headline, legend, rowsOf, targetText } from './table.ts';

/** A comparison as one page that needs nothing else. */
export function comparisonPage(comparison: Comparison): string {
  const devices = comparison.devices.map(({ name, version, missing, differences }) =>
    missing === undefined ? `${name} (${version}): ${differences.join('; ')}.` : missing,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Peerloom beside other BGP speakers</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head><body>
<h1>Peerloom beside other BGP speakers</h1>
<p>${escape(headline(comparison))}</p>
<p><code>${escape(comparison.command)}</code></p>
${comparison.workloads.map(section).join('\n')}
<h2>How to read this</h2>
${list([...legend, ...devices])}
</body></html>
`;
}

function section(workload: WorkloadResult): string {
  const [head, ...rows] = rowsOf(workload);
  const ceiling = ceilingText(workload);
  const failures = workload.failures.map(
    ({ device, round, reason }) => `${device}, round ${round}, came to nothing: ${reason}`,
  );
  return `<h2>${workload.id}: ${escape(workload.title)}</h2>
<table><tr>${head!.map((cell) => `<th>${escape(cell)}</th>`).join('')}</tr>
${rows.map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`).join('\n')}</table>
<ul class="targets">${workload.targets.map((target) => `<li class="${target.passed === true ? 'pass' : 'fail'}">${escape(targetText(target))}</li>`).join('')}</ul>
${list([...(ceiling === undefined ? [] : [ceiling]), ...failures])}
${plotsOf(workload)}`;
}

/** What each workload is about, as bars. */
function plotsOf({ id, summaries }: WorkloadResult): string {
  const cpu = bars('CPU seconds', summaries, ({ cpuSeconds }) => cpuSeconds, 2);
  const rss = bars('RSS at the end, MB', summaries, ({ endBytes }) => endBytes / 1e6, 0);
  const rate = bars('Sessions a second', summaries, ({ establishRate }) => establishRate, 0);
  return `<div class="plots">${['W3', 'W3L', 'W3R', 'W4'].includes(id) ? rate : cpu}${rss}</div>`;
}

const barHeight = 20;
const barSpace = 26;
const labelWidth = 150;
const plotWidth = 300;

function bars(
  title: string,
  summaries: readonly Summary[],
  of: (summary: Summary) => number,
  digits: number,
): string {
  const most = Math.max(...summaries.map(of), Number.MIN_VALUE);
  const drawn = summaries.map((summary, index) => {
    const value = of(summary);
    const y = index * barSpace;
    const width = (value / most) * plotWidth;
    const middle = y + barHeight / 2 + 4;
    return `<text x="${labelWidth - 6}" y="${middle}" text-anchor="end">${escape(summary.device)}</text>
<rect x="${labelWidth}" y="${y}" width="${width.toFixed(1)}" height="${barHeight}" class="${summary.device.startsWith('Peerloom') ? 'ours' : 'other'}"/>
<text x="${(labelWidth + width + 5).toFixed(1)}" y="${middle}">${value.toFixed(digits)}</text>`;
  });
  return `<figure><figcaption>${escape(title)}</figcaption><svg width="${labelWidth + plotWidth + 70}" height="${summaries.length * barSpace}">${drawn.join('\n')}</svg></figure>`;
}

function list(items: readonly string[]): string {
  return items.length === 0
    ? ''
    : `<ul>${items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const style = `body{font:15px/1.45 system-ui,sans-serif;max-width:72em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.25em .7em;border-bottom:1px solid #ddd;text-align:right}
th:first-child,td:first-child{text-align:left}.targets{list-style:none;padding:0}.pass{color:#176b2c}.fail{color:#a31515}
.plots{display:flex;flex-wrap:wrap;gap:2em}figure{margin:1em 0}svg{font:12px system-ui,sans-serif}.ours{fill:#2b6cb0}.other{fill:#a0aec0}`;
