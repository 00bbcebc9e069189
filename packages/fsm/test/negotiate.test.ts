import { type Capability, familyKey } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import { type NegotiatedSession, negotiate } from '../src/index.ts';
import { gracefulRestart, peerOpen } from './speakers.ts';

const ipv4 = { afi: 1, safi: 1 };
const ipv6 = { afi: 2, safi: 1 };
const vpnv4 = { afi: 1, safi: 128 };
const key = ({ afi, safi }: { afi: number; safi: number }): number => familyKey(afi, safi);
const multiprotocol = (family: { afi: number; safi: number }): Capability => ({
  type: 'multiprotocol',
  ...family,
});

function session(
  ours: readonly Capability[],
  theirs: readonly Capability[],
  options: { keepaliveTime?: number; sendHoldTime?: number } = {},
  holdTimes: [number, number] = [90, 90],
): NegotiatedSession {
  const { keepaliveTime, sendHoldTime } = options;
  return negotiate(
    { localAs: 65001, keepaliveTime, sendHoldTime },
    peerOpen({ myAs: 65001, holdTime: holdTimes[0], capabilities: ours }),
    peerOpen({ holdTime: holdTimes[1], capabilities: theirs }),
    'local',
  );
}

describe('hold time and KEEPALIVE', () => {
  it.for([
    [90, 180, 90, 30],
    [180, 90, 90, 30],
    [3, 90, 3, 1],
    [0, 90, 0, 0],
    [90, 0, 0, 0],
    [65535, 65535, 65535, 21845],
  ])('%i and %i: %i s, every %i s', ([ours, theirs, holdTime, keepaliveTime]) => {
    const { holdTime: hold, keepaliveTime: keep } = session([], [], {}, [ours!, theirs!]);
    expect([hold, keep]).toEqual([holdTime, keepaliveTime]);
  });

  it('may be asked for more KEEPALIVEs, but not for fewer', () => {
    expect(session([], [], { keepaliveTime: 5 }).keepaliveTime).toBe(5);
    expect(session([], [], { keepaliveTime: 60 }).keepaliveTime).toBe(30);
  });
});

describe('families (RFC 4760 §8)', () => {
  it.for<[string, Capability[], Capability[], { afi: number; safi: number }[]]>([
    ['neither says anything', [], [], [ipv4]],
    ['only we say something', [multiprotocol(ipv4), multiprotocol(ipv6)], [], [ipv4]],
    ['only the peer does', [], [multiprotocol(ipv6), multiprotocol(ipv4)], [ipv4]],
    [
      'both do',
      [multiprotocol(ipv6), multiprotocol(vpnv4), multiprotocol(ipv4)],
      [multiprotocol(vpnv4), multiprotocol(ipv6)],
      [ipv6, vpnv4],
    ],
    ['both leave IPv4 unicast out', [multiprotocol(ipv6)], [multiprotocol(ipv6)], [ipv6]],
    ['the same twice', [multiprotocol(ipv4)], [multiprotocol(ipv4), multiprotocol(ipv4)], [ipv4]],
  ])('%s', ([, ours, theirs, families]) => {
    expect([...session(ours, theirs).options.families]).toEqual(families.map(key));
  });
});

const addPath = (sendReceive: number): Capability => ({
  type: 'addPath',
  families: [{ ...ipv4, sendReceive }],
});

describe('ADD-PATH (RFC 7911)', () => {
  // 1 receives, 2 sends, 3 does both.
  it.for([
    [1, 1, false, false],
    [1, 2, true, false],
    [1, 3, true, false],
    [2, 1, false, true],
    [2, 2, false, false],
    [2, 3, false, true],
    [3, 1, false, true],
    [3, 2, true, false],
    [3, 3, true, true],
    [3, 0, false, false],
    [3, 4, false, false],
    [7, 3, false, false],
  ] as const)('ours %i, theirs %i: receives %s, sends %s', ([ours, theirs, receives, sends]) => {
    const { options } = session([addPath(ours)], [addPath(theirs)]);
    expect(options.addPathReceive.has(key(ipv4))).toBe(receives);
    expect(options.addPathSend.has(key(ipv4))).toBe(sends);
  });

  it('is not for families that are not in the session', () => {
    const capability: Capability = { type: 'addPath', families: [{ ...ipv6, sendReceive: 3 }] };
    const { options } = session([capability], [capability]);
    expect([...options.addPathSend, ...options.addPathReceive]).toEqual([]);
  });

  it('heeds how many paths the peer wants, where we may send several', () => {
    const limits: Capability = {
      type: 'pathsLimit',
      families: [
        { ...ipv4, limit: 4 },
        { ...ipv6, limit: 2 },
      ],
    };
    expect([...session([addPath(2)], [addPath(1), limits]).pathsLimits]).toEqual([[key(ipv4), 4]]);
    expect([...session([addPath(1)], [addPath(1), limits]).pathsLimits]).toEqual([]);
  });
});

describe('AS numbers (RFC 6793)', () => {
  it('takes the one of the capability', () => {
    const theirs: Capability[] = [{ type: 'fourOctetAs', as: 4_200_000_000 }];
    expect(session([], theirs).peerAs).toBe(4_200_000_000);
    expect(session([], []).peerAs).toBe(65002);
  });

  it('uses four octets only when both announced it', () => {
    const ours: Capability = { type: 'fourOctetAs', as: 65001 };
    const theirs: Capability = { type: 'fourOctetAs', as: 65002 };
    expect(session([ours], [theirs]).options.fourOctetAs).toBe(true);
    expect(session([ours], []).options.fourOctetAs).toBe(false);
    expect(session([], [theirs]).options.fourOctetAs).toBe(false);
  });

  it('makes the session internal when it is ours', () => {
    const theirs: Capability[] = [{ type: 'fourOctetAs', as: 65001 }];
    expect(session([], theirs).options.peerType).toBe('internal');
    expect(session([], []).options.peerType).toBe('external');
  });
});

const lengths = ({ options }: NegotiatedSession): number[] => [
  options.maximumReceiveLength,
  options.maximumSendLength,
];

it('lets each side send as long messages as the other can receive (RFC 8654 §4)', () => {
  const extended: Capability[] = [{ type: 'extendedMessage' }];
  expect(lengths(session([], []))).toEqual([4096, 4096]);
  expect(lengths(session(extended, []))).toEqual([65535, 4096]);
  expect(lengths(session([], extended))).toEqual([4096, 65535]);
  expect(lengths(session(extended, extended))).toEqual([65535, 65535]);
});

it('uses an IPv6 next hop for IPv4 routes where both announced it (RFC 8950 §4)', () => {
  const tuple = (nextHopAfi: number): Capability => ({
    type: 'extendedNextHop',
    tuples: [{ ...ipv4, nextHopAfi }],
  });
  expect([...session([tuple(2)], [tuple(2)]).options.extendedNextHop]).toEqual([key(ipv4)]);
  expect([...session([tuple(2)], [tuple(1)]).options.extendedNextHop]).toEqual([]);
  expect([...session([tuple(2)], []).options.extendedNextHop]).toEqual([]);
});

it('refreshes routes when both announced it (RFC 2918, RFC 7313)', () => {
  const refresh: Capability = { type: 'routeRefresh' };
  const enhanced: Capability = { type: 'enhancedRouteRefresh' };
  const both = session([refresh, enhanced], [refresh, enhanced]);
  expect(both).toMatchObject({ routeRefresh: true, enhancedRouteRefresh: true });
  expect(both.options.enhancedRouteRefresh).toBe(true);
  expect(session([refresh, enhanced], [refresh])).toMatchObject({
    routeRefresh: true,
    enhancedRouteRefresh: false,
  });
});

describe('graceful restart (RFC 4724, RFC 8538, RFC 9494)', () => {
  const longLived: Capability = {
    type: 'longLivedGracefulRestart',
    families: [
      { ...ipv4, forwarding: true, staleTime: 3600 },
      { ...ipv6, forwarding: true, staleTime: 0 },
    ],
  };

  it('needs both', () => {
    expect(session([gracefulRestart()], []).gracefulRestart).toBeUndefined();
    expect(session([], [gracefulRestart()]).gracefulRestart).toBeUndefined();
  });

  it('is what the peer asks for', () => {
    const theirs = gracefulRestart({ restarting: true, restartTime: 77 });
    const { gracefulRestart: agreed } = session([gracefulRestart({ families: [] })], [theirs]);
    expect(agreed).toMatchObject({ peerRestarted: true, restartTime: 77, notification: false });
    expect([...agreed!.families]).toEqual([[key(ipv4), true]]);
  });

  it('takes the last capability of several', () => {
    const theirs = [gracefulRestart({ restartTime: 1 }), gracefulRestart({ restartTime: 2 })];
    expect(session([gracefulRestart()], theirs).gracefulRestart!.restartTime).toBe(2);
  });

  it.for([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ] as const)('N bit ours %s, theirs %s: %s', ([ours, theirs, agreed]) => {
    const result = session(
      [gracefulRestart({ notification: ours })],
      [gracefulRestart({ notification: theirs })],
    );
    expect(result.gracefulRestart!.notification).toBe(agreed);
  });

  it('lasts long only when both want it, and not without the short one', () => {
    const both = session([gracefulRestart(), longLived], [gracefulRestart(), longLived]);
    expect([...both.gracefulRestart!.longLivedStaleTimes]).toEqual([[key(ipv4), 3600]]);
    const onlyTheirs = session([gracefulRestart()], [gracefulRestart(), longLived]);
    expect([...onlyTheirs.gracefulRestart!.longLivedStaleTimes]).toEqual([]);
    expect(session([gracefulRestart(), longLived], [longLived]).gracefulRestart).toBeUndefined();
  });
});

it('tells the roles when both announced one (RFC 9234)', () => {
  const customer: Capability[] = [{ type: 'role', role: 3 }];
  const provider: Capability[] = [{ type: 'role', role: 0 }];
  expect(session(customer, provider).role).toEqual({ local: 3, peer: 0 });
  expect(session(customer, []).role).toBeUndefined();
});
