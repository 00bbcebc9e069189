import { NoticeCode } from '@peerloom/ipc';
import { familyName, type PathAttribute } from '@peerloom/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { ipv4Unicast, routeAttributes, ScriptedPeer, updateBytes } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { TestHost } from './testHost.ts';

let host: TestHost;
let peer: ScriptedPeer;

beforeEach(() => {
  host = new TestHost(new SimulatedClock());
  peer = new ScriptedPeer(host).establish();
  host.host.subscribeUpdates(1, true);
  peer.announce('10.0.0.0/8', '10.1.0.0/16');
});

const prefix = (text: string): { kind: 'prefix'; prefix: string } => ({
  kind: 'prefix',
  prefix: text,
});
const withOrigin = (value: Uint8Array): PathAttribute[] => [
  { type: 'unknown', code: 1, flags: 0x40, value },
  ...routeAttributes.slice(1),
];
const unknown = (code: number, flags: number, ...value: number[]): PathAttribute => ({
  type: 'unknown',
  code,
  flags,
  value: Uint8Array.from(value),
});

interface Expectation {
  readonly what: string;
  readonly bytes: () => Uint8Array[];
  readonly action: 'sessionReset' | 'treatAsWithdraw' | 'attributeDiscard' | 'afiSafiDisable';
  /** Prefixes that are left. */
  readonly left: readonly string[];
  /** Of the NOTIFICATION, where there is one. */
  readonly notification?: { readonly code: number; readonly subcode: number };
}

const announcing =
  (attributes: readonly PathAttribute[], ...prefixes: string[]) =>
  () =>
    updateBytes({ attributes, nlri: prefixes.map(prefix) });

/** The UPDATE with one attribute more, in front of the others. */
function withAttribute(update: Uint8Array, attribute: Uint8Array): Uint8Array {
  const longer = new Uint8Array([...update.subarray(0, 23), ...attribute, ...update.subarray(23)]);
  const view = new DataView(longer.buffer);
  view.setUint16(16, longer.length);
  view.setUint16(21, view.getUint16(21) + attribute.length);
  return longer;
}

const cases: readonly Expectation[] = [
  {
    what: 'an ORIGIN of 3 (RFC 7606 §7.1)',
    bytes: announcing(withOrigin(Uint8Array.of(3)), '10.1.0.0/16'),
    action: 'treatAsWithdraw',
    left: ['10.0.0.0/8'],
  },
  {
    what: 'routes without NEXT_HOP (RFC 7606 §3 (d))',
    bytes: announcing(routeAttributes.slice(0, 2), '10.1.0.0/16', '10.2.0.0/16'),
    action: 'treatAsWithdraw',
    left: ['10.0.0.0/8'],
  },
  {
    what: 'an ATOMIC_AGGREGATE with a value (RFC 7606 §7.6)',
    bytes: announcing([...routeAttributes, unknown(6, 0x40, 1)], '10.2.0.0/16'),
    action: 'attributeDiscard',
    left: ['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16'],
  },
  {
    what: 'an unknown well-known attribute (RFC 4271 §6.3)',
    bytes: announcing([...routeAttributes, unknown(200, 0x40, 1)], '10.2.0.0/16'),
    action: 'sessionReset',
    left: [],
    notification: { code: 3, subcode: 2 },
  },
  {
    what: 'a Withdrawn Routes Length beyond the message (RFC 4271 §6.3)',
    bytes: () => {
      const [update] = updateBytes({});
      update![20] = 200;
      return [update!];
    },
    action: 'sessionReset',
    left: [],
    notification: { code: 3, subcode: 1 },
  },
  {
    what: 'an MP_REACH_NLRI whose next hop has a wrong length (RFC 7606 §7.11)',
    bytes: () => [
      withAttribute(
        announcing(routeAttributes, '10.2.0.0/16')()[0]!,
        Uint8Array.of(0x80, 14, 15, 0, 2, 1, 5, 1, 2, 3, 4, 5, 0, 32, 0x20, 1, 0xd, 0xb8),
      ),
    ],
    action: 'afiSafiDisable',
    left: ['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16'],
  },
];

describe.for(cases)('$what', ({ bytes, action, left, notification }) => {
  it(`leads to ${action}, is counted, and the reason is kept`, () => {
    peer.send(...bytes());
    const snapshot = host.snapshot(1);
    expect(snapshot.faults[action]).toBe(1);
    expect(snapshot.lastFault).toMatch(/RFC/);
    expect(host.notices(NoticeCode.fault, 1)).toHaveLength(1);
    expect(peer.prefixes).toEqual(left);
    const sent = host.sentNotification(peer.connection);
    if (notification === undefined) {
      expect(sent).toBeUndefined();
      expect(snapshot.state).toBe('Established');
      expect(host.updates.at(-1)).toMatchObject({ postFault: true });
    } else {
      expect(sent).toMatchObject(notification);
      expect(snapshot.session).toBeUndefined();
      expect(host.sessionDown(1)?.error).toMatchObject({ direction: 'sent', ...notification });
      expect(snapshot.lastErrorSent).toMatchObject(notification);
    }
  });
});

it('says which family it no longer listens to', () => {
  peer.send(...cases.at(-1)!.bytes());
  expect(host.snapshot(1).session?.disabledFamilies).toEqual(['ipv6-unicast']);
  expect(host.notices(NoticeCode.familyDisabled)[0]?.text).toContain('ipv6-unicast');
  expect(familyName(ipv4Unicast)).toBe('ipv4-unicast');
});

it('ends a stream whose marker is wrong with Connection Not Synchronized', () => {
  const bad = updateBytes({})[0]!;
  bad[3] = 0;
  peer.send(bad, ...updateBytes({}));
  expect(host.sentNotification(peer.connection)).toMatchObject({ code: 1, subcode: 1 });
  expect(host.snapshot(1).faults.sessionReset).toBe(1);
});

it('gives a bounded number of notices, and says how many there were more', () => {
  const bad = announcing(withOrigin(Uint8Array.of(9)), '10.1.0.0/16')();
  for (let times = 0; times < 100; times++) peer.send(...bad);
  expect(host.notices(NoticeCode.fault)).toHaveLength(10);
  expect(host.snapshot(1).faults.treatAsWithdraw).toBe(100);
  host.clock.advance(1000);
  peer.send(...bad);
  expect(host.notices(NoticeCode.noticesDropped)[0]?.text).toContain('90');
});
