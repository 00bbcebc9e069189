import { distributionParts } from '../measure/measure.ts';
import type { ThreadResult } from '../report/result.ts';
import type { ThreadUsage } from '../speaker/hostControl.ts';
import { Counter, total } from '../speaker/runMemory.ts';
import type { Recorder } from './recorder.ts';
import type { RunContext } from './runContext.ts';

/** Notes the figures of the run as a whole, when its phases are over. */
export function takeTotals(run: RunContext): void {
  const { memory, recorder, plans, scenario, notifications } = run;
  run.measure('sessions.wanted', plans.length, 'count');
  run.measure('sessions.established', run.established, 'count');
  run.measure('sessions.lost', total(memory, Counter.sessionsLost), 'count');
  run.measure('sessions.failed', total(memory, Counter.attemptsFailed), 'count');
  if (run.sources.length > 0) run.measure('sources.unfit', run.unfit, 'count');
  run.measure('messages.sent', total(memory, Counter.messagesSent), 'count');
  run.measure('messages.received', total(memory, Counter.messagesReceived), 'count');
  run.measure('bytes.sent', total(memory, Counter.octetsSent), 'bytes');
  run.measure('bytes.received', total(memory, Counter.octetsReceived), 'bytes');
  run.measure('notifications.sent', unasked(notifications.sent), 'count');
  run.measure('notifications.received', unasked(notifications.received), 'count');
  if (run.checks.length > 0) {
    for (const kind of ['missing', 'extra', 'wrong'] as const) {
      const worst = run.checks.map(({ sinks }) => sinks.reduce((all, sink) => all + sink[kind], 0));
      run.measure(`oracle.${kind}`, Math.max(...worst), 'count');
    }
  }
  const most = (of: (sample: (typeof recorder.samples)[number]) => number): number =>
    recorder.samples.reduce((peak, sample) => Math.max(peak, of(sample)), 0);
  if (scenario.target.pid !== undefined) {
    run.measure('device.cpu', recorder.last.deviceCpu);
    run.measure(
      'device.rss',
      most(({ deviceRss }) => deviceRss),
      'bytes',
    );
    run.measure('device.rssEnd', recorder.last.deviceRss, 'bytes');
  }
  run.measure('tester.cpu', recorder.last.testerCpu);
  run.measure(
    'tester.rss',
    most(({ testerRss }) => testerRss),
    'bytes',
  );
  run.measure('other.cpu', recorder.last.otherCpu);
  for (const [name, histogram] of run.distributions) {
    if (histogram.count === 0) {
      run.distributions.delete(name);
      continue;
    }
    for (const part of distributionParts) {
      if (part === 'count') run.measure(`${name}.count`, histogram.count, 'count');
      else {
        const quantile = part === 'max' ? 1 : Number(part.slice(1)) / 100;
        run.measure(`${name}.${part}`, histogram.quantile(quantile) / 1000);
      }
    }
  }
}

/** NOTIFICATIONs, without the Ceases that the scenario asked for. */
function unasked(counts: Readonly<Record<string, number>>): number {
  return Object.entries(counts)
    .filter(([text]) => !text.includes('load test'))
    .reduce((sum, [, count]) => sum + count, 0);
}

/** What each thread of the tester has used in so many seconds. */
export function threadResults(
  usages: readonly ThreadUsage[],
  recorder: Recorder,
  seconds: number,
): ThreadResult[] {
  const workers = usages.map(({ cpuSeconds, busyMilliseconds }, index) => ({
    name: `speakers ${index + 1}`,
    cpuSeconds,
    utilization: busyMilliseconds / 1000 / seconds,
  }));
  const rest =
    recorder.last.testerCpu - workers.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const others = { name: 'coordinator and runtime', cpuSeconds: Math.max(0, rest), utilization: 0 };
  return [...workers, others];
}
