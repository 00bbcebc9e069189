import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseSessionOptions, encodeUpdate, type PrefixNlri } from '@peerloom/wire';
import { afterAll, expect, it } from 'vitest';
import { planSpeakers } from '../src/plan.ts';
import { loadRoutes } from '../src/routes/loadRoutes.ts';
import { ExpectedRoutes } from '../src/run/expectedRoutes.ts';
import { defaultGroup, type Scenario } from '../src/scenario.ts';
import { makeRunMemory } from '../src/speaker/runMemory.ts';

const directory = mkdtempSync(join(tmpdir(), 'peerloom-load-'));
afterAll(() => rmSync(directory, { recursive: true }));

const nlri = (prefixes: readonly string[]): PrefixNlri[] =>
  prefixes.map((prefix) => ({ kind: 'prefix', prefix }));

function update(announced: readonly string[], withdrawn: readonly string[]): Uint8Array[] {
  return encodeUpdate(
    {
      kind: 'update',
      nlri: nlri(announced),
      withdrawn: nlri(withdrawn),
      attributes:
        announced.length === 0
          ? []
          : [
              { type: 'origin', origin: 'igp' },
              { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65_001, 7] }] },
              { type: 'nextHop', nextHop: '10.0.0.1' },
            ],
    },
    { ...baseSessionOptions, fourOctetAs: true },
  );
}

/** The rank of the state Established. */
const established = 5;

it('a sink is complete once it holds what is announced, and no longer what was withdrawn', async () => {
  const file = join(directory, 'updates.bin');
  const updates = [
    ...update(['10.0.0.0/8', '11.0.0.0/8'], []),
    ...update(['12.0.0.0/8'], ['10.0.0.0/8']),
  ];
  writeFileSync(file, Buffer.concat(updates));
  const speaker = { ...defaultGroup, count: 1, sourceAddress: '127.0.0.1' };
  const scenario: Scenario = {
    name: 'test',
    target: { address: '127.0.0.1', port: 179 },
    speakers: [
      { ...speaker, role: 'source', localAs: 65_001, routerId: '10.0.0.1' },
      { ...speaker, role: 'sink', localAs: 65_002, routerId: '10.0.0.2' },
    ],
    routes: { kind: 'rawUpdates', files: [file] },
    seed: 1,
    phases: [],
    expect: { oracle: true, transparent: false },
    thresholds: [],
    workers: 1,
  };
  const plans = planSpeakers(scenario);
  const table = (await loadRoutes(scenario, plans))!;
  const memory = makeRunMemory(plans.length, 1, table);
  memory.states.fill(established);
  const expected = new ExpectedRoutes(scenario, plans, table, memory);
  expected.update(true);
  expect(expected.count(0)).toBe(2);

  const { digests } = memory.sinks[0]!;
  const arrive = (prefix: number): void => {
    digests[prefix] = table.digests[table.messageOf[prefix]!]!;
  };
  // By their numbers, in the order in which they are named first.
  arrive(0);
  arrive(1);
  expect(expected.isComplete(0)).toBe(false);
  arrive(2);
  expect(expected.isComplete(0)).toBe(false);
  digests[0] = 0;
  expect(expected.isComplete(0)).toBe(true);
  digests[2]! += 1;
  expect(expected.isComplete(0)).toBe(false);
});
