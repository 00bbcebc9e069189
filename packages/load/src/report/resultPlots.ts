import { Histogram, type HistogramData } from '../measure/histogram.ts';
import { distributionNames, measureText } from '../measure/measure.ts';
import type { Line, Plot } from './plot.ts';
import type { LoadResult } from './result.ts';

/** Sinks that have a line of their own in the plot of routes; more could not be told apart. */
const mostSinks = 7;

/** Everything of a result that can be seen better than read. */
export function plotsOf({ samples, phases, distributions, scenario }: LoadResult): Plot[] {
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
  const shown = Math.min(sinks, mostSinks);
  const routes = Array.from({ length: shown }, (_, sink) =>
    line(`sink ${sink + 1}`, ({ present }) => present[sink] ?? 0),
  );
  const hasDevice = scenario.target.pid !== undefined;
  const device = hasDevice ? [line('device', ({ deviceThread }) => deviceThread * 100)] : [];
  const memory = hasDevice ? [line('device', ({ deviceRss }) => deviceRss)] : [];
  const held = shown < sinks ? `prefixes, the first ${shown} of ${sinks} sinks` : 'prefixes';
  const plots = [
    over('Sessions', 'Established', [line('sessions', ({ established }) => established)]),
    ...(sinks > 0 ? [over('Routes at the sinks', held, routes)] : []),
    over('UPDATEs', 'messages since the run began', [
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
    over(
      'Resident memory',
      'octets',
      [...memory, line('tester', ({ testerRss }) => testerRss)],
      bytes,
    ),
  ];
  const latencies = distributionNames.flatMap((name) => {
    const data = distributions[name];
    return data === undefined ? [] : [percentileLine(name, data)];
  });
  if (latencies.length > 0) {
    plots.push({
      title: 'Latency by percentile',
      x: 'percentile',
      y: 'milliseconds, logarithmic',
      lines: latencies,
      isLogarithmic: true,
      xText: percentile,
    });
  }
  return plots;
}

/** Each step to the right is one nine more. */
function percentile(nines: number): string {
  const digits = Math.max(0, Math.floor(nines) - 2) + (Number.isInteger(nines) ? 0 : 1);
  return (100 * (1 - 10 ** -nines)).toFixed(digits);
}

function bytes(value: number): string {
  return measureText({ value, unit: 'bytes' });
}

function percentileLine(label: string, data: HistogramData): Line {
  const histogram = new Histogram();
  histogram.add(data);
  const steps = Array.from({ length: 41 }, (_, index) => index / 10);
  const points = steps.map((nines) => [nines, histogram.quantile(1 - 10 ** -nines)] as const);
  return { label, points };
}
