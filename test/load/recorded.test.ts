import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defaultPhases, type RouteSource } from '@peerloom/load';
import { encodeBgp4mpMessage, encodePeerIndexTable, encodeRib } from '@peerloom/mrt';
import {
  baseSessionOptions,
  encodePathAttributes,
  encodeUpdate,
  type PathAttribute,
} from '@peerloom/wire';
import { afterAll, expect, it } from 'vitest';
import { describeInterop } from '../interop/availability.ts';
import { bird } from './devices.ts';
import { announce, establish, patience, run } from './small.ts';
import { startTransit } from './transit.ts';

const directory = mkdtempSync(join(tmpdir(), 'peerloom-load-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;

/** A file of its own for each test: they run side by side. */
function newFile(bytes: Uint8Array): string {
  files += 1;
  const file = join(directory, `${files}.mrt`);
  writeFileSync(file, bytes);
  return file;
}

const options = { ...baseSessionOptions, fourOctetAs: true };
const { programs, debianPackage } = bird();
const addPath = {
  sources: 'ipv4 { import all; export all; add paths rx; };',
  sinks: 'ipv4 { import all; export all; add paths tx; };',
};

/** Of all paths of the table that is recorded. */
const multiExitDisc = 77;

function path(...asNumbers: number[]): PathAttribute[] {
  return [
    { type: 'origin', origin: 'igp' },
    { type: 'asPath', segments: [{ kind: 'sequence', asNumbers }] },
    { type: 'nextHop', nextHop: '192.0.2.1' },
  ];
}

/** What a collector has of one peer. */
function entry(peerIndex: number, pathId: number, ...as: number[]) {
  return {
    peerIndex,
    originatedTime: 0,
    pathId,
    attributes: encodePathAttributes(
      [...path(...as), { type: 'multiExitDiscriminator', value: multiExitDisc }],
      options,
    ),
  };
}

/** A table of two recorded peers: the first with two paths to a prefix, the second with one to each of two. */
function tableFile(): string {
  return newTable([
    ['10.0.0.0/8', [entry(0, 1, 100, 7), entry(0, 2, 100, 8), entry(1, 1, 200, 7)]],
    ['11.0.0.0/8', [entry(1, 1, 200, 9)]],
  ]);
}

function newTable(
  rows: readonly (readonly [string, readonly ReturnType<typeof entry>[]])[],
): string {
  const peers = ['192.0.2.1', '192.0.2.2'].map((address, index) => ({
    bgpIdentifier: address,
    address,
    as: 100 * (index + 1),
  }));
  const records = [
    encodePeerIndexTable(0, { collectorIdentifier: '9.9.9.9', viewName: '', peers }),
    ...rows.map(([prefix, entries], sequence) => encodeRib(0, { sequence, prefix, entries })),
  ];
  return newFile(gzipSync(Buffer.concat(records)));
}

/** Announcements of ten prefixes in turn, a fifth of a second apart, and the withdrawal of one. */
function updatesFile(microseconds: boolean, announcements = 10): string {
  const records = Array.from({ length: announcements + 1 }, (_, index) => {
    const nlri = [{ kind: 'prefix', prefix: `10.${index % 10}.0.0/16` } as const];
    const isLast = index === announcements;
    const [message] = encodeUpdate(
      {
        kind: 'update',
        nlri: isLast ? [] : nlri,
        withdrawn: isLast ? nlri : [],
        attributes: isLast ? [] : path(100, 7 + Math.trunc(index / 10)),
      },
      options,
    );
    const recorded = {
      peerAs: 100,
      localAs: 1,
      interfaceIndex: 0,
      peerAddress: '192.0.2.1',
      localAddress: '192.0.2.9',
      fourOctetAs: true,
      addPath: false,
      isLocal: false,
      message: message!,
    };
    return encodeBgp4mpMessage(1000 + index / 5, recorded, microseconds);
  });
  return newFile(Buffer.concat(records));
}

describeInterop('recorded routes in the load tester', programs, debianPackage, () => {
  it(
    'go from the peers that recorded them to speakers, with all their paths',
    patience,
    async () => {
      await using device = await startTransit(bird(addPath).start);
      const { oracle, measures, notes } = await run(
        device,
        { source: { addPath: 'send' }, sink: { addPath: 'receive' } },
        { routes: { kind: 'mrtTable', file: tableFile(), peers: ['192.0.2.2', '192.0.2.1'] } },
      );
      expect(notes).toEqual({});
      expect(oracle[0]!.sinks[0]).toMatchObject({ expected: 2, held: 2, missing: 0, wrong: 0 });
      expect(measures['announce.paths']!.value).toBe(4);
    },
  );

  it('lose all paths but one in sessions without ADD-PATH', patience, async () => {
    await using device = await startTransit(bird().start);
    const { oracle, measures } = await run(
      device,
      {},
      { routes: { kind: 'mrtTable', file: tableFile() } },
    );
    expect(oracle[0]!.sinks[0]).toMatchObject({ expected: 2, held: 2, missing: 0, wrong: 0 });
    expect(measures['announce.paths']).toBeUndefined();
  });

  it.for<[string, string, number]>([
    ['may come with a MULTI_EXIT_DISC of the device', 'bgp_med = 5;', 0],
    ['may not come with that of another AS', 'bgp_med = bgp_med;', 2],
  ])('%s', patience, async ([, change, wrong]) => {
    const sinks = `ipv4 { import all; export filter { ${change} accept; }; };`;
    await using device = await startTransit(bird({ sinks }).start);
    const routes: RouteSource = { kind: 'mrtTable', file: tableFile() };
    const { oracle } = await run(device, {}, { routes });
    const [sink] = oracle[0]!.sinks;
    expect(sink).toMatchObject({ expected: 2, held: 2, missing: 0, wrong });
    for (const { text } of sink!.findings) {
      expect(text).toMatch(
        /MULTI_EXIT_DISC of a neighbouring AS is not for another one \(RFC 4271/,
      );
    }
  });

  it.for<[string, boolean, number]>([
    ['BGP4MP', false, 1],
    ['BGP4MP_ET', true, 4],
  ])(
    'of %s come in their own timing, as quick as they are to',
    patience,
    async ([, extended, speed]) => {
      await using device = await startTransit(bird().start);
      const routes: RouteSource = { kind: 'mrtUpdates', file: updatesFile(extended), speed };
      const { oracle, measures, phases, routes: made } = await run(device, {}, { routes });
      expect(made).toMatchObject({ prefixes: 10, updates: 11 });
      // What was withdrawn is gone, and all else is there.
      expect(oracle[0]!.sinks[0]).toMatchObject({ expected: 9, held: 9, missing: 0, extra: 0 });
      const { value } = measures['announce.written']!;
      expect(value).toBeGreaterThanOrEqual(2 / speed);
      expect(value).toBeLessThan(2 / speed + 1);
      // Both sources send them all, each by the schedule.
      expect(measures['lateness.count']!.value).toBe(22);
      expect(phases.map(({ lateness }) => typeof lateness)).toEqual(['undefined', 'number']);
    },
  );

  it('have latencies under churn, though several peers have a prefix', patience, async () => {
    await using device = await startTransit(bird().start);
    // A path of its own for each route, and so a message.
    const rows = Array.from({ length: 60 }, (_, index) => {
      const entries = [entry(0, 1, 100, 1000 + index), entry(1, 1, 200, 2000 + index)];
      return [`10.${index}.0.0/16`, entries] as const;
    });
    const routes: RouteSource = { kind: 'mrtTable', file: newTable(rows) };
    const churn = { ...defaultPhases.churn, duration: 5, rate: 40, gap: 2 };
    const phases = [establish, announce, churn];
    const { measures } = await run(device, {}, { routes, phases });
    expect(measures['churn.latency.count']!.value).toBeGreaterThan(20);
    expect(measures['churn.latency.p99']!.value).toBeLessThan(churn.gap / 2);
    expect(measures['churn.rate']!.value).toBeCloseTo(churn.rate, -1);
  });

  it('have a latency for each prefix, however often it is announced', patience, async () => {
    await using device = await startTransit(bird().start);
    const routes: RouteSource = { kind: 'mrtUpdates', file: updatesFile(true, 30), speed: 4 };
    const { measures } = await run(device, {}, { routes });
    expect(measures['announce.latency.count']!.value).toBe(10);
  });
});
