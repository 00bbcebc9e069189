import { describe, expect, it } from 'vitest';
import {
  BgpRole,
  type Capability,
  type OpenExpectations,
  type OpenMessage,
  openAs,
  validateOpen,
} from '../src/index.ts';
import { hex } from './bytes.ts';

const open: OpenMessage = {
  kind: 'open',
  version: 4,
  myAs: 65001,
  holdTime: 90,
  bgpIdentifier: '192.0.2.1',
  capabilities: [],
};
const expected: OpenExpectations = {
  localAs: 65000,
  localIdentifier: '192.0.2.254',
  remoteAs: 65001,
};
const fourOctetAs = (as: number): Capability => ({ type: 'fourOctetAs', as });
const role = (value: number): Capability => ({ type: 'role', role: value });

type Case = readonly [string, Partial<OpenMessage>, Partial<OpenExpectations>];

describe('an acceptable OPEN', () => {
  it.for<Case>([
    ['with the AS configured', {}, {}],
    [
      'with an AS in four octets',
      { myAs: 23456, capabilities: [fourOctetAs(4200000000)] },
      { remoteAs: 4200000000 },
    ],
    ['with any other AS for an external peer', {}, { remoteAs: 'external' }],
    ['with our AS for an internal peer', { myAs: 65000 }, { remoteAs: 'internal' }],
    ['with hold time 0', { holdTime: 0 }, {}],
    ['with hold time 3', { holdTime: 3 }, {}],
    ['with hold time 65535', { holdTime: 65535 }, {}],
    [
      'with our identifier from an external peer (RFC 6286 §2.2)',
      { bgpIdentifier: '192.0.2.254' },
      {},
    ],
    [
      'with an identifier that is no host address (RFC 6286 §2.1)',
      { bgpIdentifier: '224.0.0.1' },
      {},
    ],
    [
      'with a capability that nobody knows',
      { capabilities: [{ type: 'unknown', code: 200, value: hex('00') }] },
      {},
    ],
    [
      'with all that is required',
      { capabilities: [{ type: 'multiprotocol', afi: 2, safi: 1 }, fourOctetAs(65001)] },
      { requiredCapabilities: [{ type: 'multiprotocol', afi: 2, safi: 1 }, fourOctetAs(65000)] },
    ],
    ['with a role, though none is configured', { capabilities: [role(2)] }, {}],
    ['without a role', {}, { role: BgpRole.provider }],
    ['provider to customer', { capabilities: [role(3)] }, { role: BgpRole.provider }],
    ['customer to provider', { capabilities: [role(0)] }, { role: BgpRole.customer }],
    ['route server to client', { capabilities: [role(2)] }, { role: BgpRole.routeServer }],
    ['client to route server', { capabilities: [role(1)] }, { role: BgpRole.routeServerClient }],
    ['peer to peer', { capabilities: [role(4)] }, { role: BgpRole.peer, strictRole: true }],
    ['with the same role twice', { capabilities: [role(4), role(4)] }, { role: BgpRole.peer }],
    [
      'with a role in an internal session',
      { myAs: 65000, capabilities: [role(4)] },
      { remoteAs: 'internal', role: BgpRole.provider, strictRole: true },
    ],
  ])('%s', ([_name, message, expectations]) => {
    expect(validateOpen({ ...open, ...message }, { ...expected, ...expectations })).toBeUndefined();
  });
});

describe('an OPEN that is refused', () => {
  it.for<readonly [...Case, number, string, string]>([
    ['version 3', { version: 3 }, {}, 1, '0004', 'RFC 4271 §6.2'],
    ['version 5', { version: 5 }, {}, 1, '0004', 'RFC 4271 §6.2'],
    ['another AS', { myAs: 65002 }, {}, 2, '', 'RFC 4271 §6.2'],
    [
      'another AS in four octets',
      { capabilities: [fourOctetAs(65002)] },
      {},
      2,
      '',
      'RFC 4271 §6.2',
    ],
    [
      'our AS from an external peer',
      { myAs: 65000 },
      { remoteAs: 'external' },
      2,
      '',
      'RFC 4271 §6.2',
    ],
    ['another AS from an internal peer', {}, { remoteAs: 'internal' }, 2, '', 'RFC 4271 §6.2'],
    ['AS 0', { myAs: 0 }, { remoteAs: 'external' }, 2, '', 'RFC 7607 §2'],
    [
      'AS 0 in four octets',
      { capabilities: [fourOctetAs(0)] },
      { remoteAs: 'external' },
      2,
      '',
      'RFC 7607 §2',
    ],
    ['hold time 1', { holdTime: 1 }, {}, 6, '', 'RFC 4271 §6.2'],
    ['hold time 2', { holdTime: 2 }, {}, 6, '', 'RFC 4271 §6.2'],
    ['identifier 0.0.0.0', { bgpIdentifier: '0.0.0.0' }, {}, 3, '', 'RFC 6286 §2.2'],
    [
      'our identifier from an internal peer',
      { myAs: 65000, bgpIdentifier: '192.0.2.254' },
      { remoteAs: 'internal' },
      3,
      '',
      'RFC 6286 §2.2',
    ],
    [
      'a parameter other than capabilities',
      { otherParameters: [{ type: 1, value: hex('') }] },
      {},
      4,
      '',
      'RFC 4271 §6.2',
    ],
    [
      'a family that is required and not announced',
      { capabilities: [{ type: 'multiprotocol', afi: 1, safi: 1 }] },
      {
        requiredCapabilities: [
          { type: 'multiprotocol', afi: 2, safi: 1 },
          { type: 'multiprotocol', afi: 1, safi: 1 },
          fourOctetAs(65000),
        ],
      },
      7,
      '0104 0002 00 01 4104 0000fde8',
      'RFC 5492 §5',
    ],
    [
      'a capability that is required and came malformed',
      { capabilities: [{ type: 'unknown', code: 2, value: hex('00') }] },
      { requiredCapabilities: [{ type: 'routeRefresh' }] },
      7,
      '0200',
      'RFC 5492 §5',
    ],
    [
      'a role that is no counterpart of ours',
      { capabilities: [role(0)] },
      { role: BgpRole.provider },
      11,
      '',
      'RFC 9234 §4.2',
    ],
    [
      'a role that is not assigned',
      { capabilities: [role(5)] },
      { role: BgpRole.peer },
      11,
      '',
      'RFC 9234 §4.2',
    ],
    [
      'no role in strict mode',
      {},
      { role: BgpRole.customer, strictRole: true },
      11,
      '',
      'RFC 9234 §4.2',
    ],
    [
      'two roles, whether or not we have one',
      { capabilities: [role(3), role(4)] },
      {},
      11,
      '',
      'RFC 9234 §4.2',
    ],
  ])('%s', ([_name, message, expectations, subcode, data, section]) => {
    expect(validateOpen({ ...open, ...message }, { ...expected, ...expectations })).toMatchObject({
      action: 'sessionReset',
      code: 2,
      subcode,
      data: hex(data),
      section,
    });
  });

  it('reports the first fault in the order of RFC 4271 §6.2', () => {
    const everythingWrong: OpenMessage = {
      ...open,
      version: 3,
      myAs: 0,
      holdTime: 1,
      bgpIdentifier: '0.0.0.0',
      otherParameters: [{ type: 9, value: hex('') }],
      capabilities: [role(0), role(1)],
    };
    const repairs: readonly (readonly [number, Partial<OpenMessage>])[] = [
      [1, { version: 4 }],
      [2, { myAs: 65001 }],
      [6, { holdTime: 3 }],
      [3, { bgpIdentifier: '1.1.1.1' }],
      [4, { otherParameters: [] }],
      [7, { capabilities: [{ type: 'routeRefresh' }, role(0), role(1)] }],
      [11, { capabilities: [{ type: 'routeRefresh' }] }],
    ];
    const required: OpenExpectations = {
      ...expected,
      requiredCapabilities: [{ type: 'routeRefresh' }],
    };
    const message = { ...everythingWrong };
    for (const [subcode, repair] of repairs) {
      expect(validateOpen(message, required)?.subcode).toBe(subcode);
      Object.assign(message, repair);
    }
    expect(validateOpen(message, required)).toBeUndefined();
  });
});

describe('the words of a refusal', () => {
  it.for<readonly [Partial<OpenMessage>, Partial<OpenExpectations>, string]>([
    [{ myAs: 65002 }, {}, 'the peer is AS 65002; AS 65001 is configured for it'],
    [{}, { remoteAs: 'internal' }, 'the peer is AS 65001; AS 65000, our own, is configured for it'],
    [
      { myAs: 65000 },
      { remoteAs: 'external' },
      'the peer is AS 65000; AS any but 65000, our own, is configured for it',
    ],
    [
      {},
      {
        requiredCapabilities: [
          { type: 'multiprotocol', afi: 2, safi: 1 },
          { type: 'addPath', families: [] },
          { type: 'unknown', code: 67, value: hex('') },
        ],
      },
      'the peer does not announce what is required here: multiprotocol ipv6-unicast, ADD-PATH, capability 67',
    ],
    [
      { capabilities: [role(0)] },
      { role: BgpRole.provider },
      'the peer announces role provider; our role provider goes only with role customer',
    ],
    [
      {},
      { role: BgpRole.customer, strictRole: true },
      'the peer announces no role; role provider is required of it',
    ],
    [
      { capabilities: [role(3), role(4)] },
      {},
      'the peer announces more than one role: customer, peer',
    ],
    [
      { capabilities: Array.from({ length: 900 }, (_, n) => role(3 + (n % 2))) },
      {},
      'the peer announces more than one role: customer, peer',
    ],
  ])('%#: %j', ([message, expectations, text]) => {
    expect(validateOpen({ ...open, ...message }, { ...expected, ...expectations })?.text).toBe(
      text,
    );
  });
});

describe('the AS of an OPEN', () => {
  it('is My Autonomous System without the 4-octet AS capability', () => {
    expect(openAs(open)).toBe(65001);
  });
  it('is that of the capability where there is one, and the last of several', () => {
    const capabilities = [fourOctetAs(1), { type: 'routeRefresh' } as const, fourOctetAs(70000)];
    expect(openAs({ ...open, capabilities })).toBe(70000);
  });
});
