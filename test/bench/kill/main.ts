// How long it takes until everything is back after a worker has died: node test/bench/kill/main.ts [options]

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { thisMachine } from '../comparison/comparison.ts';
import { markdownTable } from '../comparison/report/text.ts';
import { workloads } from '../comparison/workload.ts';
import { killWorker, type Recovery } from './killWorker.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: 'full' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});
const { size } = values;
const rounds = Number(values.rounds);
if ((size !== 'full' && size !== 'small') || !Number.isInteger(rounds) || rounds < 1) {
  console.error('--size must be full or small, and --rounds 1 or more');
  process.exit(2);
}
const work = workloads(size).find(({ id }) => id === 'W2')!;
const recoveries: Recovery[] = [];
for (let round = 0; round < rounds; round += 1) recoveries.push(await killWorker(work));

const head = [
  'round',
  'routes held before',
  'sessions that went',
  'others lost',
  'worker up s',
  'first session s',
  'last session s',
  'every route s',
];
const rows = recoveries.map((each, index) => [
  String(index + 1),
  String(each.routesBefore),
  String(each.sessionsDown),
  String(each.othersLost),
  ...[each.workerUp, each.firstSession, each.lastSession, each.everyRoute].map((time) =>
    time.toFixed(2),
  ),
]);
console.log(`${work.title}, two workers; one is killed when half of the routes are there\n`);
console.log(markdownTable([head, ...rows]).join('\n'));
if (values.json !== undefined) {
  const document = {
    format: 'peerloom-kill',
    version: 1,
    size,
    machine: thisMachine(),
    recoveries,
  };
  writeFileSync(values.json, `${JSON.stringify(document, undefined, 1)}\n`);
}
