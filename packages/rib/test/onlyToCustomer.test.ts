import {
  BgpRole,
  decodeUpdate,
  familyKey,
  type PathAttribute,
  type UpdateOptions,
} from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import { AdjRibOut, AnnouncementTable, RibStore } from '../src/index.ts';
import { ipv4Unicast, ipv6Unicast, sessionOptions } from './sessions.ts';

const localAs = 65001;
const ipv4Multicast = familyKey(1, 2);

interface Peer {
  /** Ours towards it. */
  readonly role?: number;
  readonly family?: number;
  readonly options?: Partial<UpdateOptions>;
}

/** What a peer gets of a route that has OTC `given`, or none: its OTC, and whether it gets the route at all. */
function sent(
  given: number | undefined,
  { role, family = ipv4Unicast, options: changes = {} }: Peer,
): { readonly onlyToCustomer: number | undefined } | 'nothing' {
  const store = new RibStore();
  const table = new AnnouncementTable(store);
  const attributes: PathAttribute[] = [
    { type: 'origin', origin: 'igp' },
    ...(given === undefined ? [] : [{ type: 'onlyToCustomer', as: given } as const]),
  ];
  const prefix = family === ipv6Unicast ? '2001:db8::/32' : '10.0.0.0/8';
  table.announce([{ family, nlri: { kind: 'prefix', prefix }, attributes }]);
  const options = sessionOptions({ families: new Set([family]), ...changes });
  const out = new AdjRibOut(store, { tables: [table] });
  const nextHopSelf = { ipv4: '192.0.2.1', ipv6: '2001:db8::1' };
  out.sessionUp({ options, localAs, nextHopSelf, ...(role !== undefined && { role }) });
  const bytes = out.pull(4096)!;
  const result = decodeUpdate(bytes, 0, bytes.length, options);
  if (!result.ok) throw new Error('not an UPDATE');
  const attribute = result.message.attributes.find(({ type }) => type === 'onlyToCustomer');
  if (out.unsendable.count > 0) {
    expect(out.unsendable.problem).toContain('RFC 9234 §5');
    return 'nothing';
  }
  return { onlyToCustomer: attribute?.type === 'onlyToCustomer' ? attribute.as : undefined };
}

const marked = { onlyToCustomer: localAs };
const kept = { onlyToCustomer: 64999 };
const plain = { onlyToCustomer: undefined };

describe('a route goes to', () => {
  // The egress procedure of RFC 9234 §5, by our role: without the attribute, and with it.
  it.for([
    ['a customer', BgpRole.provider, marked, kept],
    ['an RS-client', BgpRole.routeServer, marked, kept],
    ['a peer', BgpRole.peer, marked, 'nothing'],
    ['a provider', BgpRole.customer, plain, 'nothing'],
    ['a route server', BgpRole.routeServerClient, plain, 'nothing'],
    ['one without a role', undefined, plain, kept],
  ] as const)('%s as RFC 9234 has it', ([, role, without, withIt]) => {
    const peer: Peer = role === undefined ? {} : { role };
    expect(sent(undefined, peer)).toEqual(without);
    expect(sent(64999, peer)).toEqual(withIt);
    expect(sent(64999, { ...peer, family: ipv6Unicast })).toEqual(withIt);
    expect(sent(undefined, { ...peer, family: ipv6Unicast })).toEqual(without);
    // Also where AS numbers have 2 octets on the way.
    expect(sent(undefined, { ...peer, options: { fourOctetAs: false } })).toEqual(without);
  });

  it.for([
    ['an internal peer', { peerType: 'internal' }],
    ['a member of our confederation', { confederationPeer: true }],
  ] as const)('%s untouched', ([, options]) => {
    expect(sent(undefined, { role: BgpRole.provider, options })).toEqual(plain);
    expect(sent(64999, { role: BgpRole.customer, options })).toEqual(kept);
  });
});

it('other families than unicast are left alone', () => {
  const family = ipv4Multicast;
  expect(sent(undefined, { role: BgpRole.provider, family })).toEqual(plain);
  expect(sent(64999, { role: BgpRole.customer, family })).toEqual(kept);
});

it('sessions with different roles are not served with the same octets', () => {
  const store = new RibStore();
  const table = new AnnouncementTable(store);
  table.announce([
    { family: ipv4Unicast, nlri: { kind: 'prefix', prefix: '10.0.0.0/8' }, attributes: [] },
  ]);
  const options = sessionOptions();
  const pulls = [BgpRole.provider, BgpRole.customer, BgpRole.provider].map((role) => {
    const out = new AdjRibOut(store, { tables: [table] });
    out.sessionUp({ options, localAs, nextHopSelf: { ipv4: '192.0.2.1' }, role });
    return Buffer.from(out.pull(4096)!).toString('hex');
  });
  expect(pulls[0]).toContain(`c02304${localAs.toString(16).padStart(8, '0')}`);
  expect(pulls[1]).not.toContain('c02304');
  expect(pulls[2]).toBe(pulls[0]);
});

it('a route that gets OTC is taken back from whom it may not reach', () => {
  const store = new RibStore();
  const table = new AnnouncementTable(store);
  const announce = (attributes: PathAttribute[]): void => {
    const nlri = { kind: 'prefix', prefix: '10.0.0.0/8' } as const;
    table.announce([{ family: ipv4Unicast, nlri, attributes }]);
  };
  const options = sessionOptions();
  const out = new AdjRibOut(store, { tables: [table] });
  const role = BgpRole.customer;
  out.sessionUp({ options, localAs, nextHopSelf: { ipv4: '192.0.2.1' }, role });
  announce([]);
  while (out.pull(4096) !== undefined);
  announce([{ type: 'onlyToCustomer', as: 64999 }]);
  const bytes = out.pull(4096)!;
  const result = decodeUpdate(bytes, 0, bytes.length, options);
  expect(result.ok && result.message.withdrawn).toEqual([{ kind: 'prefix', prefix: '10.0.0.0/8' }]);
});
