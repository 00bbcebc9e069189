// What a prefix and a session cost in resident memory: the whole process, as the system sees it. Each figure is
// the difference between two sizes of the same work, so that what the process needs anyway drops out.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { thisMachine } from '../comparison/comparison.ts';
import { oneWorker } from '../comparison/devices/devices.ts';
import { markdownTable } from '../comparison/report/text.ts';
import { runOnce } from '../comparison/run.ts';
import type { Work } from '../comparison/workload.ts';
import { octetsOfIdleSession } from './idleSession.ts';

/** One question: the same work in two sizes, and in what they differ. */
interface Question {
  readonly what: string;
  readonly less: Work;
  readonly more: Work;
  readonly unit: string;
  readonly difference: number;
}

const { values } = parseArgs({
  options: { size: { type: 'string', default: 'full' }, json: { type: 'string' } },
});
if (values.size !== 'full' && values.size !== 'small') {
  console.error('--size must be full or small');
  process.exit(2);
}
const scale = values.size === 'full' ? 1 : 0.02;

const work = (peers: number, prefixes: number): Work => ({
  title: prefixes === 0 ? `${peers} sessions` : `${peers} × ${prefixes * scale} prefixes`,
  peers,
  prefixes: prefixes * scale,
  distribution: 'same',
  holdTime: 90,
  hold: 0,
  sinks: 0,
  witnesses: 0,
  patience: 120,
});
const sessions = (count: number): Work => work(Math.max(10, Math.round(count * scale)), 0);

const questions: readonly Question[] = [
  between('a prefix that nobody else has', work(1, 200_000), work(1, 1_000_000), 'prefix'),
  between('the same prefix from one more neighbour', work(2, 200_000), work(12, 200_000), 'route'),
  between('an Established session without routes', sessions(1000), sessions(9000), 'session'),
];

const results = [];
for (const { what, less, more, unit, difference } of questions) {
  const before = await runOnce(oneWorker, less, 1);
  const after = await runOnce(oneWorker, more, 1);
  const octets = (after.endBytes - before.endBytes) / difference;
  const atPeak = (after.peakBytes - before.peakBytes) / difference;
  results.push({ what, unit, octets, atPeak, from: less.title, to: more.title });
}

const rows = results.map(({ what, unit, octets, atPeak, from, to }) => [
  what,
  `${octets.toFixed(octets < 1000 ? 1 : 0)} octets a ${unit}`,
  atPeak.toFixed(atPeak < 1000 ? 1 : 0),
  `${from} → ${to}`,
]);
const head = ['what', 'resident', 'at the peak', 'measured between'];
console.log(markdownTable([head, ...rows]).join('\n'));
const idleSession = Math.round(await octetsOfIdleSession(Math.round(5000 * scale)));
if (values.size === 'small')
  console.log('\nSo small a work says nothing: the figures are of all else.');
console.log(`\nOf a session, in the heap of its worker: ${idleSession} octets`);
if (values.json !== undefined) {
  const document = {
    format: 'peerloom-memory',
    version: 1,
    size: values.size,
    machine: thisMachine(),
    results,
    idleSession,
  };
  writeFileSync(values.json, `${JSON.stringify(document, undefined, 1)}\n`);
}

function between(what: string, less: Work, more: Work, unit: string): Question {
  return { what, less, more, unit, difference: countOf(more) - countOf(less) };
}

function countOf({ peers, prefixes }: Work): number {
  return prefixes === 0 ? peers : peers * prefixes;
}
