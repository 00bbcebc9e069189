// The comparison's command line: node test/bench/comparison/main.ts [W1 W2 ...] [options]

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from './compare.ts';
import type { Comparison } from './comparison.ts';
import { stopDevices } from './devices/running.ts';
import { comparisonPage } from './report/page.ts';
import { comparisonLines } from './report/text.ts';
import { type Size, workloads } from './workload.ts';

const ids = workloads('full').map(({ id }) => id);
const usage = `npm run bench -- compare [${ids.join(' ')}] [--rounds 3] [--size full|small] [--devices peerloom,bird] [--json FILE] [--html FILE]`;

/** The options as given, or the complaint about them. */
function read(): Parameters<typeof compare>[0] & { json: string; html: string } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      size: { type: 'string', default: 'full' },
      devices: { type: 'string', default: '' },
      json: { type: 'string', default: '.bench/comparison.json' },
      html: { type: 'string', default: '.bench/comparison.html' },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be 1 or more');
  if (values.size !== 'full' && values.size !== 'small') {
    throw new Error('--size must be full or small');
  }
  const asked = positionals.map((word) => {
    const id = ids.find((one) => one === word.toUpperCase());
    if (id === undefined) {
      throw new Error(`there is no workload ${word}; there are ${ids.join(', ')}`);
    }
    return id;
  });
  return {
    workloads: asked.length === 0 ? ['W1', 'W2', 'W3', 'W3L', 'W4', 'W5'] : asked,
    rounds,
    size: values.size satisfies Size,
    devices: values.devices.split(',').filter(Boolean),
    command: `npm run bench -- compare ${process.argv.slice(2).join(' ')}`.trim(),
    json: values.json,
    html: values.html,
  };
}

let options: ReturnType<typeof read>;
try {
  options = read();
} catch (error) {
  console.error(`${(error as Error).message}\nUse: ${usage}`);
  process.exit(2);
}
const { json, html } = options;
const write = (comparison: Comparison): void => {
  writeFileSync(json, `${JSON.stringify(comparison, undefined, 1)}\n`);
  writeFileSync(html, comparisonPage(comparison));
};
for (const file of [json, html]) mkdirSync(dirname(file), { recursive: true });
// A daemon would outlive us. The tester does not: it ends when it is alone.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    console.error(`${signal}: ending the device and the comparison`);
    await stopDevices();
    process.exit(130);
  });
}
const comparison = await compare({
  ...options,
  onStep: (text) => console.error(text),
  // A long comparison that is broken off leaves what it had.
  onResult: write,
});
write(comparison);
console.log(comparisonLines(comparison).join('\n'));
console.log(`\nAll of it is in ${json}, and as a page in ${html}.`);
