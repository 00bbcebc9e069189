import { defaultPhases, runLoad } from '@peerloom/load';
import { expect, it } from 'vitest';
import { describeInterop } from '../interop/availability.ts';
import { signal } from '../interop/speakers/process.ts';
import { bird, type DeviceKind, exabgp, frr, gobgp, openbgpd } from './devices.ts';
import { scenario, startTransit } from './transit.ts';

const { establish, announce, churn, flap, withdraw, restore } = defaultPhases;
const patience = 60_000;

const transits: readonly (readonly [string, DeviceKind])[] = [
  ['BIRD', bird()],
  ['FRR', frr],
  ['GoBGP', gobgp],
  ['OpenBGPD', openbgpd],
];

for (const [name, { programs, debianPackage, start }] of transits) {
  describeInterop(`load against ${name}`, programs, debianPackage, () => {
    it('finds every route at every sink, through all phases', { timeout: patience }, async () => {
      await using device = await startTransit(start);
      const result = await runLoad(
        scenario(device, 3, 2, [
          establish,
          announce,
          { ...churn, duration: 1.5, rate: 60, gap: 0.4 },
          { ...flap, sessions: 2, down: 0.5 },
          withdraw,
          restore,
        ]),
      );
      const { measures, oracle, verdict } = result;
      // A busy machine may make it inconclusive.
      expect(verdict.status, verdict.reasons.join()).not.toBe('fail');
      expect(measures['sessions.established']!.value).toBe(5);
      expect(measures['sessions.lost']!.value).toBe(0);
      expect(oracle.map(({ phase }) => phase)).toEqual([
        'announce',
        'churn',
        'flap',
        'withdraw',
        'restore',
      ]);
      for (const { phase, sinks } of oracle) {
        for (const sink of sinks) {
          expect(sink).toMatchObject({ missing: 0, extra: 0, wrong: 0, findings: [] });
          expect(sink.held).toBe(phase === 'withdraw' ? 0 : 600);
        }
      }
      expect(measures['announce.latency.count']!.value).toBe(1200);
      expect(measures['churn.latency.count']!.value).toBeGreaterThan(40);
      expect(measures['churn.latency.p50']!.value).toBeGreaterThan(0);
      expect(measures['flap.established.count']!.value).toBe(2);
      expect(measures['announce.all']!.value).toBeGreaterThanOrEqual(
        measures['announce.first']!.value,
      );
      const { arrivals } = result;
      expect(arrivals.map(({ phase, sink }) => `${phase} ${sink}`)).toEqual([
        'announce 0',
        'announce 1',
        'restore 0',
        'restore 1',
      ]);
      for (const { first, half, most, all } of arrivals) {
        const times = [first!, half!, most!, all!];
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }
      expect(measures['announce.all']!.value).toBe(
        Math.max(...arrivals.slice(0, 2).map(({ all }) => all!)),
      );
      expect(measures['device.rss']!.value).toBeGreaterThan(1e6);
    });
  });
}

describeInterop('load against ExaBGP', exabgp.programs, exabgp.debianPackage, () => {
  it('brings sessions up and announces, again and again', { timeout: patience }, async () => {
    await using device = await startTransit(exabgp.start);
    const { measures, verdict } = await runLoad(
      scenario(device, 3, 0, [
        establish,
        announce,
        { ...churn, duration: 1, rate: 60, gap: 0.3 },
        { ...flap, sessions: 1, down: 0.5 },
        withdraw,
        restore,
      ]),
    );
    expect(verdict.status, verdict.reasons.join()).not.toBe('fail');
    expect(measures['sessions.established']!.value).toBe(3);
    expect(measures['sessions.lost']!.value).toBe(0);
    expect(measures['notifications.received']!.value).toBe(0);
  });
});

const { programs, debianPackage } = bird();
describeInterop('the oracle', programs, debianPackage, () => {
  // A busy BIRD now and then goes on only after 3 s, its longest poll.
  const phases = [establish, { ...announce, settle: 3.5 }];

  it('catches a device that drops routes', { timeout: patience }, async () => {
    const filter = 'import filter { if net.len = 24 then reject; accept; };';
    await using device = await startTransit(bird({ filter }).start);
    const { oracle, verdict, phases: ended } = await runLoad(scenario(device, 2, 1, phases));
    const sink = oracle[0]!.sinks[0]!;
    expect(verdict.status).toBe('fail');
    expect(ended[1]!.ended).toBe('settled');
    expect(sink.missing).toBeGreaterThan(150);
    expect(sink.missing + sink.held).toBe(400);
    expect(sink.findings).toHaveLength(5);
    for (const { prefix, kind } of sink.findings) {
      expect(prefix).toMatch(/\/24$/);
      expect(kind).toBe('missing');
    }
  });

  it('has no time for a device that passes nothing on', { timeout: patience }, async () => {
    await using device = await startTransit(bird({ filter: 'import none;' }).start);
    const { oracle, measures } = await runLoad(scenario(device, 2, 1, phases));
    expect(oracle[0]!.sinks[0]).toMatchObject({ expected: 400, held: 0, missing: 400 });
    expect(measures['announce.written']).toBeDefined();
    expect(measures['announce.duration']).toBeUndefined();
    expect(measures['announce.rate']).toBeUndefined();
  });

  it('knows what churn leaves that had nothing to begin with', { timeout: patience }, async () => {
    await using device = await startTransit(bird().start);
    const { oracle, notes, measures } = await runLoad(
      scenario(device, 2, 1, [establish, { ...churn, duration: 1, rate: 60, gap: 0.3 }]),
    );
    expect(oracle[0]).toMatchObject({ phase: 'churn' });
    expect(oracle[0]!.sinks[0]).toMatchObject({ expected: 400, held: 400, missing: 0, extra: 0 });
    expect(Object.keys(notes).join()).toMatch(/^churn found nothing announced/);
    expect(measures['churn.latency.count']!.value).toBeGreaterThan(10);
  });

  it('catches a device that changes attributes, and shows how', { timeout: patience }, async () => {
    const filter = 'import filter { if net.len = 22 then bgp_community.add((65000,1)); accept; };';
    await using device = await startTransit(bird({ filter }).start);
    const { oracle, verdict } = await runLoad(scenario(device, 2, 1, phases));
    const { wrong, missing, findings } = oracle[0]!.sinks[0]!;
    expect(verdict.status).toBe('fail');
    expect(missing).toBe(0);
    expect(wrong).toBeGreaterThan(10);
    expect(findings[0]!.prefix).toMatch(/\/22$/);
    expect(findings[0]!.text).toMatch(/^sent with .* came with .*65000:1/);
  });

  it('catches a device that announces what nobody sent', { timeout: patience }, async () => {
    const stranger = 'protocol static { ipv4; route 198.51.100.0/24 blackhole; }';
    await using device = await startTransit(bird({ more: stranger }).start);
    const { oracle, measures, notes } = await runLoad(
      scenario(device, 1, 1, [...phases, { ...withdraw, settle: 0.5 }, ...phases.slice(1)]),
    );
    expect(oracle[0]!.sinks[0]).toMatchObject({ extra: 1, missing: 0, wrong: 0 });
    expect(oracle[0]!.sinks[0]!.findings[0]).toMatchObject({
      kind: 'extra',
      prefix: '198.51.100.0/24',
    });
    expect(measures['oracle.extra']!.value).toBe(1);
    expect(Object.keys(notes)[0]).toMatch(/before any were announced: the device has its own/);
  });

  it('knows that sources which share prefixes are one as good as another', {
    timeout: patience,
  }, async () => {
    await using device = await startTransit(bird().start);
    const { oracle } = await runLoad(
      scenario(device, 4, 2, phases, {
        routes: {
          kind: 'generated',
          prefixes: 200,
          ipv6Prefixes: 0,
          distribution: 'overlapping',
          overlap: 0.25,
        },
      }),
    );
    for (const sink of oracle[0]!.sinks) {
      expect(sink).toMatchObject({ expected: 650, held: 650, missing: 0, extra: 0, wrong: 0 });
    }
  });

  it('measures nothing where nothing was sent', { timeout: patience }, async () => {
    await using device = await startTransit(bird().start);
    const base = scenario(device, 1, 1, [
      { ...establish, timeout: 1 },
      announce,
      { ...withdraw, settle: 0.5 },
    ]);
    // The device does not know such a source.
    const speakers = base.speakers.map((one) =>
      one.role === 'source' ? { ...one, localAs: 65_099 } : one,
    );
    const { measures, verdict } = await runLoad({ ...base, speakers });
    expect(verdict.status).toBe('fail');
    for (const name of Object.keys(measures)) expect(name).not.toMatch(/^(announce|withdraw)\./);
  });

  it('is not asked when the device has ended, and no more is tried', {
    timeout: patience,
  }, async () => {
    await using device = await startTransit(bird().start);
    const all = [...phases, { ...churn, duration: 3, settle: 0.5 }, withdraw, restore];
    const result = await runLoad(scenario(device, 2, 1, all), {
      onProgress: ({ phase }) => {
        if (phase === 'churn') signal(device.pid, 'SIGKILL');
      },
    });
    expect(result.phases.map(({ phase }) => phase)).toEqual(['establish', 'announce', 'churn']);
    expect(result.oracle.map(({ phase }) => phase)).toEqual(['announce']);
    expect(result.measures['sessions.lost']!.value).toBe(3);
    expect(result.verdict.reasons.join()).toMatch(
      /3 of 3 sessions are not up,3 sessions were lost/,
    );
    expect(Object.keys(result.notes).join()).toMatch(/the process of the device has ended/);
  });

  it('follows IPv6 routes, and speakers that announce and receive', {
    timeout: patience,
  }, async () => {
    await using device = await startTransit(bird().start);
    const base = scenario(device, 2, 1, [...phases, { ...withdraw, settle: 1 }], {
      workers: 2,
      routes: {
        kind: 'generated',
        prefixes: 100,
        ipv6Prefixes: 60,
        distribution: 'overlapping',
        overlap: 0.25,
      },
    });
    const families = ['ipv4-unicast', 'ipv6-unicast'];
    const speakers = base.speakers.map((group) => ({
      ...group,
      families,
      ...(group.role === 'sink' && { role: 'both' as const, count: 2 }),
    }));
    const { oracle, measures } = await runLoad({ ...base, speakers });
    // Five stretches of shared prefixes and four of own ones: 4 × (100 + 60) less 3 × (25 + 15).
    for (const sink of oracle[0]!.sinks) {
      expect(sink).toMatchObject({ expected: 520 - 160, missing: 0, extra: 0, wrong: 0 });
    }
    for (const sink of oracle[1]!.sinks) expect(sink).toMatchObject({ expected: 0, held: 0 });
    expect(measures['sessions.lost']!.value).toBe(0);
  });
});
