import { type FamilyKey, type Nlri, type PathAttribute, type UpdateOptions } from '@peerloom/wire';
import { describe, expect, test } from 'vitest';
import { AnnouncementTable } from '../src/announcementTable.ts';
import type { OutboundSession } from '../src/outboundAttributes.ts';
import { RibStore } from '../src/ribStore.ts';
import { OutboundPeer } from './outboundPeer.ts';
import { flowspecIpv4, ipv4Unicast, ipv6Unicast, labeledIpv4, vpnIpv4 } from './sessions.ts';

const families = new Set([ipv4Unicast, ipv6Unicast, labeledIpv4, vpnIpv4, flowspecIpv4]);
const vpnIpv6 = 2 * 256 + 128;

const nlriOf: ReadonlyMap<FamilyKey, Nlri> = new Map([
  [ipv4Unicast, { kind: 'prefix', prefix: '10.0.0.0/8' }],
  [ipv6Unicast, { kind: 'prefix', prefix: '2001:db8::/32' }],
  [labeledIpv4, { kind: 'labeled', labels: [100], prefix: '10.0.0.0/8' }],
  [vpnIpv4, { kind: 'vpn', routeDistinguisher: '65000:1', labels: [100], prefix: '10.0.0.0/8' }],
  [vpnIpv6, { kind: 'vpn', routeDistinguisher: '65000:1', labels: [100], prefix: '2001:db8::/32' }],
  [
    flowspecIpv4,
    { kind: 'flowspec', components: [{ type: 'destinationPrefix', prefix: '10.0.0.0/8' }] },
  ],
]);

const reach = (family: FamilyKey, ...addresses: string[]): PathAttribute => ({
  type: 'mpReachNlri',
  afi: family >>> 8,
  safi: family & 0xff,
  nextHops: addresses.map((address) => ({ address })),
  nlri: [],
});

function peerWith(
  attributes: readonly PathAttribute[],
  family: FamilyKey = ipv4Unicast,
  options: Partial<UpdateOptions> = {},
  session: Partial<OutboundSession> = {},
): OutboundPeer {
  const store = new RibStore();
  const table = new AnnouncementTable(store);
  table.announce([{ family, nlri: nlriOf.get(family)!, attributes }]);
  return new OutboundPeer(store, table).up(
    { families: new Set([...families, family]), ...options },
    session,
  );
}

const origin: PathAttribute = { type: 'origin', origin: 'igp' };
const nextHop: PathAttribute = { type: 'nextHop', nextHop: '198.51.100.1' };
const localPreference = (value: number): PathAttribute => ({ type: 'localPreference', value });
const asPath = (...asNumbers: number[]): PathAttribute => ({
  type: 'asPath',
  segments: asNumbers.length === 0 ? [] : [{ kind: 'sequence', asNumbers }],
});
const confederationPath: PathAttribute = {
  type: 'asPath',
  segments: [{ kind: 'confederationSequence', asNumbers: [64999] }],
};

describe('what is added where it is missing', () => {
  test.each<[string, Partial<UpdateOptions>, PathAttribute[]]>([
    ['external', {}, [origin, asPath(64999), nextHop]],
    ['internal', { peerType: 'internal' }, [origin, asPath(), nextHop, localPreference(100)]],
    ['confederation', { confederationPeer: true }, [origin, confederationPath, nextHop]],
  ])('to an %s peer', (_name, options, expected) => {
    expect(peerWith([], ipv4Unicast, options).attributes()).toEqual(expected);
  });
});

describe('what is given', () => {
  const given: PathAttribute[] = [
    { type: 'origin', origin: 'incomplete' },
    asPath(65001, 65002),
    { type: 'nextHop', nextHop: '192.0.2.9' },
    { type: 'multiExitDiscriminator', value: 7 },
    localPreference(300),
    { type: 'communities', communities: [1] },
    { type: 'unknown', code: 200, flags: 0xc0, value: Uint8Array.of(1, 2) },
  ];
  const withoutLocalPreference = given.filter(({ type }) => type !== 'localPreference');

  test.each<[string, Partial<UpdateOptions>, PathAttribute[]]>([
    ['external, LOCAL_PREF left out', {}, withoutLocalPreference],
    ['internal', { peerType: 'internal' }, given],
  ])('is sent as it is to a peer that is %s', (_name, options, expected) => {
    expect(peerWith(given, ipv4Unicast, options).attributes()).toEqual(expected);
  });

  test('keeps LOCAL_PREF to another member of the confederation', () => {
    const attributes = [confederationPath, localPreference(300)];
    const peer = peerWith(attributes, ipv4Unicast, { confederationPeer: true });
    expect(peer.attributes()).toEqual([origin, confederationPath, nextHop, localPreference(300)]);
  });

  test('AS numbers too large for the peer go to AS4_PATH, and come back whole', () => {
    const peer = peerWith([asPath(65001, 4_200_000_000)], ipv4Unicast, { fourOctetAs: false });
    const [message] = peer.messages();
    expect(Buffer.from(message!).includes(Buffer.of(0xfd, 0xe9, 0x5b, 0xa0))).toBe(true);
    expect(peer.decode(message!).attributes).toContainEqual(asPath(65001, 4_200_000_000));
  });

  test('a local AS too large for the peer is AS_TRANS, and comes back whole', () => {
    const peer = peerWith([], ipv4Unicast, { fourOctetAs: false }, { localAs: 4_200_000_000 });
    expect(peer.attributes()).toContainEqual(asPath(4_200_000_000));
  });
});

describe('next hops', () => {
  const both = { ipv4: '198.51.100.1', ipv6: '2001:db8::1' };
  const extended = { extendedNextHop: new Set([ipv4Unicast, vpnIpv4]) };

  test.each<
    [
      string,
      FamilyKey,
      string | undefined,
      OutboundSession['nextHopSelf'],
      Partial<UpdateOptions>,
      PathAttribute | string,
    ]
  >([
    ['IPv4, self', ipv4Unicast, undefined, both, {}, nextHop],
    ['IPv4, given', ipv4Unicast, '192.0.2.9', both, {}, { type: 'nextHop', nextHop: '192.0.2.9' }],
    [
      'IPv4 by IPv6, self',
      ipv4Unicast,
      undefined,
      { ipv6: '2001:db8::1' },
      extended,
      reach(ipv4Unicast, '2001:db8::1'),
    ],
    [
      'IPv4 by IPv6, given',
      ipv4Unicast,
      '2001:db8::9',
      both,
      extended,
      reach(ipv4Unicast, '2001:db8::9'),
    ],
    ['IPv4 by IPv6, not agreed on', ipv4Unicast, '2001:db8::9', both, {}, 'RFC 8950'],
    ['IPv4, no address', ipv4Unicast, undefined, { ipv6: '2001:db8::1' }, {}, 'without next hop'],
    ['IPv6, self', ipv6Unicast, undefined, both, {}, reach(ipv6Unicast, '2001:db8::1')],
    ['IPv6, given', ipv6Unicast, '2001:db8::9', both, {}, reach(ipv6Unicast, '2001:db8::9')],
    ['IPv6, no address', ipv6Unicast, undefined, { ipv4: '198.51.100.1' }, {}, 'without next hop'],
    ['labelled, self', labeledIpv4, undefined, both, {}, reach(labeledIpv4, '198.51.100.1')],
    ['VPNv4, self', vpnIpv4, undefined, both, {}, reach(vpnIpv4, '198.51.100.1')],
    [
      'VPNv6 over IPv4',
      vpnIpv6,
      undefined,
      { ipv4: '198.51.100.1' },
      {},
      reach(vpnIpv6, '::ffff:198.51.100.1'),
    ],
    ['Flowspec, none', flowspecIpv4, undefined, both, {}, reach(flowspecIpv4)],
  ])('%s', (_name, family, address, nextHopSelf, options, expected) => {
    const given: PathAttribute[] =
      address === undefined ? [] : [{ type: 'nextHop', nextHop: address }];
    const peer = peerWith(given, family, options, { nextHopSelf });
    if (typeof expected === 'string') {
      expect(peer.pull().filter((line) => line.startsWith('+'))).toEqual([]);
      expect(peer.out.unsendable.problem).toContain(expected);
      expect(peer.out.routes({ family, limit: 1 }).routes[0]).toMatchObject({ sent: false });
      expect(peer.out.unsendable.count).toBe(1);
      const reason = expect.stringContaining(expected) as string;
      expect(peer.out.unsendableOf(family)).toEqual({ routes: 1, reason });
    } else expect(peer.attributes()).toContainEqual(expected);
  });
});

describe('a next hop that no host can have', () => {
  test.each<[string, FamilyKey, PathAttribute]>([
    ['IPv4', ipv4Unicast, { type: 'nextHop', nextHop: '0.0.0.0' }],
    ['IPv4 by IPv6', ipv4Unicast, { type: 'nextHop', nextHop: 'ff02::1' }],
    ['IPv6', ipv6Unicast, { type: 'nextHop', nextHop: '::' }],
    ['IPv6, of two the second', ipv6Unicast, reach(ipv6Unicast, '2001:db8::1', '::')],
    ['VPNv4', vpnIpv4, reach(vpnIpv4, '224.0.0.1')],
  ])('is refused: %s', (_name, family, attribute) => {
    expect(() => peerWith([attribute], family)).toThrow(
      expect.objectContaining({
        code: 'ERR_RIB_BAD_ROUTE',
        message: expect.stringMatching(
          /^the next hop is .*; it must be .*RFC 4271 §6\.3/,
        ) as string,
      }),
    );
  });

  test('means nothing to a Flow Specification', () => {
    const attribute = reach(flowspecIpv4, '0.0.0.0');
    expect(peerWith([attribute], flowspecIpv4).attributes()).toContainEqual(attribute);
  });
});

describe('messages', () => {
  test('MP_REACH_NLRI is the first attribute (RFC 7606 §5.1)', () => {
    const codes = peerWith([], ipv6Unicast)
      .messages()
      .map((message) => message[24]);
    expect(codes).toContain(14);
  });

  test.each([4096, 65535])('are no longer than %i octets', (maximumSendLength) => {
    const store = new RibStore();
    const table = new AnnouncementTable(store);
    const routes = Array.from(
      { length: 20_000 },
      (_, index): Nlri => ({
        kind: 'prefix',
        prefix: `10.${index >>> 8}.${index & 255}.0/24`,
      }),
    );
    const attributes: PathAttribute[] = [];
    table.announce(routes.map((nlri) => ({ family: ipv4Unicast, nlri, attributes })));
    const peer = new OutboundPeer(store, table).up({ maximumSendLength });
    const messages = peer.messages();
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThanOrEqual(
      maximumSendLength,
    );
    const perMessage = Math.floor((maximumSendLength - 23 - 18) / 4);
    expect(messages.length).toBe(Math.ceil(routes.length / perMessage) + 2);
  });

  test('a route whose attributes leave it no room is not sent, and said to be so', () => {
    const communities = Array.from({ length: 1020 }, (_, index) => index);
    const peer = peerWith([{ type: 'communities', communities }]);
    expect(peer.pull()).not.toContain('+10.0.0.0/8');
    expect(peer.out.unsendable.problem).toContain('at most 4096');
    expect(peer.out.routes({ family: ipv4Unicast, limit: 1 }).routes[0]!.problem).toContain('4096');
    expect(peer.up({ maximumSendLength: 65535 }).pull()).toContain('+10.0.0.0/8');
  });

  test('more labels than the peer takes are not sent, and said to be so', () => {
    const store = new RibStore();
    const table = new AnnouncementTable(store);
    const nlri: Nlri = { kind: 'labeled', labels: [100, 200], prefix: '10.0.0.0/8' };
    table.announce([{ family: labeledIpv4, nlri, attributes: [] }]);
    const one = new OutboundPeer(store, table).up({ families: new Set([labeledIpv4]) });
    expect(one.pull()).toEqual(['End-of-RIB ipv4-labeled-unicast']);
    expect(one.out.unsendable.problem).toContain('labels');
    const many = new OutboundPeer(store, table).up({
      families: new Set([labeledIpv4]),
      multipleLabels: new Set([labeledIpv4]),
    });
    expect(many.pull()[0]).toBe('+10.0.0.0/8 label 100/200');
    table.withdraw([{ family: labeledIpv4, nlri: { ...nlri, labels: [] } }]);
    expect(many.pull()).toEqual(['-10.0.0.0/8']);
  });
});
