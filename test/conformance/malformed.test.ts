import { createEngine, type Engine, type PeerSettings } from '@peerloom/supervisor';
import { type Capability, encodeKeepalive, encodeOpen, MessageType } from '@peerloom/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOf, type ScriptedOpen, ScriptedPeer } from './scriptedPeer.ts';

/**
 * What malformed messages get, seen from the neighbour's end of a real TCP connection: the NOTIFICATION
 * of RFC 4271 §6 to the octet, or the milder action of RFC 7606 and a session that stays up. The codec's
 * own tests hold every rule; these hold that the rule reaches the wire, the peer alone, and `show`.
 */

const network = `127.${192 + (process.pid % 32)}.${process.pid % 200}`;
const ourAddress = `${network}.1`;
const bystanderAddress = `${network}.250`;
const theirAs = 65_002;

let engine: Engine;
let port: number;
let bystander: ScriptedPeer;
let used = 1;

beforeAll(async () => {
  engine = await createEngine({
    routerId: '192.0.2.1',
    localAs: 65_001,
    workers: 0,
    listen: [{ address: ourAddress, port: 0 }],
    neighbors: [{ address: bystanderAddress, remoteAs: theirAs, passive: true }],
  });
  port = engine.addresses[0]!.port;
  bystander = await ScriptedPeer.connect(ourAddress, port, bystanderAddress);
  await bystander.establish({ as: theirAs, bgpIdentifier: '192.0.2.250' });
});

afterAll(async () => {
  bystander.close();
  await engine.close();
});

/** A neighbour of its own for each test: none is held back by what another one did. */
async function neighbor(settings: PeerSettings = {}): Promise<{
  readonly peer: ScriptedPeer;
  readonly address: string;
}> {
  used += 1;
  const address = `${network}.${used}`;
  await engine.addPeer({
    address,
    remoteAs: theirAs,
    passive: true,
    families: ['ipv4-unicast', 'ipv6-unicast'],
    ...settings,
  });
  return { peer: await ScriptedPeer.connect(ourAddress, port, address), address };
}

const goodOpen: ScriptedOpen = { as: theirAs, bgpIdentifier: '192.0.2.2' };
const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const marker = 'ff'.repeat(16);
const u16 = (value: number): string => value.toString(16).padStart(4, '0');

/** A message of `type` around `body`, all in hex. */
function message(type: number, body: string): Uint8Array {
  const octets = hex(body).length;
  return hex(`${marker}${u16(19 + octets)}${type.toString(16).padStart(2, '0')}${body}`);
}

/** A field after its length of two octets. */
const field = (text: string): string => `${u16(hex(text).length)}${text}`;

/** An UPDATE of three fields, all in hex. */
function update(withdrawn: string, attributes: string, nlri: string): Uint8Array {
  return message(
    MessageType.update,
    `${field(withdrawn)}${field(attributes)}${nlri.replaceAll(' ', '')}`,
  );
}

function open(change: Partial<ReturnType<typeof openOf>>): Uint8Array {
  return encodeOpen({ ...openOf(goodOpen), ...change });
}

const origin = '40010100';
const asPath = '400206 0201 0000fdea'.replaceAll(' ', '');
const nextHop = '400304c0000202';
const good = `${origin}${asPath}${nextHop}`;
const prefix = '18c63364';
/** 2001:db8:1::/48 by 2001:db8::. */
const mpReach = `800e1c00020110${'20010db8'.padEnd(32, '0')}003020010db80001`;
const fourOctet: Capability = { type: 'fourOctetAs', as: theirAs };

interface Reset {
  readonly name: string;
  /** Where the conversation stands when the fault comes. */
  readonly when: 'before OPEN' | 'after OPEN' | 'Established';
  readonly bytes: Uint8Array;
  readonly code: number;
  readonly subcode: number;
  /** Hex. */
  readonly data: string;
  readonly settings?: PeerSettings;
}

const resets: readonly Reset[] = [
  {
    name: 'a marker that is not all ones (RFC 4271 §6.1)',
    when: 'Established',
    bytes: hex(`${'ff'.repeat(15)}fe001304`),
    code: 1,
    subcode: 1,
    data: '',
  },
  {
    name: 'a length below 19',
    when: 'Established',
    bytes: hex(`${marker}001204`),
    code: 1,
    subcode: 2,
    data: '0012',
  },
  {
    name: 'a length above 65,535 octets cannot be said; above what its type allows',
    when: 'Established',
    bytes: hex(`${marker}001404 00`),
    code: 1,
    subcode: 2,
    data: '0014',
  },
  {
    name: 'a length above 4,096 without Extended Message',
    when: 'before OPEN',
    bytes: hex(`${marker}100101`),
    code: 1,
    subcode: 2,
    data: '1001',
  },
  {
    name: 'an unknown type',
    when: 'Established',
    bytes: hex(`${marker}001309`),
    code: 1,
    subcode: 3,
    data: '09',
  },
  {
    name: 'version 3 (RFC 4271 §6.2)',
    when: 'before OPEN',
    bytes: message(1, '03 fdea 005a c0000202 00'),
    code: 2,
    subcode: 1,
    data: '0004',
  },
  {
    name: 'another AS than the configured one',
    when: 'before OPEN',
    bytes: open({ myAs: 65_003, capabilities: [] }),
    code: 2,
    subcode: 2,
    data: '',
  },
  {
    name: 'AS 0 in the capability (RFC 7607 §2)',
    when: 'before OPEN',
    bytes: open({ capabilities: [{ type: 'fourOctetAs', as: 0 }] }),
    code: 2,
    subcode: 2,
    data: '',
  },
  {
    name: 'BGP Identifier 0.0.0.0 (RFC 6286 §2.2)',
    when: 'before OPEN',
    bytes: open({ bgpIdentifier: '0.0.0.0' }),
    code: 2,
    subcode: 3,
    data: '',
  },
  {
    name: 'a hold time of one second',
    when: 'before OPEN',
    bytes: open({ holdTime: 1 }),
    code: 2,
    subcode: 6,
    data: '',
  },
  {
    name: 'an unknown optional parameter',
    when: 'before OPEN',
    bytes: open({ otherParameters: [{ type: 9, value: hex('00') }] }),
    code: 2,
    subcode: 4,
    data: '',
  },
  {
    name: 'a role that does not fit ours (RFC 9234 §4.2)',
    when: 'before OPEN',
    bytes: open({ capabilities: [fourOctet, { type: 'role', role: 0 }] }),
    code: 2,
    subcode: 11,
    data: '',
    settings: { capabilities: { role: 'provider' } },
  },
  {
    name: 'a KEEPALIVE before the OPEN (RFC 6608 §3)',
    when: 'before OPEN',
    bytes: encodeKeepalive(),
    code: 5,
    subcode: 1,
    data: '04',
  },
  {
    name: 'an UPDATE before the KEEPALIVE',
    when: 'after OPEN',
    bytes: update('', '', ''),
    code: 5,
    subcode: 2,
    data: '02',
  },
  { name: 'a second OPEN', when: 'Established', bytes: open({}), code: 5, subcode: 3, data: '01' },
  {
    name: 'withdrawn routes longer than the UPDATE (RFC 4271 §6.3)',
    when: 'Established',
    bytes: message(2, '00ff 0000'),
    code: 3,
    subcode: 1,
    data: '',
  },
  {
    name: 'attributes longer than the UPDATE',
    when: 'Established',
    bytes: message(2, '0000 00ff'),
    code: 3,
    subcode: 1,
    data: '',
  },
  {
    name: 'a prefix length of 33 (RFC 7606 §5.3)',
    when: 'Established',
    bytes: update('', good, '21c633640000'),
    code: 3,
    subcode: 10,
    data: '',
  },
  {
    name: 'MP_REACH_NLRI twice (RFC 7606 §3 g)',
    when: 'Established',
    bytes: update('', `${mpReach}${mpReach}${origin}${asPath}`, ''),
    code: 3,
    subcode: 1,
    data: '',
  },
  {
    name: 'a BoRR of a wrong length (RFC 7313 §5)',
    when: 'Established',
    bytes: message(5, '00010101 00'),
    code: 7,
    subcode: 1,
    data: `${marker}001805 00010101 00`,
  },
];

describe('ends the session with the NOTIFICATION that the RFC asks for', () => {
  it.each(resets)('$name', async ({ when, bytes, code, subcode, data, settings }) => {
    const { peer, address } = await neighbor(settings);
    using _ = peer;
    if (when === 'Established') {
      await peer.establish({
        ...goodOpen,
        capabilities: [
          { type: 'multiprotocol', afi: 1, safi: 1 },
          { type: 'multiprotocol', afi: 2, safi: 1 },
          { type: 'routeRefresh' },
          { type: 'enhancedRouteRefresh' },
          fourOctet,
        ],
      });
    } else {
      await peer.next(MessageType.open);
      if (when === 'after OPEN') {
        peer.send(open({}));
        await peer.next(MessageType.keepalive);
      }
    }
    peer.send(bytes);
    const { data: received, ...notification } = await peer.notification();
    expect(notification).toMatchObject({ code, subcode });
    expect(Buffer.from(received).toString('hex')).toBe(data.replaceAll(' ', ''));
    await peer.closed();

    const shown = await engine.peer(address)!.snapshot();
    expect(shown.lastErrorSent).toMatchObject({ code, subcode });
    expect(shown.lastErrorSent!.text).not.toBe('');
    expect(bystander.isClosed).toBe(false);
  });
});

interface Milder {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly action: 'treatAsWithdraw' | 'attributeDiscard' | 'afiSafiDisable';
  /** Routes held after it; one was held before. */
  readonly held: number;
}

const replacing = (name: string, attributes: string): Milder => ({
  name,
  bytes: update('', attributes, prefix),
  action: 'treatAsWithdraw',
  held: 0,
});
const discarding = (name: string, extra: string): Milder => ({
  name,
  bytes: update('', `${good}${extra}`, '18c63365'),
  action: 'attributeDiscard',
  held: 2,
});

const milder: readonly Milder[] = [
  replacing('ORIGIN 7 (RFC 7606 §7.1)', `40010107${asPath}${nextHop}`),
  replacing('ORIGIN of two octets', `4001020000${asPath}${nextHop}`),
  replacing(
    'an AS_PATH segment that overruns (§7.2)',
    `${origin}400206 0202 0000fdea${nextHop}`.replaceAll(' ', ''),
  ),
  replacing('NEXT_HOP of three octets (§7.3)', `${origin}${asPath}400303c00002`),
  replacing('MULTI_EXIT_DISC of two octets (§7.4)', `${good}8004020001`),
  replacing('no NEXT_HOP (§3 d)', `${origin}${asPath}`),
  replacing('ORIGIN with the flags of an optional attribute (§3 c)', `80010100${asPath}${nextHop}`),
  replacing('COMMUNITIES of five octets (§7.8)', `${good}c00805fdea000101`),
  discarding('LOCAL_PREF from an external peer (§7.5)', '40050400000064'),
  discarding('ATOMIC_AGGREGATE with a value (§7.6)', '40060100'),
  discarding('AGGREGATOR of seven octets (§7.7)', 'c007070000fdeac00002'),
  {
    name: 'MP_UNREACH_NLRI with a prefix length of 129 (§5.3)',
    bytes: update('', '800f050002018101', ''),
    action: 'afiSafiDisable',
    held: 1,
  },
];

describe('does the milder thing that RFC 7606 asks for, and keeps the session', () => {
  it.each(milder)('$name', async ({ bytes, action, held }) => {
    const { peer, address } = await neighbor();
    using _ = peer;
    await peer.establish(goodOpen);
    peer.send(update('', good, prefix));
    peer.send(bytes);
    // What comes after it shows that the session goes on, and that it has been processed.
    peer.send(message(MessageType.routeRefresh, '00010001'));
    const face = engine.peer(address)!;
    await expect
      .poll(async () => (await face.snapshot()).received.routeRefresh, { timeout: 5000 })
      .toBe(1);

    const shown = await face.snapshot();
    expect(shown.state).toBe('Established');
    expect(shown.faults[action]).toBe(1);
    expect(shown.lastFault).toContain('RFC');
    expect(shown.prefixes['ipv4-unicast']?.received).toBe(held);
    if (action === 'afiSafiDisable')
      expect(shown.session?.disabledFamilies).toEqual(['ipv6-unicast']);
    expect(peer.isClosed).toBe(false);
    expect(bystander.isClosed).toBe(false);
  });
});
