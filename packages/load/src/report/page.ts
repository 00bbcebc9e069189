import {
  distributionNames,
  distributionParts,
  measureNames,
  measureText,
} from '../measure/measure.ts';
import { type Cell, escapeHtml, listHtml, pageHtml, tableHtml } from './html.ts';
import { plotSvg } from './plot.ts';
import { type LoadResult, statusText } from './result.ts';
import { plotsOf } from './resultPlots.ts';

/** A result as one page that needs nothing else: tables, and plots as inline SVG. */
export function resultPage(result: LoadResult): string {
  const { scenario, verdict, startedAt, environment, routes } = result;
  const { address, port } = scenario.target;
  const { status } = verdict;
  const what = `${startedAt}, ${result.seconds.toFixed(1)} s; ${environment.cores} × ${environment.cpuModel}, Linux ${environment.kernel}, Node.js ${environment.node}; ${routes.prefixes} prefixes in ${routes.updates} UPDATEs`;
  const body = `<p class="faint">${escapeHtml(what)}</p>
<p class="verdict ${status}">${statusText(result)}</p>
${listHtml(verdict.reasons)}
${section('Thresholds', thresholdTable(result))}
${section('Latency', latencyTable(result))}
${section('Phases', phaseTable(result))}
${section('Plots', `<div class="plots">${plotsOf(result).map(plotSvg).join('\n')}</div>`)}
${section('When each sink had its routes', arrivalTable(result))}
${section('What the sinks held', oracleTable(result))}
${section('Measures', measureTable(result))}
${section('Threads of the tester', threadTable(result))}
${section('Worth knowing', noteTable(result))}
${section('Scenario', `<pre>${escapeHtml(JSON.stringify(scenario, undefined, 2))}</pre>`)}`;
  return pageHtml(`Load test of ${address} port ${port}`, body);
}

function section(title: string, html: string): string {
  return html === '' ? '' : `<h2>${escapeHtml(title)}</h2>\n${html}`;
}

const figure = (text: string): Cell => ({ figure: text });

function thresholdTable({ thresholds, measures }: LoadResult): string {
  return tableHtml(
    [],
    thresholds.map(({ text, measure, passed }) => {
      const value = measures[measure];
      const was = value === undefined ? 'not measured' : measureText(value);
      return [passed ? '✓' : '✗', text, figure(was)];
    }),
  );
}

function latencyTable({ measures }: LoadResult): string {
  const names = distributionNames.filter((name) => `${name}.count` in measures);
  return tableHtml(
    ['', ...distributionParts.map(figure), 'what it is'],
    names.map((name) => {
      const parts = distributionParts.map((part) => {
        const measure = measures[`${name}.${part}`];
        return figure(measure === undefined ? '' : measureText(measure));
      });
      return [name, ...parts, measureNames[name] ?? ''];
    }),
  );
}

const endings = {
  done: 'done',
  settled: 'nothing more came',
  timeout: 'out of time',
  interrupted: 'interrupted',
} as const;

function phaseTable({ phases, verdict }: LoadResult): string {
  return tableHtml(
    ['phase', figure('from'), figure('lasted'), 'ended', 'bottleneck', 'evidence'],
    phases.map(({ phase, startedAt, seconds, ended }, index) => {
      const { bottleneck = '', evidence = '' } = verdict.phases[index] ?? {};
      const times = [startedAt, seconds].map((value) => figure(measureText({ value, unit: 's' })));
      return [phase, ...times, endings[ended], bottleneck, evidence];
    }),
  );
}

/** Rows of a table with one or more for each sink; those after them are in the result itself. */
const mostRows = 200;

function capped(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const left = rows.length - mostRows;
  const note = left > 0 ? listHtml([`and ${left} rows more: --json has all of them`]) : '';
  return tableHtml(head, rows.slice(0, mostRows)) + note;
}

function arrivalTable({ arrivals }: LoadResult): string {
  const seconds = (value: number | undefined): Cell =>
    figure(value === undefined ? 'never' : measureText({ value, unit: 's' }));
  return capped(
    ['in', ...['sink', 'first', '50 %', '99 %', 'all'].map(figure)],
    arrivals.map(({ phase, sink, first, half, most, all }) => [
      phase,
      figure(String(sink + 1)),
      ...[first, half, most, all].map(seconds),
    ]),
  );
}

function oracleTable({ oracle }: LoadResult): string {
  return capped(
    ['after', ...['sink', 'must hold', 'held', 'missing', 'extra', 'wrong'].map(figure), ''],
    oracle.flatMap(({ phase, sinks }) =>
      sinks.map(({ sink, isKnown, expected, held, missing, extra, wrong, findings }): Cell[] => {
        const must = isKnown ? String(expected) : 'not known';
        const figures = [String(sink + 1), must, ...[held, missing, extra, wrong].map(String)];
        const shown = findings.map(({ prefix, kind, text }) => `${prefix} ${kind}: ${text}`);
        return [phase, ...figures.map(figure), shown.join('; ')];
      }),
    ),
  );
}

function measureTable({ measures }: LoadResult): string {
  const single = Object.entries(measures).filter(([name]) => name in measureNames);
  return tableHtml(
    [],
    single.map(([name, measure]) => [name, figure(measureText(measure)), measureNames[name] ?? '']),
  );
}

function threadTable({ threads }: LoadResult): string {
  return tableHtml(
    ['', figure('CPU'), figure('event loop busy')],
    threads.map(({ name, cpuSeconds, utilization }) => [
      name,
      figure(measureText({ value: cpuSeconds, unit: 's' })),
      figure(utilization === 0 ? '' : measureText({ value: utilization, unit: 'share' })),
    ]),
  );
}

function noteTable({ notes, notifications }: LoadResult): string {
  const sent = Object.entries(notifications.sent);
  const received = Object.entries(notifications.received);
  const all = [
    ...Object.entries(notes),
    ...received.map(([text, count]) => [`the device sent ${text}`, count] as const),
    ...sent.map(([text, count]) => [`we sent ${text}`, count] as const),
  ];
  return tableHtml(
    [],
    all.map(([text, count]) => [figure(`${count} ×`), text]),
  );
}
