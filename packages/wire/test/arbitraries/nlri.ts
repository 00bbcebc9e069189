import * as fc from 'fast-check';
import { Afi, type FamilyKey, familyKey, familyOfKey, Safi } from '../../src/addressFamily.ts';
import { preferredLength } from '../../src/nlri/flowspecComponent.ts';
import type {
  EvpnNlri,
  FlowspecBitmaskTerm,
  FlowspecComponent,
  FlowspecNumericTerm,
  Nlri,
} from '../../src/nlri.ts';
import { formatExtendedCommunity } from '../../src/text/extendedCommunity.ts';
import { formatEsi, formatMac } from '../../src/text/hex.ts';
import { clearAfter, formatAddress, formatPrefix } from '../../src/text/prefix.ts';
import { formatRouteDistinguisher } from '../../src/text/routeDistinguisher.ts';
import { u8, u32 } from './capability.ts';

/** Every family with a codec of its own, and one (VPLS) that is carried as bytes. */
export const nlriFamilies: readonly FamilyKey[] = [
  ...[Afi.ipv4, Afi.ipv6].flatMap((afi) =>
    [
      Safi.unicast,
      Safi.multicast,
      Safi.labeledUnicast,
      Safi.mplsVpn,
      Safi.flowspec,
      Safi.flowspecVpn,
    ].map((safi) => familyKey(afi, safi)),
  ),
  familyKey(Afi.ipv4, Safi.routeTarget),
  familyKey(Afi.l2vpn, Safi.evpn),
  familyKey(Afi.bgpLs, Safi.bgpLs),
  familyKey(Afi.l2vpn, 65),
];

/** Exactly `length` octets; runs of zeros, where text notations have their corners, are common. */
export function octets(length: number): fc.Arbitrary<Uint8Array> {
  const octet = fc.oneof(fc.constant(0), u8);
  return fc
    .array(octet, { minLength: length, maxLength: length })
    .map((values) => Uint8Array.from(values));
}

/** The canonical text of an address of 4 or 16 octets. */
export function addressText(length: number): fc.Arbitrary<string> {
  return octets(length).map(formatAddress);
}

/** The canonical text of an IPv4 (32) or IPv6 (128) prefix. */
export function prefixText(addressBits: number): fc.Arbitrary<string> {
  return fc
    .tuple(octets(addressBits / 8), fc.integer({ min: 0, max: addressBits }))
    .map(([bytes, length]) => canonicalPrefix(bytes, 0, length));
}

function canonicalPrefix(address: Uint8Array, offset: number, length: number): string {
  const bytes = address.slice();
  clearAfter(bytes, length);
  for (let bit = 0; bit < offset; bit += 1) bytes[bit >>> 3]! &= ~(0x80 >>> (bit & 7));
  return formatPrefix({ afi: bytes.length === 4 ? Afi.ipv4 : Afi.ipv6, bytes, length });
}

/** The text of a route distinguisher, of known types more often than not. */
export const routeDistinguisherText: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 0, max: 3 }), octets(8))
  .map(([type, bytes]) => {
    bytes.set([0, type]);
    return formatRouteDistinguisher(bytes);
  });

const label20 = fc.integer({ min: 0, max: 0xfffff });
const label24 = fc.integer({ min: 0, max: 0xffffff });

function labels(context: 'reach' | 'unreach', maximum: number): fc.Arbitrary<number[]> {
  if (context === 'unreach') return fc.constant([]);
  return fc.array(label20, { minLength: 1, maxLength: maximum });
}

function numericTerm(largest: bigint, shortest: 1 | 4): fc.Arbitrary<FlowspecNumericTerm> {
  return fc
    .record({
      and: fc.boolean(),
      operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>=', 'true', 'false'),
      value: fc
        .oneof(fc.bigInt(0n, largest), fc.bigInt(0n, largest < 255n ? largest : 255n))
        .map((value) => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value)),
      wider: fc.boolean(),
    })
    .map(({ wider, ...term }): FlowspecNumericTerm => {
      const preferred = preferredLength(term.value, shortest);
      const canWiden = wider && preferred < 8 && largest > 0x3fn;
      return canWiden ? { ...term, length: (preferred * 2) as 2 | 4 | 8 } : term;
    });
}

function bitmaskTerm(mask: number): fc.Arbitrary<FlowspecBitmaskTerm> {
  return fc.record({
    and: fc.boolean(),
    not: fc.boolean(),
    match: fc.boolean(),
    value: fc.integer({ min: 0, max: mask }).map((value) => value & mask),
  });
}

/** A list of terms, the first of which is never joined by AND. */
function terms<T extends { readonly and: boolean }>(term: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc
    .array(term, { minLength: 1, maxLength: 4 })
    .map(([first, ...rest]) => [{ ...first!, and: false }, ...rest]);
}

function flowspecPrefix(
  type: 'destinationPrefix' | 'sourcePrefix',
  addressBits: number,
): fc.Arbitrary<FlowspecComponent> {
  const plain = fc.record({ type: fc.constant(type), prefix: prefixText(addressBits) });
  if (addressBits === 32) return plain;
  const withOffset = fc
    .tuple(octets(16), fc.integer({ min: 1, max: 127 }), fc.integer({ min: 1, max: 128 }))
    .filter(([, offset, length]) => offset < length)
    .map(([bytes, offset, length]) => ({
      type,
      prefix: canonicalPrefix(bytes, offset, length),
      offset,
    }));
  return fc.oneof(plain, withOffset);
}

function flowspecComponents(addressBits: number): fc.Arbitrary<FlowspecComponent[]> {
  const anyValue = terms(numericTerm(2n ** 64n - 1n, 1));
  const isIpv6 = addressBits === 128;
  const each: fc.Arbitrary<FlowspecComponent>[] = [
    flowspecPrefix('destinationPrefix', addressBits),
    flowspecPrefix('sourcePrefix', addressBits),
    fc.record({ type: fc.constant('protocol'), terms: anyValue }),
    fc.record({ type: fc.constant('port'), terms: anyValue }),
    fc.record({ type: fc.constant('destinationPort'), terms: anyValue }),
    fc.record({ type: fc.constant('sourcePort'), terms: anyValue }),
    fc.record({ type: fc.constant('icmpType'), terms: anyValue }),
    fc.record({ type: fc.constant('icmpCode'), terms: anyValue }),
    fc.record({ type: fc.constant('tcpFlags'), terms: terms(bitmaskTerm(0xfff)) }),
    fc.record({ type: fc.constant('packetLength'), terms: anyValue }),
    fc.record({ type: fc.constant('dscp'), terms: terms(numericTerm(0x3fn, 1)) }),
    fc.record({
      type: fc.constant('fragment'),
      terms: terms(bitmaskTerm(isIpv6 ? 0x0e : 0x0f)),
    }),
    ...(isIpv6
      ? [
          fc.record({
            type: fc.constant('flowLabel'),
            terms: terms(numericTerm(2n ** 64n - 1n, 4)),
          }),
        ]
      : []),
  ];
  // A subset of the component types, which keeps their order.
  return fc
    .subarray(
      each.map((_, index) => index),
      { minLength: 1, maxLength: 5 },
    )
    .chain((chosen) => fc.tuple(...chosen.map((index) => each[index]!)));
}

const esi = octets(10).map((bytes) => formatEsi(bytes));
const zeroEsi = formatEsi(new Uint8Array(10));
const anyAddress = fc.oneof(addressText(4), addressText(16));

function evpnIpPrefix(addressBits: number): fc.Arbitrary<EvpnNlri> {
  const gateway = addressText(addressBits / 8);
  const zeroGateway = formatAddress(new Uint8Array(addressBits / 8));
  return fc
    .record({
      routeDistinguisher: routeDistinguisherText,
      ethernetTag: u32,
      prefix: prefixText(addressBits),
      label: label24,
      // An ESI, a gateway or neither, but not both (RFC 9136 §3.2).
      overlay: fc.oneof(
        esi.map((value) => ({ esi: value, gateway: zeroGateway })),
        gateway.map((value) => ({ esi: zeroEsi, gateway: value })),
      ),
    })
    .map(({ overlay, ...route }) => ({
      kind: 'evpn',
      route: 'ipPrefix',
      ...route,
      ...overlay,
    }));
}

const evpn: fc.Arbitrary<EvpnNlri> = fc.oneof(
  fc.record({
    kind: fc.constant('evpn'),
    route: fc.constant('ethernetAutoDiscovery'),
    routeDistinguisher: routeDistinguisherText,
    esi,
    ethernetTag: u32,
    label: label24,
  }),
  fc.record(
    {
      kind: fc.constant('evpn'),
      route: fc.constant('macIp'),
      routeDistinguisher: routeDistinguisherText,
      esi,
      ethernetTag: u32,
      mac: octets(6).map((bytes) => formatMac(bytes)),
      address: anyAddress,
      label: label24,
      label2: label24,
    },
    {
      requiredKeys: ['kind', 'route', 'routeDistinguisher', 'esi', 'ethernetTag', 'mac', 'label'],
    },
  ),
  fc.record({
    kind: fc.constant('evpn'),
    route: fc.constant('inclusiveMulticast'),
    routeDistinguisher: routeDistinguisherText,
    ethernetTag: u32,
    originator: anyAddress,
  }),
  fc.record({
    kind: fc.constant('evpn'),
    route: fc.constant('ethernetSegment'),
    routeDistinguisher: routeDistinguisherText,
    esi,
    originator: anyAddress,
  }),
  evpnIpPrefix(32),
  evpnIpPrefix(128),
  fc.record({
    kind: fc.constant('evpn'),
    route: fc.constant('unknown'),
    routeType: u8.filter((type) => type === 0 || type > 5),
    bytes: fc.uint8Array({ maxLength: 255 }),
  }),
);

const routeTarget: fc.Arbitrary<Nlri> = fc
  .tuple(fc.oneof(fc.constant(0), fc.integer({ min: 32, max: 96 })), u32, octets(8))
  .map(([prefixLength, originAs, target]) => {
    clearAfter(target, prefixLength - 32);
    return {
      kind: 'routeTarget',
      prefixLength,
      originAs: prefixLength === 0 ? 0 : originAs,
      ...(prefixLength > 32 && { routeTarget: formatExtendedCommunity(target) }),
    };
  });

const bgpLs: fc.Arbitrary<Nlri> = fc
  .tuple(u8, fc.uint8Array({ maxLength: 300 }))
  .map(([type, body]) => ({
    kind: 'opaque',
    bytes: Uint8Array.of(0, type, body.length >>> 8, body.length & 0xff, ...body),
  }));

/** What differs between fields of one family. */
export interface NlriShape {
  readonly addPath: boolean;
  readonly context: 'reach' | 'unreach';
  readonly multipleLabels?: boolean;
}

/** Any NLRI of a family, in the canonical form that decoding gives back. */
export function nlriOf(family: FamilyKey, shape: NlriShape): fc.Arbitrary<Nlri> {
  const nlri = withoutPathId(family, shape);
  const hasPathId = shape.addPath && family !== familyKey(Afi.l2vpn, 65);
  return hasPathId ? fc.tuple(nlri, u32).map(([value, pathId]) => ({ ...value, pathId })) : nlri;
}

function withoutPathId(family: FamilyKey, shape: NlriShape): fc.Arbitrary<Nlri> {
  const { afi, safi } = familyOfKey(family);
  if (afi === Afi.l2vpn && safi === Safi.evpn) return evpn;
  if (afi === Afi.bgpLs) return bgpLs;
  const addressBits = afi === Afi.ipv4 ? 32 : 128;
  const maximumLabels = shape.multipleLabels ? 2 : 1;
  switch (afi > Afi.ipv6 ? 0 : safi) {
    case Safi.unicast:
    case Safi.multicast:
      return fc.record({ kind: fc.constant('prefix'), prefix: prefixText(addressBits) });
    case Safi.labeledUnicast:
      return fc.record({
        kind: fc.constant('labeled'),
        labels: labels(shape.context, maximumLabels),
        prefix: prefixText(addressBits),
      });
    case Safi.mplsVpn:
      return fc.record({
        kind: fc.constant('vpn'),
        routeDistinguisher: routeDistinguisherText,
        labels: labels(shape.context, addressBits === 32 ? maximumLabels : 1),
        prefix: prefixText(addressBits),
      });
    case Safi.flowspec:
      return fc.record({
        kind: fc.constant('flowspec'),
        components: flowspecComponents(addressBits),
      });
    case Safi.flowspecVpn:
      return fc.record({
        kind: fc.constant('flowspec'),
        routeDistinguisher: routeDistinguisherText,
        components: flowspecComponents(addressBits),
      });
    case Safi.routeTarget:
      return routeTarget;
    default:
      return fc.record({
        kind: fc.constant('opaque'),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      });
  }
}
