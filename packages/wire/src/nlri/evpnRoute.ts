import type { ByteWriter } from '../byteWriter.ts';
import { requireInteger } from '../integerRange.ts';
import type { EvpnNlri, EvpnUnknown } from '../nlri.ts';
import { formatEsi, formatMac } from '../text/hex.ts';
import { formatIpv4 } from '../text/ipv4.ts';
import { formatIpv6 } from '../text/ipv6.ts';
import { readU24, readU32 } from '../text/number.ts';
import { formatRouteDistinguisher } from '../text/routeDistinguisher.ts';
import type { NlriContext } from './codec.ts';
import { Flaw } from './flaw.ts';
import { copyPrefixBits, octetsOf, readPrefixText } from './prefixBits.ts';
import {
  badValue,
  requireAddress,
  requireEsi,
  requireMac,
  requirePrefix,
  requireRouteDistinguisher,
} from './requirement.ts';

type KnownRoute = Exclude<EvpnNlri, EvpnUnknown>;
type RouteName = KnownRoute['route'];

/** One route type; `[at, next)` is what follows the length octet. */
interface EvpnRouteCodec<Name extends RouteName> {
  readonly name: Name;
  /** `next`, or the negative flaw in the form of the route. */
  readonly measure: (bytes: Uint8Array, at: number, next: number) => number;
  /** 0, or the negative flaw in the sense of the route. */
  readonly check?: (bytes: Uint8Array, at: number, next: number) => number;
  readonly read: (
    bytes: Uint8Array,
    at: number,
    next: number,
  ) => Extract<KnownRoute, { route: Name }>;
  readonly write: (
    writer: ByteWriter,
    route: Extract<KnownRoute, { route: Name }>,
    context: NlriContext,
  ) => void;
  /**
   * Stores at `key[keyAt…]` the fields that tell routes apart, and returns the offset after them. What the
   * RFC calls attributes of the route (labels, some ESIs, the gateway) is left out; the route
   * distinguisher, which makes routes of several origins distinct, is in all of them.
   */
  readonly writeKey: (
    bytes: Uint8Array,
    at: number,
    next: number,
    key: Uint8Array,
    keyAt: number,
  ) => number;
}

// Offsets within a route. Each begins with the route distinguisher; types 1, 2, 4 and 5 go on with the ESI.
const esiAt = 8;
const tagAt = 18;

/** Type 1 (RFC 7432 §7.1). */
const ethernetAutoDiscovery: EvpnRouteCodec<'ethernetAutoDiscovery'> = {
  name: 'ethernetAutoDiscovery',
  measure: (_bytes, at, next) => (next - at === 25 ? next : Flaw.evpnLength),
  read: (bytes, at) => ({
    kind: 'evpn',
    route: 'ethernetAutoDiscovery',
    routeDistinguisher: formatRouteDistinguisher(bytes, at),
    esi: formatEsi(bytes, at + esiAt),
    ethernetTag: readU32(bytes, at + tagAt),
    label: readU24(bytes, at + 22),
  }),
  write: (writer, route) => {
    writer.bytes(requireRouteDistinguisher(route.routeDistinguisher));
    writer.bytes(requireEsi(route.esi));
    writeTag(writer, route.ethernetTag);
    writeLabel(writer, route.label);
  },
  writeKey: (bytes, at, _next, key, keyAt) => copy(bytes, at, at + 22, key, keyAt),
};

// Of type 2: the MAC address length, the MAC, the IP address length, the IP address.
const macLengthAt = 22;
const macAt = 23;
const hostLengthAt = 29;
const hostAt = 30;

/** Type 2 (RFC 7432 §7.2). */
const macIp: EvpnRouteCodec<'macIp'> = {
  name: 'macIp',
  measure: (bytes, at, next) => {
    if (next - at < hostAt) return Flaw.evpnLength;
    if (bytes[at + macLengthAt] !== 48) return Flaw.evpnMacLength;
    const bits = bytes[at + hostLengthAt]!;
    if (bits !== 0 && bits !== 32 && bits !== 128) return Flaw.evpnAddressLength;
    const labels = next - at - hostAt - bits / 8;
    return labels === 3 || labels === 6 ? next : Flaw.evpnLength;
  },
  read: (bytes, at, next) => {
    const octets = bytes[at + hostLengthAt]! / 8;
    const labelAt = at + hostAt + octets;
    return {
      kind: 'evpn',
      route: 'macIp',
      routeDistinguisher: formatRouteDistinguisher(bytes, at),
      esi: formatEsi(bytes, at + esiAt),
      ethernetTag: readU32(bytes, at + tagAt),
      mac: formatMac(bytes, at + macAt),
      ...(octets > 0 && { address: readAddress(bytes, at + hostAt, octets) }),
      label: readU24(bytes, labelAt),
      ...(next - labelAt > 3 && { label2: readU24(bytes, labelAt + 3) }),
    };
  },
  write: (writer, route) => {
    writer.bytes(requireRouteDistinguisher(route.routeDistinguisher));
    writer.bytes(requireEsi(route.esi));
    writeTag(writer, route.ethernetTag);
    writer.u8(48);
    writer.bytes(requireMac(route.mac));
    if (route.address === undefined) writer.u8(0);
    else writeAddress(writer, route.address);
    writeLabel(writer, route.label);
    if (route.label2 !== undefined) writeLabel(writer, route.label2);
  },
  writeKey: (bytes, at, _next, key, keyAt) => {
    const afterDistinguisher = copy(bytes, at, at + esiAt, key, keyAt);
    const hostEnd = at + hostAt + bytes[at + hostLengthAt]! / 8;
    return copy(bytes, at + tagAt, hostEnd, key, afterDistinguisher);
  },
};

/** Type 3 (RFC 7432 §7.3). */
const inclusiveMulticast: EvpnRouteCodec<'inclusiveMulticast'> = {
  name: 'inclusiveMulticast',
  measure: (bytes, at, next) => measureOriginator(bytes, at + 12, next),
  read: (bytes, at) => ({
    kind: 'evpn',
    route: 'inclusiveMulticast',
    routeDistinguisher: formatRouteDistinguisher(bytes, at),
    ethernetTag: readU32(bytes, at + 8),
    originator: readAddress(bytes, at + 13, bytes[at + 12]! / 8),
  }),
  write: (writer, route) => {
    writer.bytes(requireRouteDistinguisher(route.routeDistinguisher));
    writeTag(writer, route.ethernetTag);
    writeAddress(writer, route.originator);
  },
  writeKey: copy,
};

/** Type 4 (RFC 7432 §7.4). */
const ethernetSegment: EvpnRouteCodec<'ethernetSegment'> = {
  name: 'ethernetSegment',
  measure: (bytes, at, next) => measureOriginator(bytes, at + 18, next),
  read: (bytes, at) => ({
    kind: 'evpn',
    route: 'ethernetSegment',
    routeDistinguisher: formatRouteDistinguisher(bytes, at),
    esi: formatEsi(bytes, at + esiAt),
    originator: readAddress(bytes, at + 19, bytes[at + 18]! / 8),
  }),
  write: (writer, route) => {
    writer.bytes(requireRouteDistinguisher(route.routeDistinguisher));
    writer.bytes(requireEsi(route.esi));
    writeAddress(writer, route.originator);
  },
  writeKey: copy,
};

// Of type 5: the prefix length and the prefix; the gateway and the label follow.
const prefixLengthAt = 22;
const prefixAt = 23;

/** Type 5 (RFC 9136 §3.1): 34 octets with IPv4 addresses, 58 with IPv6 ones. */
const ipPrefix: EvpnRouteCodec<'ipPrefix'> = {
  name: 'ipPrefix',
  measure: (bytes, at, next) => {
    if (next - at !== 34 && next - at !== 58) return Flaw.evpnLength;
    const bits = prefixAddressOctets(at, next) * 8;
    return bytes[at + prefixLengthAt]! > bits ? Flaw.evpnPrefixLength : next;
  },
  check: (bytes, at, next) => {
    const octets = prefixAddressOctets(at, next);
    const gatewayAt = at + prefixAt + octets;
    const hasTwo =
      isAnySet(bytes, at + esiAt, at + tagAt) && isAnySet(bytes, gatewayAt, gatewayAt + octets);
    return hasTwo ? Flaw.evpnTwoOverlayIndexes : 0;
  },
  read: (bytes, at, next) => {
    const octets = prefixAddressOctets(at, next);
    const gatewayAt = at + prefixAt + octets;
    return {
      kind: 'evpn',
      route: 'ipPrefix',
      routeDistinguisher: formatRouteDistinguisher(bytes, at),
      esi: formatEsi(bytes, at + esiAt),
      ethernetTag: readU32(bytes, at + tagAt),
      prefix: readPrefixText(bytes, at + prefixAt, bytes[at + prefixLengthAt]!, octets * 8),
      gateway: readAddress(bytes, gatewayAt, octets),
      label: readU24(bytes, gatewayAt + octets),
    };
  },
  write: (writer, route, context) => {
    const gateway = requireAddress(route.gateway);
    const prefix = requirePrefix(route.prefix, gateway.length * 8);
    const esi = requireEsi(route.esi);
    if (
      context === 'reach' &&
      isAnySet(esi, 0, esi.length) &&
      isAnySet(gateway, 0, gateway.length)
    ) {
      throw badValue('gateway', route.gateway, 'all zeros where an ESI is given (RFC 9136 §3.2)');
    }
    writer.bytes(requireRouteDistinguisher(route.routeDistinguisher));
    writer.bytes(esi);
    writeTag(writer, route.ethernetTag);
    writer.u8(prefix.length);
    writer.bytes(prefix.bytes);
    writer.bytes(gateway);
    writeLabel(writer, route.label);
  },
  writeKey: (bytes, at, next, key, keyAt) => {
    const length = bytes[at + prefixLengthAt]!;
    const afterDistinguisher = copy(bytes, at, at + esiAt, key, keyAt);
    const from = copy(bytes, at + tagAt, at + prefixAt, key, afterDistinguisher);
    const until = from + prefixAddressOctets(at, next);
    key.fill(0, from + octetsOf(length), until);
    copyPrefixBits(bytes, at + prefixAt, length, key, from);
    return until;
  },
};

const routes = [
  undefined,
  ethernetAutoDiscovery,
  macIp,
  inclusiveMulticast,
  ethernetSegment,
  ipPrefix,
] as const;

/** The codecs of the known route types, by type number. */
export const evpnRoutes: readonly (EvpnRouteCodec<RouteName> | undefined)[] = routes as readonly (
  | EvpnRouteCodec<RouteName>
  | undefined
)[];

/** The type number of a known route, 1–5. */
export function evpnRouteType(name: RouteName): number {
  return routes.findIndex((route) => route?.name === name);
}

/** A length octet of 32 or 128 bits at `at`, and an address of that length up to `next`. */
function measureOriginator(bytes: Uint8Array, at: number, next: number): number {
  const octets = next - at - 1;
  if (octets !== 4 && octets !== 16) return Flaw.evpnLength;
  return bytes[at] === octets * 8 ? next : Flaw.evpnAddressLength;
}

/** 4 or 16: a route with two addresses more than the 26 other octets. */
function prefixAddressOctets(at: number, next: number): number {
  return (next - at - 26) / 2;
}

function isAnySet(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] !== 0) return true;
  return false;
}

function copy(bytes: Uint8Array, from: number, to: number, key: Uint8Array, keyAt: number): number {
  for (let at = from; at < to; at += 1) key[keyAt + at - from] = bytes[at]!;
  return keyAt + to - from;
}

function readAddress(bytes: Uint8Array, at: number, octets: number): string {
  return octets === 4 ? formatIpv4(readU32(bytes, at)) : formatIpv6(bytes, at);
}

/** The length in bits and the address. */
function writeAddress(writer: ByteWriter, text: string): void {
  const address = requireAddress(text);
  writer.u8(address.length * 8);
  writer.bytes(address);
}

function writeTag(writer: ByteWriter, ethernetTag: number): void {
  writer.u32(requireInteger('Ethernet Tag ID', ethernetTag, 0xffffffff));
}

function writeLabel(writer: ByteWriter, label: number): void {
  writer.u24(requireInteger('label field', label, 0xffffff));
}
