import { type Announcement, CommandKind, NoticeCode, type RouteEntry } from '@peerloom/ipc';
import {
  ByteWriter,
  decodePathAttributes,
  encodeNlri,
  encodePathAttributes,
  familyKey,
} from '@peerloom/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { sendWindow } from '../src/outbound.ts';
import { Network } from './network.ts';
import { plainSession, ScriptedPeer } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { peerOptions, TestHost } from './testHost.ts';

let clock: SimulatedClock;
let network: Network;
let left: TestHost;
let right: TestHost;

const both = ['ipv4-unicast', 'ipv6-unicast'];
const leftOptions = peerOptions({
  localAs: 65001,
  remoteAs: 65002,
  routerId: '192.0.2.1',
  families: both,
});
const rightOptions = peerOptions({
  localAs: 65002,
  remoteAs: 65001,
  routerId: '192.0.2.2',
  families: both,
  passive: true,
});

beforeEach(() => {
  clock = new SimulatedClock();
  network = new Network(clock);
  left = new TestHost(clock);
  right = new TestHost(clock);
  network.link(left, 1, right, 2);
  left.start(1, leftOptions);
  right.start(2, rightOptions);
  clock.advance(1000);
  expect(left.snapshot(1).state).toBe('Established');
});

function announce(...announcements: Announcement[]): void {
  expect(left.announce(1, announcements)).toMatchObject({ rejected: 0, errors: [] });
  clock.advance(50);
}
const received = (host = right, peer = 2): Record<string, Record<string, unknown>> =>
  Object.fromEntries(
    host.host
      .routes(peer, { direction: 'received' })
      .routes.map((route) => [route.prefix, attributesOf(route)]),
  );
const prefixes = (host = right, peer = 2): string[] => Object.keys(received(host, peer)).toSorted();
const attributesOf = ({ attributes }: RouteEntry): Record<string, unknown> =>
  Object.fromEntries(
    decodePathAttributes(attributes, plainSession).map(({ type, ...rest }) => [type, rest]),
  );

it('IPv4 routes with an IPv6 next hop go out, come in, and can be shown (RFC 8950)', () => {
  const capabilities = { ...leftOptions.capabilities, extendedNextHop: ['ipv4-unicast'] };
  left.host.update(1, { ...leftOptions, capabilities });
  right.host.update(2, { ...rightOptions, capabilities });
  clock.advance(120_000);
  announce({ prefix: '10.1.0.0/16', nextHop: '2001:db8::77' });
  const expected = { mpReachNlri: { nextHops: [{ address: '2001:db8::77' }] } };
  expect(received()['10.1.0.0/16']).toMatchObject(expected);
  const [advertised] = left.host.routes(1, { direction: 'advertised' }).routes;
  expect(attributesOf(advertised!)).toMatchObject(expected);
});

describe('routes that are no prefixes', () => {
  const families = ['ipv4-unicast', 'ipv4-flowspec', 'ipv4-vpn'];

  beforeEach(() => {
    left.host.update(1, { ...leftOptions, families });
    right.host.update(2, { ...rightOptions, families });
    clock.advance(120_000);
    expect(left.snapshot(1).state).toBe('Established');
  });

  it.for([
    ['ipv4-flowspec', 'dst 198.51.100.0/24 && proto =17 && dport =53'],
    ['ipv4-vpn', 'rd 65001:7 10.1.0.0/16 label 100'],
  ])('are announced and withdrawn by their text: %s', ([family, prefix]) => {
    announce({ prefix: prefix!, family: family!, communities: ['65001:1'] });
    expect(received()[prefix!]).toMatchObject({
      mpReachNlri: { nextHops: family === 'ipv4-vpn' ? [{ address: '192.0.2.1' }] : [] },
      communities: { communities: [65001 * 65536 + 1] },
    });
    left.withdraw(1, [{ prefix: prefix!, family: family! }]);
    clock.advance(50);
    expect(prefixes()).toEqual([]);
  });

  it.for([
    [{ prefix: '10.0.0.0/8', family: 'ipv4-vpn' }, 'it is no route of ipv4-vpn, as they are shown'],
    [
      { prefix: 'proto =17', family: 'ipv4-flowspec', nextHop: '192.0.2.1' },
      'a Flow Specification has no next hop (RFC 8955 §4)',
    ],
  ] as const)('are refused with what is wrong with them: %j', ([route, why]) => {
    expect(left.announce(1, [route])).toMatchObject({
      accepted: 0,
      rejected: 1,
      errors: [`${route.prefix}: ${why}`],
    });
  });
});

it('routes to a customer are for its customers only, and come back from it to nobody (RFC 9234 §5)', () => {
  const roleOf = (role: 'provider' | 'customer'): Partial<typeof leftOptions> => ({
    capabilities: { ...leftOptions.capabilities, role },
  });
  left.host.update(1, { ...leftOptions, ...roleOf('provider') });
  right.host.update(2, { ...rightOptions, ...roleOf('customer') });
  clock.advance(120_000);
  announce({ prefix: '10.1.0.0/16' });
  expect(received()['10.1.0.0/16']).toMatchObject({ onlyToCustomer: { as: 65001 } });

  const [route] = right.host.routes(2, { direction: 'received' }).routes;
  const nlri = Uint8Array.of(16, 10, 1);
  right.announce(2, [
    { family: 'ipv4-unicast', nlri, attributes: route!.attributes },
    { prefix: '10.2.0.0/16' },
  ]);
  clock.advance(50);
  expect(prefixes(left, 1)).toEqual(['10.2.0.0/16']);
  expect(right.notices(NoticeCode.routesUnsendable)[0]?.text).toContain('RFC 9234 §5');
});

describe('what one host announces', () => {
  it('arrives at the other with the attributes that were given', () => {
    announce({
      prefix: '10.1.0.0/16',
      nextHop: '192.0.2.77',
      origin: 'incomplete',
      asPath: [65010, 65011, [65012, 65013]],
      multiExitDiscriminator: 42,
      localPreference: 500,
      communities: ['65001:100', 'no-export'],
      largeCommunities: ['65001:1:2'],
      extendedCommunities: ['target:65001:7'],
      aggregator: { as: 65010, address: '192.0.2.9' },
      atomicAggregate: true,
    });
    expect(received()['10.1.0.0/16']).toEqual({
      origin: { origin: 'incomplete' },
      asPath: {
        segments: [
          { kind: 'sequence', asNumbers: [65001, 65010, 65011] },
          { kind: 'set', asNumbers: [65012, 65013] },
        ],
      },
      nextHop: { nextHop: '192.0.2.77' },
      multiExitDiscriminator: { value: 42 },
      atomicAggregate: {},
      aggregator: { as: 65010, address: '192.0.2.9' },
      communities: { communities: [(65001 << 16) + 100, 0xffffff01].map((value) => value >>> 0) },
      largeCommunities: {
        communities: [{ globalAdministrator: 65001, localData1: 1, localData2: 2 }],
      },
      extendedCommunities: { communities: [expect.anything()] },
    });
  });

  it('has what the session makes of what was not given', () => {
    announce({ prefix: '10.2.0.0/16' }, { prefix: '2001:db8::/32', nextHop: '2001:db8::1' });
    expect(received()).toMatchObject({
      '10.2.0.0/16': {
        origin: { origin: 'igp' },
        asPath: { segments: [{ kind: 'sequence', asNumbers: [65001] }] },
        nextHop: { nextHop: '192.0.2.1' },
      },
      '2001:db8::/32': { mpReachNlri: { nextHops: [{ address: '2001:db8::1' }] } },
    });
  });

  it('is sent as it stands where the AS_PATH is final', () => {
    announce({ prefix: '10.3.0.0/16', asPath: [65099], asPathIsFinal: true });
    expect(received()['10.3.0.0/16']).toMatchObject({
      asPath: { segments: [{ kind: 'sequence', asNumbers: [65099] }] },
    });
  });

  it('goes when it is withdrawn, changes when it is announced anew, and stays over a session', () => {
    announce({ prefix: '10.1.0.0/16' }, { prefix: '10.2.0.0/16' }, { prefix: '10.3.0.0/16' });
    left.withdraw(1, [{ prefix: '10.2.0.0/16' }]);
    announce({ prefix: '10.3.0.0/16', multiExitDiscriminator: 9 });
    expect(prefixes()).toEqual(['10.1.0.0/16', '10.3.0.0/16']);
    expect(received()['10.3.0.0/16']).toMatchObject({ multiExitDiscriminator: { value: 9 } });
    network.cut();
    expect(prefixes()).toEqual([]);
    left.withdraw(1, [{ prefix: '10.1.0.0/16' }]);
    clock.advance(60_000);
    expect(right.snapshot(2)).toMatchObject({ state: 'Established', flaps: 1 });
    expect(prefixes()).toEqual(['10.3.0.0/16']);
  });

  it('can come as octets, for tables too large to spell out', () => {
    const writer = new ByteWriter();
    const nlri = Array.from({ length: 300 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
    for (const prefix of nlri) {
      encodeNlri(writer, { kind: 'prefix', prefix }, familyKey(1, 1), false, 'reach');
    }
    const attributes = encodePathAttributes(
      [
        { type: 'origin', origin: 'igp' },
        { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65100] }] },
      ],
      plainSession,
    );
    const encoded = { family: 'ipv4-unicast', attributes, nlri: writer.toBytes() };
    expect(left.announce(1, [encoded]).accepted).toBe(300);
    clock.advance(50);
    expect(prefixes()).toEqual(nlri.toSorted());
    expect(received()['10.0.0.0/24']).toMatchObject({
      asPath: { segments: [{ kind: 'sequence', asNumbers: [65001, 65100] }] },
      nextHop: { nextHop: '192.0.2.1' },
    });
    expect(left.withdraw(1, [encoded]).accepted).toBe(300);
    clock.advance(50);
    expect(prefixes()).toEqual([]);
  });

  it('is refused, with the reason, where it cannot be sent; the rest is taken', () => {
    const wrong: [Announcement, RegExp][] = [
      [{ prefix: '10.0.0.0/33' }, /is no prefix/],
      [{ prefix: '10.0.0.0/8', family: 'ipv6-unicast' }, /no prefix of ipv6-unicast/],
      [{ prefix: '10.0.0.0/8', family: 'ipv9' }, /"ipv9" names no address family/],
      [{ prefix: '10.0.0.0/8', nextHop: 'there' }, /next hop "there"/],
      [{ prefix: '10.0.0.0/8', communities: ['1:2:3:4'] }, /no community/],
      [{ prefix: '10.0.0.0/8', asPath: [0] }, /AS/],
      [
        { family: 'ipv4-unicast', attributes: new Uint8Array(0), nlri: Uint8Array.of(60, 1) },
        /routes of ipv4-unicast/,
      ],
    ];
    for (const [announcement, why] of wrong) {
      const result = left.announce(1, [announcement, { prefix: '10.9.0.0/16' }]);
      expect(result).toMatchObject({ accepted: 1, rejected: 1 });
      expect(result.errors[0]).toMatch(why);
    }
  });

  it('is said to be unsendable where the session has no next hop for it', () => {
    announce({ prefix: '2001:db8::/32' });
    expect(prefixes()).toEqual([]);
    expect(left.notices(NoticeCode.routesUnsendable)[0]?.text).toMatch(
      /^1 route is not announced to the peer: .* without next hop/,
    );
  });

  it('is not shown as advertised while it cannot be sent, but counted with the reason', () => {
    const counts = (): unknown => left.snapshot(1).prefixes['ipv6-unicast'];
    const reason = expect.stringContaining('ipv6-unicast without next hop') as string;
    announce({ prefix: '2001:db8:1::/48' }, { prefix: '2001:db8:2::/48', nextHop: '2001:db8::1' });
    expect(counts()).toMatchObject({ advertised: 1, unsendable: { routes: 1, reason } });
    const { routes } = left.host.routes(1, { direction: 'advertised' });
    expect(routes.map(({ prefix }) => prefix)).toEqual(['2001:db8:2::/48']);

    // As many changes as before, and one that cannot be sent less: it was never told, and is withdrawn untold.
    announce({ prefix: '2001:db8:3::/48' });
    expect(counts()).toMatchObject({ advertised: 1, unsendable: { routes: 2 } });
    left.withdraw(1, [{ prefix: '2001:db8:3::/48' }]);
    expect(counts()).toMatchObject({ advertised: 1, unsendable: { routes: 1 } });
    announce({ prefix: '2001:db8:1::/48', nextHop: '2001:db8::1' });
    expect(counts()).toMatchObject({ advertised: 2 });
    expect(counts()).not.toHaveProperty('unsendable');
  });
});

describe('what is announced to all', () => {
  it('reaches peers of now and of later, and gives way to what one is told alone', () => {
    left.announce('all', [{ prefix: '10.1.0.0/16' }, { prefix: '10.2.0.0/16' }]);
    left.announce(1, [{ prefix: '10.2.0.0/16', multiExitDiscriminator: 5 }]);
    const other = new ScriptedPeer(left, 7).establish();
    clock.advance(50);
    expect(received()['10.2.0.0/16']).toMatchObject({ multiExitDiscriminator: { value: 5 } });
    expect(left.snapshot(7).prefixes['ipv4-unicast']).toMatchObject({ advertised: 2 });
    left.withdraw(1, [{ prefix: '10.2.0.0/16' }]);
    clock.advance(50);
    expect(prefixes()).toEqual(['10.1.0.0/16', '10.2.0.0/16']);
    expect(received()['10.2.0.0/16']).not.toHaveProperty('multiExitDiscriminator');
    left.withdraw('all', [{ prefix: '10.1.0.0/16' }]);
    clock.advance(50);
    expect(prefixes()).toEqual(['10.2.0.0/16']);
    expect(other.connection).toBeGreaterThan(0);
  });

  it('is the latest word also for those who were told something else', () => {
    left.announce(1, [{ prefix: '10.1.0.0/16', multiExitDiscriminator: 1 }]);
    left.announce('all', [{ prefix: '10.1.0.0/16', multiExitDiscriminator: 2 }]);
    clock.advance(50);
    expect(received()['10.1.0.0/16']).toMatchObject({ multiExitDiscriminator: { value: 2 } });
    left.withdraw('all', [{ prefix: '10.1.0.0/16' }]);
    clock.advance(50);
    expect(prefixes()).toEqual([]);
  });

  it('cannot be withdrawn from one, which is said', () => {
    left.announce('all', [{ prefix: '10.1.0.0/16' }]);
    const result = left.withdraw(1, [{ prefix: '10.1.0.0/16' }]);
    expect(result).toMatchObject({ accepted: 0, rejected: 1 });
    expect(result.errors[0]).toContain('announced to all');
  });

  it('is not kept a second time for a peer that is told the same alone', () => {
    left.announce('all', [{ prefix: '10.1.0.0/16' }]);
    expect(left.announce(1, [{ prefix: '10.1.0.0/16' }])).toMatchObject({ accepted: 1 });
    expect(left.host.actor(1).routes.own).toBeUndefined();
  });
});

const table = (round: number): Announcement[] =>
  Array.from({ length: 60_000 }, (_, index) => ({
    prefix: `${20 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.0/24`,
    multiExitDiscriminator: round * 1000 + (index % 997),
  }));

describe('a neighbour that reads slowly', () => {
  it('holds no more than the window at the supervisor, and gets the latest state when it reads on', () => {
    network.deaf.add(right);
    left.announce(1, table(1));
    clock.advance(5000);
    const { outputQueue } = left.snapshot(1);
    expect(outputQueue).toBeGreaterThan(sendWindow / 2);
    expect(outputQueue).toBeLessThanOrEqual(sendWindow);
    expect(left.snapshot(1).prefixes['ipv4-unicast']!.pending).toBeGreaterThan(5000);
    // Everything changes three times more, and the first half goes.
    for (const round of [2, 3, 4]) left.announce(1, table(round));
    left.withdraw(1, table(4).slice(0, 30_000));
    network.hear(right);
    clock.advance(5000);
    const counts = right.snapshot(2);
    expect(counts.prefixes['ipv4-unicast']!.received).toBe(30_000);
    expect(left.snapshot(1)).toMatchObject({ outputQueue: 0, state: 'Established' });
    const [route] = right.host.routes(2, { direction: 'received', prefix: '20.200.1.0/24' }).routes;
    const { multiExitDiscriminator } = attributesOf(route!) as {
      multiExitDiscriminator: { value: number };
    };
    expect(Math.floor(multiExitDiscriminator.value / 1000)).toBe(4);
  }, 30_000);

  it('loses the session when it takes nothing for the send hold time', () => {
    const host = new TestHost(clock);
    host.kernelTakes = false;
    const peer = new ScriptedPeer(host).establish();
    host.announce(1, table(1).slice(0, 20_000));
    // It is alive, only it does not read: nothing is ever written.
    for (let minute = 0; minute < 7; minute++) {
      clock.advance(60_000);
      peer.keepalive();
    }
    expect(host.snapshot(1)).toMatchObject({ state: 'Established' });
    clock.advance(60_000);
    peer.keepalive();
    clock.advance(30_000);
    expect(host.last('close', 1)).toMatchObject({ connection: peer.connection, reset: true });
    expect(host.sessionDown(1)?.why).toContain('send hold time');
    expect(host.snapshot(1)).toMatchObject({ session: undefined, outputQueue: 0 });
  }, 30_000);
});

describe('route refresh', () => {
  it('brings everything again when an operator clears in, without touching the session', () => {
    announce({ prefix: '10.1.0.0/16' }, { prefix: '10.2.0.0/16' });
    const before = right.snapshot(2).received;
    right.command(2, CommandKind.softIn);
    clock.advance(100);
    const after = right.snapshot(2).received;
    expect(after.update).toBe(before.update + 1);
    // A BoRR and an EoRR for each of two families.
    expect(after.routeRefresh).toBe(before.routeRefresh + 4);
    expect(prefixes()).toHaveLength(2);
    expect(right.snapshot(2)).toMatchObject({ flaps: 0 });
  });

  it('sends everything again when an operator clears out', () => {
    announce({ prefix: '10.1.0.0/16' });
    const before = right.snapshot(2).received.update;
    left.command(1, CommandKind.softOut);
    clock.advance(100);
    expect(right.snapshot(2).received.update).toBe(before + 1);
  });

  it('drops between BoRR and EoRR what is not told again', () => {
    const host = new TestHost(clock);
    const peer = new ScriptedPeer(host).establish();
    peer.announce('10.1.0.0/16', '10.2.0.0/16');
    peer.routeRefresh(1);
    expect(host.snapshot(1).prefixes['ipv4-unicast']).toMatchObject({ received: 2, stale: 2 });
    peer.announce('10.2.0.0/16');
    peer.routeRefresh(2);
    expect(peer.prefixes).toEqual(['10.2.0.0/16']);
  });

  it('that makes no sense is ignored, and said to be', () => {
    const host = new TestHost(clock);
    const peer = new ScriptedPeer(host).establish();
    peer.routeRefresh(2);
    peer.routeRefresh(0, 25, 70);
    peer.routeRefresh(9);
    const texts = host.notices(NoticeCode.routeRefreshIgnored).map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts[0]).toContain('without BoRR');
    expect(texts[1]).toContain('l2vpn-evpn');
    expect(texts[2]).toContain('subtype 9');
    expect(host.snapshot(1).state).toBe('Established');
  });
});

const query = (more: object): string[] =>
  right.host
    .routes(2, { direction: 'received', ...more })
    .routes.map(({ prefix }) => prefix)
    .toSorted();

describe('a routes query', () => {
  beforeEach(() => {
    const nlri = Array.from({ length: 25 }, (_, index) => ({ prefix: `10.0.${index}.0/24` }));
    announce(
      ...nlri,
      { prefix: '10.0.0.0/8' },
      { prefix: '2001:db8::/32', nextHop: '2001:db8::1' },
    );
  });
  it('pages through all families, each route once', () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = right.host.routes(2, {
        direction: 'received',
        limit: 10,
        ...(cursor !== undefined && { cursor }),
      });
      expect(page.routes.length).toBeLessThanOrEqual(10);
      seen.push(...page.routes.map(({ prefix }) => prefix));
      ({ cursor } = page);
      pages++;
    } while (cursor !== undefined);
    expect(pages).toBeGreaterThanOrEqual(3);
    expect(new Set(seen).size).toBe(27);
    expect(seen).toHaveLength(27);
  });

  it('finds a prefix, what is within it, and the best match of an address', () => {
    expect(query({ prefix: '10.0.7.0/24' })).toEqual(['10.0.7.0/24']);
    expect(query({ prefix: '10.0.0.0/21', longer: true })).toHaveLength(8);
    expect(query({ prefix: '10.0.7.9' })).toEqual(['10.0.7.0/24']);
    expect(query({ prefix: '10.200.7.9' })).toEqual(['10.0.0.0/8']);
    expect(query({ prefix: '2001:db8::5' })).toEqual(['2001:db8::/32']);
    expect(query({ family: 'ipv6-unicast' })).toEqual(['2001:db8::/32']);
    expect(query({ prefix: '192.0.2.1' })).toEqual([]);
  });

  it('shows what is advertised as it is sent', () => {
    const { routes } = left.host.routes(1, { direction: 'advertised', prefix: '10.0.0.0/8' });
    expect(routes.map(({ prefix }) => prefix)).toEqual(['10.0.0.0/8']);
    expect(attributesOf(routes[0]!)).toMatchObject({
      asPath: { segments: [{ kind: 'sequence', asNumbers: [65001] }] },
    });
  });

  it('that makes no sense is refused', () => {
    for (const wrong of [{ limit: 0 }, { prefix: 'x' }, { family: 'y' }, { cursor: 'z' }]) {
      expect(() => query(wrong)).toThrowError(
        expect.objectContaining({ code: 'ERR_PEERLOOM_QUERY' }),
      );
    }
  });
});
