import { expect, it } from 'vitest';
import { describeInterop } from '../interop/availability.ts';
import { type BirdOptions, bird } from './devices.ts';
import { allRight, type Changes, heldWith, patience, run } from './small.ts';
import { startTransit } from './transit.ts';

const { programs, debianPackage } = bird();
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
