import { defaultPhases, type LoadResult, runLoad, type SpeakerGroup } from '@peerloom/load';
import { type BirdOptions, bird } from './devices.ts';
import { scenario, startTransit, type Transit } from './transit.ts';

/** Of a test with a daemon. */
export const patience = { timeout: 60_000 };
/** Patient enough for a busy machine. */
export const establish = { ...defaultPhases.establish, timeout: 15 };
/** As long as a route may take that is not to come: a busy BIRD now and then goes on only after 3 s, its longest poll. */
export const announce = { ...defaultPhases.announce, settle: 3.5 };
/** Options of all speakers of a role. */
export type Changes = { readonly [Role in 'source' | 'sink']?: Partial<SpeakerGroup> };

/** Two sources, one sink, 100 prefixes of each source, with options that no other test has. */
export async function run(
  device: Transit,
  changes: Changes = {},
  more: Parameters<typeof scenario>[4] = {},
): Promise<LoadResult> {
  const base = scenario(device, 2, 1, [establish, announce], {
    routes: {
      kind: 'generated',
      prefixes: 100,
      ipv6Prefixes: 0,
      distribution: 'disjoint',
      overlap: 0.5,
    },
    ...more,
  });
  const speakers = base.speakers.map((group) => ({
    ...group,
    ...changes[group.role as 'source' | 'sink'],
  }));
  return await runLoad({ ...base, speakers });
}

/** What the only sink held after the announcement. */
export async function heldWith(
  options: BirdOptions,
  changes: Changes,
  more: Parameters<typeof scenario>[4],
): Promise<{ result: LoadResult; sink: LoadResult['oracle'][0]['sinks'][0] }> {
  await using device = await startTransit(bird(options).start);
  const { address, port } = device;
  const target = { address, port, remoteAs: 65_000 };
  const result = await run(device, changes, { target, ...more });
  return { result, sink: result.oracle[0]!.sinks[0]! };
}

/** What a sink's verdict is when all is well with 200 routes. */
export const allRight = { expected: 200, held: 200, missing: 0, extra: 0, wrong: 0, findings: [] };
