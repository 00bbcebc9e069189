import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPhases, LoadError, runLoad, type SpeakerGroup } from '@peerloom/load';
import { createEngine, type Engine, type EngineOptions } from '@peerloom/supervisor';
import { expect, it } from 'vitest';
import { describeInterop } from '../interop/availability.ts';
import { freePort } from '../interop/speakers/port.ts';
import { bird } from './devices.ts';
import { allRight, announce, establish, heldWith, patience, run } from './small.ts';
import { network, type Place, scenario, startTransit } from './transit.ts';

const { programs, debianPackage } = bird();

describeInterop('ADD-PATH in the load tester', programs, debianPackage, () => {
  const everyone = { sinks: 'ipv4 { import all; export all; add paths tx; };' };
  const same = {
    routes: {
      kind: 'generated',
      prefixes: 100,
      ipv6Prefixes: 0,
      distribution: 'same',
      overlap: 0.5,
    },
  } as const;

  it('brings a sink every path', patience, async () => {
    await using device = await startTransit(bird(everyone).start);
    const { oracle, measures } = await run(device, { sink: { addPath: 'receive' } }, same);
    expect(oracle[0]!.sinks[0]).toMatchObject({ ...allRight, expected: 100, held: 100 });
    expect(measures['announce.paths']).toEqual({ value: 200, unit: 'count' });
  });

  it('is not there unless both sides want it', patience, async () => {
    await using device = await startTransit(bird(everyone).start);
    const { oracle, measures } = await run(device, {}, same);
    expect(oracle[0]!.sinks[0]).toMatchObject({ held: 100, missing: 0 });
    expect(measures['announce.paths']).toBeUndefined();
  });

  it('sends path identifiers to a device that takes them, and says when one does not', {
    timeout: 60_000,
  }, async () => {
    const source = { addPath: 'send' } as const;
    const taking = { sources: 'ipv4 { import all; export all; add paths rx; };' };
    const { sink } = await heldWith(taking, { source }, {});
    expect(sink).toMatchObject(allRight);
    const other = await heldWith({}, { source }, {});
    expect(other.sink).toMatchObject({ expected: 0, missing: 0 });
    expect(other.result.verdict.reasons[0]).toMatch(/^2 sources could not send their routes/);
    expect(Object.keys(other.result.notes).join()).toMatch(/does not take any \(RFC 7911\)/);
  });
});

describeInterop('a device that takes no path identifiers', programs, debianPackage, () => {
  it('is not sent any by churn either', patience, async () => {
    await using device = await startTransit(bird().start);
    const churn = { ...defaultPhases.churn, duration: 0.5, rate: 100 };
    const phases = [establish, { ...announce, settle: 0.5 }, { ...churn, settle: 0.5 }];
    const { measures, notes } = await run(device, { source: { addPath: 'send' } }, { phases });
    expect(Object.keys(notes).join()).toMatch(/does not take any \(RFC 7911\)/);
    expect(measures['sessions.lost']!.value).toBe(0);
    expect(measures['notifications.received']!.value).toBe(0);
  });

  it('is back from a flap before it is waited for in vain', patience, async () => {
    const everyone = { sinks: 'ipv4 { import all; export all; add paths tx; };' };
    await using device = await startTransit(bird(everyone).start);
    const flap = { ...defaultPhases.flap, sessions: 1, down: 0.5, settle: 5 };
    const { measures } = await run(
      device,
      { sink: { addPath: 'receive' } },
      { phases: [establish, announce, flap] },
    );
    expect(measures['flap.duration']!.value).toBeLessThan(flap.settle);
  });
});

/** Our own engine, with what is said of its one range. */
async function startEngine(
  range: Omit<NonNullable<EngineOptions['ranges']>[0], 'prefix' | 'remoteAs'>,
): Promise<{ engine: Engine; device: { address: string; port: number; network: string } }> {
  const prefix = network();
  const address = `${prefix}.254`;
  const port = await freePort(address);
  const engine = await createEngine({
    routerId: '192.0.2.1',
    localAs: 65_000,
    workers: 0,
    listen: [{ address, port }],
    ranges: [{ prefix: `${prefix}.0/24`, remoteAs: 'external', ...range }],
  });
  return { engine, device: { address, port, network: prefix } };
}

/** What keeps a single source from a session; `undefined` when nothing does. */
async function refusal(
  device: Parameters<typeof scenario>[0],
  changes: Partial<SpeakerGroup>,
): Promise<string | undefined> {
  const base = scenario(device, 1, 0, [{ ...establish, timeout: 1.5 }]);
  const speakers = base.speakers.map((group) => ({ ...group, ...changes }));
  try {
    await runLoad({ ...base, speakers });
    return undefined;
  } catch (error) {
    if (error instanceof LoadError) return error.code;
    throw error;
  }
}

const steadily = { ...defaultPhases.steady, duration: 1 };

/** Announces one route of a VPN (RFC 4364 §4.3.4), with AS 65001 in its path. */
function vpnUpdate(number: number): Uint8Array {
  const nextHop = [0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1];
  const route = [112, 0, 0, 0x11, 0, 0, 253, 233, 0, 0, 0, 1, 10, 1, number];
  const reach = [0, 1, 128, nextHop.length, ...nextHop, 0, ...route];
  const attributes = [
    [0x40, 1, 1, 0],
    [0x40, 2, 6, 2, 1, 0, 0, 253, 233],
    [0x80, 14, reach.length, ...reach],
  ].flat();
  const length = 23 + attributes.length;
  const marker = Array.from({ length: 16 }, () => 255);
  return Uint8Array.of(...marker, 0, length, 2, 0, 0, 0, attributes.length, ...attributes);
}

it.concurrent('comes up with GTSM (RFC 5082), and not without', patience, async () => {
  const { engine, device } = await startEngine({ ttlSecurity: 1 });
  await using _ = engine;
  expect(await refusal(device, { ttl: 64 })).toBe('ERR_LOAD_UNREACHABLE');
  expect(await refusal(device, { ttlSecurity: 1 })).toBeUndefined();
});

describeInterop('GTSM (RFC 5082) in the load tester', programs, debianPackage, () => {
  it('brings sessions up where the device is as far away as it may be', patience, async () => {
    // BIRD is configured for neighbours of two hops.
    const security = 'ttl security yes;';
    await using device = await startTransit(bird({ sources: security, sinks: security }).start);
    const near = { ttlSecurity: 2 };
    const { oracle } = await run(device, { source: near, sink: near });
    expect(oracle[0]!.sinks[0]).toMatchObject(allRight);
    // BIRD sets its rule once it has accepted a connection, so an OPEN that was quicker is answered; nothing after it comes in.
    const phases = [{ ...establish, timeout: 1.5 }, announce];
    for (const far of [{ ttl: 253 }, {}]) {
      const result = await run(device, { source: far, sink: near }, { phases });
      expect(result.oracle[0]!.sinks[0]).toMatchObject({ held: 0 });
    }
  });
});

describeInterop('TCP MD5 (RFC 2385) in the load tester', programs, debianPackage, () => {
  it('brings sessions up with the right key only', patience, async () => {
    const key = 'password "secret";';
    await using device = await startTransit(bird({ sources: key, sinks: key }).start);
    const password = { password: 'secret' };
    const { oracle } = await run(device, { source: password, sink: password });
    expect(oracle[0]!.sinks[0]).toMatchObject(allRight);
    expect(await refusal(device, { password: 'other' })).toBe('ERR_LOAD_UNREACHABLE');
    expect(await refusal(device, {})).toBe('ERR_LOAD_UNREACHABLE');
  });
});

it.concurrent('agrees on the hold time and the families that it is told', patience, async () => {
  const families = ['ipv4-unicast', 'ipv6-unicast', 'ipv6-multicast'];
  const { engine, device } = await startEngine({ families });
  await using _ = engine;
  const base = scenario(device, 1, 0, [establish, { ...defaultPhases.steady, duration: 4 }]);
  const speakers = base.speakers.map((group) => ({
    ...group,
    holdTime: 3,
    families: ['ipv6-unicast', 'ipv6-multicast'],
  }));
  const seen = new Set<string>();
  const { measures } = await runLoad(
    { ...base, speakers },
    {
      onProgress: ({ phase }) => {
        if (phase !== 'steady') return;
        void engine.snapshot().then(([peer]) => {
          const session = peer?.session;
          if (session !== undefined) seen.add(`${session.holdTime} ${session.families.join()}`);
        });
      },
    },
  );
  expect([...seen]).toEqual(['3 ipv6-unicast,ipv6-multicast']);
  // One that sent no KEEPALIVEs would be gone after three seconds.
  expect(measures['sessions.lost']!.value).toBe(0);
  expect(measures['sessions.established']!.value).toBe(1);
});

describeInterop('passive speakers of the load tester', programs, debianPackage, () => {
  it('wait for the device to connect, each where it is, and are there again after a flap', {
    timeout: 60_000,
  }, async () => {
    const speakerPort = await freePort('127.0.0.1');
    const neighbor = (place: Place, host: number, as: number): string => `
protocol bgp from tester {
  passive no;
  connect delay time 1;
  connect retry time 1;
  neighbor ${place.network}.${host} port ${speakerPort} as ${as};
}`;
    const more = (place: Place): string =>
      [neighbor(place, 1, 65_001), neighbor(place, 2, 65_001), neighbor(place, 129, 66_001)].join(
        '',
      );
    await using device = await startTransit((place) => bird({ more: more(place) }).start(place));
    const passive = { passive: true, listenPort: speakerPort };
    const { oracle, measures, verdict } = await run(
      device,
      { source: passive, sink: passive },
      {
        phases: [establish, announce, { ...defaultPhases.flap, sessions: 1, down: 0.2 }],
      },
    );
    expect(verdict.status, verdict.reasons.join()).not.toBe('fail');
    expect(oracle.map(({ sinks }) => sinks[0])).toMatchObject([allRight, allRight]);
    expect(measures['established.count']!.value).toBe(3);
    expect(measures['connect.count']).toBeUndefined();
  });
});

it.concurrent('sends UPDATEs of any family, a file for each source', patience, async () => {
  const { engine, device } = await startEngine({ families: ['ipv4-unicast', 'ipv4-vpn'] });
  await using _ = engine;
  const directory = mkdtempSync(join(tmpdir(), 'peerloom-load-'));
  const files = [1, 2].map((number) => {
    const file = join(directory, `${number}.bin`);
    writeFileSync(file, Buffer.concat([0, 1].slice(0, number).map(vpnUpdate)));
    return file;
  });
  try {
    const base = scenario(device, 2, 0, [establish, announce], {
      routes: { kind: 'rawUpdates', files },
    });
    const families = ['ipv4-unicast', 'ipv4-vpn'];
    const speakers = base.speakers.map((group) => ({ ...group, families }));
    const received: number[][] = [];
    const { notes, verdict } = await runLoad(
      { ...base, speakers, phases: [...base.phases, steadily] },
      {
        onProgress: ({ phase }) => {
          if (phase !== 'steady') return;
          void engine.snapshot().then((peers) => {
            received.push(
              peers.flatMap(({ state, received: { update } }) =>
                state === 'Established' ? [update] : [],
              ),
            );
          });
        },
      },
    );
    expect(verdict.status, verdict.reasons.join()).not.toBe('fail');
    expect(notes).toEqual({ 'UPDATEs are of families that the oracle does not follow': 3 });
    // Each has an End-of-RIB of both families besides.
    expect(received.at(-1)!.toSorted((a, b) => a - b)).toEqual([3, 4]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
