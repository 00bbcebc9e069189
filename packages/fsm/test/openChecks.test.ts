import type { OpenMessage } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import type { FsmOptions } from '../src/index.ts';
import { TestPeer } from './testPeer.ts';

const role = (value: number): Partial<OpenMessage> => ({
  capabilities: [{ type: 'role', role: value }],
});
const ipv6: Partial<OpenMessage> = { capabilities: [{ type: 'multiprotocol', afi: 2, safi: 1 }] };
const [ipv6Capability] = ipv6.capabilities!;

/** The NOTIFICATION that an OPEN leads to, as `code/subcode data`; `accepted` when there is none. */
function answer(options: Partial<FsmOptions>, open: Partial<OpenMessage>): string {
  const peer = new TestPeer(options);
  peer.start();
  peer.dialConnected(1);
  peer.open(1, open);
  const [send] = peer.told('send');
  if (send?.message.kind !== 'notification') {
    expect(peer.state).toBe('OpenConfirm');
    return 'accepted';
  }
  expect(peer.state).toBe('Idle');
  expect(peer.closedConnections).toEqual([1]);
  const { code, subcode, data } = send.message;
  return `${code}/${subcode} ${Buffer.from(data).toString('hex')}`.trim();
}

describe('an OPEN', () => {
  it.for<[string, Partial<FsmOptions>, Partial<OpenMessage>, string]>([
    ['as it should be', {}, {}, 'accepted'],
    ['of version 3', {}, { version: 3 }, '2/1 0004'],
    ['of version 5', {}, { version: 5 }, '2/1 0004'],
    ['from another AS', {}, { myAs: 65009 }, '2/2'],
    ['from AS 0', { remoteAs: 'any' }, { myAs: 0 }, '2/2'],
    ['from our AS, wanted', { remoteAs: 'internal' }, { myAs: 65001 }, 'accepted'],
    ['from our AS, not wanted', { remoteAs: 'external' }, { myAs: 65001 }, '2/2'],
    ['from any AS, wanted', { remoteAs: 'external' }, { myAs: 64999 }, 'accepted'],
    ['from anyone, our AS', { remoteAs: 'any' }, { myAs: 65001 }, 'accepted'],
    ['from anyone, another AS', { remoteAs: 'any' }, { myAs: 64999 }, 'accepted'],
    [
      'from a 4-octet AS',
      { remoteAs: 4_200_000_000 },
      { myAs: 23456, capabilities: [{ type: 'fourOctetAs', as: 4_200_000_000 }] },
      'accepted',
    ],
    ['with a hold time of 0', {}, { holdTime: 0 }, 'accepted'],
    ['with a hold time of 1', {}, { holdTime: 1 }, '2/6'],
    ['with a hold time of 2', {}, { holdTime: 2 }, '2/6'],
    ['with a hold time of 3', {}, { holdTime: 3 }, 'accepted'],
    ['with identifier 0.0.0.0', {}, { bgpIdentifier: '0.0.0.0' }, '2/3'],
    ['with our identifier, external', {}, { bgpIdentifier: '192.0.2.1' }, 'accepted'],
    [
      'with our identifier, internal',
      { remoteAs: 'internal' },
      { myAs: 65001, bgpIdentifier: '192.0.2.1' },
      '2/3',
    ],
    [
      'with an unknown optional parameter',
      {},
      { otherParameters: [{ type: 9, value: new Uint8Array(0) }] },
      '2/4',
    ],
    ['with the role that fits', { role: 3 }, role(0), 'accepted'],
    ['with a role that does not', { role: 3 }, role(3), '2/11'],
    ['without a role', { role: 3 }, {}, 'accepted'],
    ['without a role, in strict mode', { role: 3, roleStrict: true }, {}, '2/11'],
    ['with a role, when we have none', {}, role(2), 'accepted'],
    ['with no family in common', { capabilities: [ipv6Capability!] }, {}, '2/7 010400020001'],
    ['with no family in common, where ours goes without saying', {}, ipv6, '2/7 010400010001'],
    ['with a family in common', { capabilities: [ipv6Capability!] }, ipv6, 'accepted'],
    [
      'without a capability that we require',
      { requiredCapabilities: [{ type: 'routeRefresh' }] },
      {},
      '2/7 0200',
    ],
  ])('%s', ([, options, open, expected]) => {
    expect(answer(options, open)).toBe(expected);
  });
});

const ours = (options: Partial<FsmOptions>): OpenMessage => {
  const peer = new TestPeer(options);
  peer.start();
  peer.dialConnected(1);
  const [send] = peer.told('send');
  return send!.message as OpenMessage;
};

describe('our own OPEN', () => {
  it('says what the options say', () => {
    expect(ours({ holdTime: 30, capabilities: [{ type: 'routeRefresh' }] })).toEqual({
      kind: 'open',
      version: 4,
      myAs: 65001,
      holdTime: 30,
      bgpIdentifier: '192.0.2.1',
      capabilities: [{ type: 'routeRefresh' }],
    });
  });

  it('has AS_TRANS for an AS number of four octets (RFC 6793 §4.2.1)', () => {
    expect(ours({ localAs: 65535 }).myAs).toBe(65535);
    expect(ours({ localAs: 65536 }).myAs).toBe(23456);
  });

  it('announces our role to external peers only (RFC 9234 §4)', () => {
    expect(ours({ role: 3 }).capabilities).toEqual([{ type: 'role', role: 3 }]);
    expect(ours({ role: 3, remoteAs: 'internal' }).capabilities).toEqual([]);
    expect(ours({ role: 3, remoteAs: 65001 }).capabilities).toEqual([]);
  });
});

const inState = (state: 'OpenSent' | 'OpenConfirm' | 'Established'): TestPeer => {
  const peer = new TestPeer();
  peer.start();
  peer.dialConnected(1);
  if (state !== 'OpenSent') peer.open(1);
  if (state === 'Established') peer.message(1, 'keepalive');
  expect(peer.state).toBe(state);
  return peer;
};

const unexpected = (peer: TestPeer): string => {
  const [send] = peer.told('send');
  if (send?.message.kind !== 'notification') return 'none';
  const { code, subcode, data } = send.message;
  return `${code}/${subcode} type ${data[0]}`;
};

describe('a message in the wrong state (RFC 6608)', () => {
  it.for([
    ['OpenSent', 'keepalive', '5/1 type 4'],
    ['OpenSent', 'update', '5/1 type 2'],
    ['OpenSent', 'routeRefresh', '5/1 type 5'],
    ['OpenConfirm', 'update', '5/2 type 2'],
    ['OpenConfirm', 'routeRefresh', '5/2 type 5'],
  ] as const)('%s, %s: %s', ([state, kind, expected]) => {
    const peer = inState(state);
    peer.message(1, kind);
    expect(unexpected(peer)).toBe(expected);
  });

  it.for([
    ['OpenConfirm', '5/2 type 1'],
    ['Established', '5/3 type 1'],
  ] as const)('%s, a second OPEN: %s', ([state, expected]) => {
    const peer = inState(state);
    peer.open(1);
    expect(unexpected(peer)).toBe(expected);
  });

  it('a malformed ROUTE-REFRESH in Established has an error of its own (RFC 7313 §5)', () => {
    const peer = inState('Established');
    peer.decodeError(1, 7, 1);
    expect(peer.sent).toEqual(['7/1@1']);
  });

  it('a malformed UPDATE before Established is first of all unexpected', () => {
    const peer = inState('OpenConfirm');
    peer.decodeError(1, 3, 1);
    expect(unexpected(peer)).toBe('5/2 type 2');
  });
});

describe('a fault before our OPEN', () => {
  it.for([true, false])('is told if SendNOTIFICATIONwithoutOPEN: %s', (may) => {
    const peer = new TestPeer({ delayOpenTime: 5, sendNotificationWithoutOpen: may });
    peer.start();
    peer.dialConnected(1);
    peer.decodeError(1, 1, 1);
    expect(peer.sent).toEqual(may ? ['1/1@1'] : []);
    expect(peer.state).toBe('Idle');
  });
});
