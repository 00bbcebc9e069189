import { Histogram, type HistogramData } from '../measure/histogram.ts';
import { measureNames, measureText } from '../measure/measure.ts';
import { escapeHtml, type Line, type Plot, plotSvg } from './plot.ts';
import type { LoadResult } from './result.ts';

/** Sinks that have a line of their own in the plot of routes; more could not be told apart. */
const mostSinks = 7;

/** A result as one page that needs nothing else: tables, and plots as inline SVG. */
export function resultPage(result: LoadResult): string {
  const { scenario, verdict, startedAt, environment } = result;
  const { address, port } = scenario.target;
  const title = `Load test of ${address} port ${port}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p class="verdict ${verdict.status}">${verdict.status.toUpperCase()}${result.interrupted ? ' (interrupted)' : ''}</p>
${listOf(verdict.reasons)}
<p>${escapeHtml(`${startedAt}, ${result.seconds.toFixed(1)} s; ${environment.cores} × ${environment.cpuModel}, Linux ${environment.kernel}, Node.js ${environment.node}; ${result.routes.prefixes} prefixes in ${result.routes.updates} UPDATEs`)}</p>
<h2>Plots</h2>
${plotsOf(result).map(plotSvg).join('\n')}
<h2>Bottleneck: ${verdict.bottleneck}</h2>
${listOf(verdict.phases.map(({ phase, bottleneck, evidence }) => `${phase}: ${bottleneck}: ${evidence}`))}
${thresholdTable(result)}
${oracleTable(result)}
<h2>Measures</h2>
${measureTable(result)}
${countTable('Worth knowing', { ...result.notes, ...prefixed('the device sent ', result.notifications.received), ...prefixed('we sent ', result.notifications.sent) })}
<h2>Scenario</h2>
<pre>${escapeHtml(JSON.stringify(scenario, undefined, 2))}</pre>
</body></html>
`;
}

function plotsOf({ samples, phases, distributions, scenario }: LoadResult): Plot[] {
  const bands = phases.map(({ phase, startedAt, seconds }) => ({
    label: phase,
    from: startedAt,
    to: startedAt + seconds,
  }));
  const line = (label: string, of: (sample: (typeof samples)[number]) => number): Line => ({
    label,
    points: samples.map((sample) => [sample.time, of(sample)]),
  });
  const over = (title: string, y: string, lines: Line[], yText?: Plot['yText']): Plot => ({
    title,
    x: 'seconds',
    y,
    lines,
    bands,
    ...(yText !== undefined && { yText }),
  });
  const sinks = samples[0]?.present.length ?? 0;
  const routes = Array.from({ length: Math.min(sinks, mostSinks) }, (_, sink) =>
    line(`sink ${sink + 1}`, ({ present }) => present[sink] ?? 0),
  );
  const hasDevice = scenario.target.pid !== undefined;
  const device = hasDevice ? [line('device', ({ deviceThread }) => deviceThread * 100)] : [];
  const memory = hasDevice ? [line('device', ({ deviceRss }) => deviceRss)] : [];
  const plots = [
    over('Sessions', 'Established', [line('sessions', ({ established }) => established)]),
    ...(sinks > 0 ? [over('Routes at the sinks', 'prefixes', routes)] : []),
    over('UPDATEs', 'messages', [
      line('sent', ({ updatesSent }) => updatesSent),
      line('received', ({ updatesReceived }) => updatesReceived),
    ]),
    over('Busiest thread', '% of a core', [
      ...device,
      line('tester', ({ testerThread }) => testerThread * 100),
    ]),
    over('CPU', 'seconds since the run began', [
      ...(hasDevice ? [line('device', ({ deviceCpu }) => deviceCpu)] : []),
      line('tester', ({ testerCpu }) => testerCpu),
      line('everything else', ({ otherCpu }) => otherCpu),
    ]),
    over('Resident memory', '', [...memory, line('tester', ({ testerRss }) => testerRss)], bytes),
  ];
  const latencies = Object.entries(distributions).map(percentileLine);
  if (latencies.length > 0) {
    plots.push({
      title: 'Latency by percentile',
      x: 'percentile',
      y: 'milliseconds',
      lines: latencies,
      // Each step to the right is one nine more.
      xText: (nines) =>
        (100 * (1 - 10 ** -nines)).toFixed(
          Math.max(0, Math.floor(nines) - 2) + (Number.isInteger(nines) ? 0 : 1),
        ),
    });
  }
  return plots;
}

function bytes(value: number): string {
  return measureText({ value, unit: 'bytes' });
}

function percentileLine([label, data]: [string, HistogramData]): Line {
  const histogram = new Histogram();
  histogram.add(data);
  const steps = Array.from({ length: 41 }, (_, index) => index / 10);
  const points = steps.map((nines) => [nines, histogram.quantile(1 - 10 ** -nines)] as const);
  return { label, points };
}

function measureTable({ measures }: LoadResult): string {
  const rows = Object.entries(measures).map(([name, measure]) => {
    const base = name in measureNames ? name : name.slice(0, name.lastIndexOf('.'));
    const what = measureNames[base] ?? measureNames[base.replace(/\.p99$/, '')] ?? '';
    return `<tr><td>${escapeHtml(name)}</td><td class="n">${escapeHtml(measureText(measure))}</td><td>${escapeHtml(what)}</td></tr>`;
  });
  return `<table>${rows.join('')}</table>`;
}

function thresholdTable({ thresholds, measures }: LoadResult): string {
  if (thresholds.length === 0) return '';
  const rows = thresholds.map(({ text, measure, passed }) => {
    const value = measures[measure];
    return `<tr><td>${passed ? '✓' : '✗'}</td><td>${escapeHtml(text)}</td><td class="n">${value === undefined ? 'not measured' : escapeHtml(measureText(value))}</td></tr>`;
  });
  return `<h2>Thresholds</h2><table>${rows.join('')}</table>`;
}

function oracleTable({ oracle }: LoadResult): string {
  if (oracle.length === 0) return '';
  const rows = oracle.flatMap(({ phase, sinks }) =>
    sinks.map(({ sink, expected, held, missing, extra, wrong, findings }) => {
      const figures = [expected, held, missing, extra, wrong]
        .map((figure) => `<td class="n">${figure}</td>`)
        .join('');
      const shown = findings.map(({ prefix, kind, text }) => `${prefix} ${kind}: ${text}`);
      return `<tr><td>${escapeHtml(phase)}</td><td class="n">${sink + 1}</td>${figures}<td>${listOf(shown)}</td></tr>`;
    }),
  );
  return `<h2>What the sinks held</h2><table><tr><th>after</th><th>sink</th><th>must hold</th><th>held</th><th>missing</th><th>extra</th><th>wrong</th><th></th></tr>${rows.join('')}</table>`;
}

function countTable(title: string, counts: Readonly<Record<string, number>>): string {
  const rows = Object.entries(counts).map(
    ([text, count]) => `<tr><td class="n">${count}</td><td>${escapeHtml(text)}</td></tr>`,
  );
  return rows.length === 0 ? '' : `<h2>${title}</h2><table>${rows.join('')}</table>`;
}

function prefixed(
  prefix: string,
  counts: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([key, count]) => [prefix + key, count]));
}

function listOf(texts: readonly string[]): string {
  if (texts.length === 0) return '';
  return `<ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}

const style = `
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#222}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse}td,th{padding:.15rem .6rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
figure{margin:1rem 0}figcaption{font-weight:600}svg{width:100%;height:auto;font-size:11px;fill:#333}
.grid{stroke:#ccc;stroke-width:.5}.band{font-size:10px;fill:#777}
.legend span{margin-right:1rem;font-size:.85rem}.legend i{display:inline-block;width:1em;height:.3em;margin-right:.3em;vertical-align:middle}
.verdict{font-size:1.4rem;font-weight:700}.pass{color:#007a4d}.fail{color:#b3261e}.inconclusive{color:#9a6700}
pre{background:#f6f6f6;padding:.6rem;overflow:auto;font-size:12px}ul{margin:.2rem 0 .2rem 1.2rem;padding:0}`;
