import {
  defaultPhases,
  LoadError,
  type LoadResult,
  runLoad,
  type SpeakerGroup,
} from '@peerloom/load';
import { createEngine, type Engine, type EngineOptions } from '@peerloom/supervisor';
import { expect, it } from 'vitest';
import { describeInterop } from '../interop/availability.ts';
import { type BirdOptions, bird } from './devices.ts';
import { freePort, network, scenario, startTransit, type Transit } from './transit.ts';

const patience = { timeout: 60_000 };
const establish = { ...defaultPhases.establish, timeout: 15 };
const announce = { ...defaultPhases.announce, settle: 1.5 };
const { programs, debianPackage } = bird();

/** Options of all speakers of a role. */
type Changes = { readonly [Role in 'source' | 'sink']?: Partial<SpeakerGroup> };

/** Two sources, one sink, 100 prefixes of each source, with options that no other test has. */
async function run(
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
async function heldWith(
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

const allRight = { expected: 200, held: 200, missing: 0, extra: 0, wrong: 0, findings: [] };
const internal = { localAs: 65_000 };
const reflecting = { oracle: true, transparent: false, reflector: true };
const serving = { oracle: true, transparent: true };

describeInterop('internal sessions of the load tester', programs, debianPackage, () => {
  const clients = { sourceAs: 65_000, sinkAs: 65_000, sources: 'rr client;', sinks: 'rr client;' };
  const both = { source: internal, sink: internal };

  it('judge a route reflector', patience, async () => {
    const { sink, result } = await heldWith(clients, both, { expect: reflecting });
    expect(sink).toMatchObject(allRight);
    expect(result.verdict.status, result.verdict.reasons.join()).not.toBe('fail');
  });

  it('find that a device which should reflect does not', patience, async () => {
    const plain = { sourceAs: 65_000, sinkAs: 65_000 };
    const { sink } = await heldWith(plain, both, { expect: reflecting });
    expect(sink).toMatchObject({ expected: 200, missing: 200 });
  });

  it('find that a device reflects which should not', patience, async () => {
    const not = { ...reflecting, reflector: false };
    const { sink } = await heldWith(clients, both, { expect: not });
    expect(sink).toMatchObject({ expected: 0, extra: 200 });
    expect(sink.findings[0]!.text).toMatch(/of an internal neighbour/);
  });

  it('say that nobody knows, when nobody said', patience, async () => {
    const { sink, result } = await heldWith(clients, both, {});
    expect(sink).toMatchObject({ isKnown: false, held: 200, missing: 0, extra: 0, wrong: 0 });
    expect(result.verdict.reasons.join()).toMatch(/^WHAT 1 SINKS MUST HOLD IS NOT KNOWN/);
  });

  it('find a reflector that changes next hops', patience, async () => {
    const sinks = 'rr client; ipv4 { import all; export all; next hop self yes; };';
    const { sink } = await heldWith({ ...clients, sinks }, both, { expect: reflecting });
    expect(sink).toMatchObject({ missing: 0, wrong: 200 });
    expect(sink.findings[0]!.text).toMatch(/should not change NEXT_HOP \(RFC 4456 §10\)$/);
  });

  it.for<[string, Changes, BirdOptions]>([
    ['from an internal neighbour to an external one', { source: internal }, { sourceAs: 65_000 }],
    ['from an external neighbour to an internal one', { sink: internal }, { sinkAs: 65_000 }],
  ])('know what becomes of routes %s', patience, async ([, changes, options]) => {
    const { sink } = await heldWith(options, changes, {});
    expect(sink).toMatchObject(allRight);
  });

  it('are not taken for external ones', patience, async () => {
    await using device = await startTransit(bird({ sourceAs: 65_000 }).start);
    const { verdict, notes } = await run(device, { source: internal });
    expect(verdict.reasons[0]).toMatch(/^2 sources could not send their routes/);
    expect(Object.keys(notes).join()).toMatch(/own AS; say so \(target\.remoteAs, --remote-as\)/);
  });
});

describeInterop('external sessions of the load tester', programs, debianPackage, () => {
  it('judge a route server', patience, async () => {
    const transparent = { sources: 'rs client;', sinks: 'rs client;' };
    const { sink } = await heldWith(transparent, {}, { expect: serving });
    expect(sink).toMatchObject(allRight);
  });

  it.for<[string, BirdOptions, object, RegExp]>([
    [
      'a route server that adds its AS',
      {},
      serving,
      /AS_PATH does not begin with the AS of a speaker that announces routes$/,
    ],
    [
      'a router that does not',
      { sources: 'rs client;', sinks: 'rs client;' },
      { ...serving, transparent: false },
      /AS_PATH does not begin with the device's AS \(RFC 4271 §5\.1\.2\)$/,
    ],
    [
      'a route server that changes next hops',
      { sinks: 'rs client; ipv4 { import all; export all; next hop self yes; };' },
      serving,
      /a route server must not change NEXT_HOP \(RFC 7947 §2\.2\.1\)$/,
    ],
    [
      'a router that lets LOCAL_PREF out',
      { sinks: 'allow bgp_local_pref yes;' },
      { ...serving, transparent: false },
      /LOCAL_PREF is not for external neighbours \(RFC 4271 §5\.1\.5\)$/,
    ],
  ])('find %s', patience, async ([, options, expected, words]) => {
    const { sink } = await heldWith(options, {}, { expect: expected as typeof serving });
    expect(sink).toMatchObject({ missing: 0, wrong: 200 });
    expect(sink.findings[0]!.text).toMatch(words);
  });
});

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

it('comes up with GTSM (RFC 5082), and not without', patience, async () => {
  const { engine, device } = await startEngine({ ttlSecurity: 1 });
  await using _ = engine;
  expect(await refusal(device, { ttl: 64 })).toBe('ERR_LOAD_UNREACHABLE');
  expect(await refusal(device, { ttlSecurity: 1 })).toBeUndefined();
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

it('agrees on the hold time and the families that it is told', patience, async () => {
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
