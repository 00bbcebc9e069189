import { Afi, type FamilyKey, familyKey, familyName, Safi } from '../addressFamily.ts';
import type { ByteWriter } from '../byteWriter.ts';
import { copyOf } from '../copyOf.ts';
import type { MpNextHop } from '../pathAttribute.ts';
import { formatAddress, parseAddress } from '../text/prefix.ts';
import { WireError } from '../wireError.ts';

/** What the next hop field of a family looks like. The length alone tells the parts apart, in every family here. */
interface NextHopFormat {
  /** Permitted lengths, the one of a plain next hop first. */
  readonly lengths: readonly number[];
  /** Permitted in addition where RFC 8950 was agreed on for the family. */
  readonly extendedLengths?: readonly number[];
  /** A route distinguisher stands before each address. */
  readonly hasRouteDistinguisher: boolean;
}

const routeDistinguisherLength = 8;

/** IPv4, or with RFC 8950 IPv6, global with or without link-local (RFC 4760 §3, RFC 8277 §2, RFC 8950 §3). */
const ipv4: NextHopFormat = {
  lengths: [4],
  extendedLengths: [16, 32],
  hasRouteDistinguisher: false,
};
/** Global, with or without link-local (RFC 2545 §3). */
const ipv6: NextHopFormat = { lengths: [16, 32], hasRouteDistinguisher: false };
/** RFC 4364 §4.3.2, RFC 8950 §3. */
const vpnIpv4: NextHopFormat = {
  lengths: [12],
  extendedLengths: [24, 48],
  hasRouteDistinguisher: true,
};
/** RFC 4659 §3.2.1. */
const vpnIpv6: NextHopFormat = { lengths: [24, 48], hasRouteDistinguisher: true };
/** An address of either family (RFC 7432 §7, RFC 4684 §4). */
const either: NextHopFormat = { lengths: [4, 16], hasRouteDistinguisher: false };
/** RFC 9552 §5.5. */
const linkState: NextHopFormat = { lengths: [4, 16, 32], hasRouteDistinguisher: false };
/** None, and a receiver ignores what stands there nonetheless (RFC 8955 §4). */
const flowspec: NextHopFormat = {
  lengths: [0, 4, 12, 16, 24, 32, 48],
  hasRouteDistinguisher: false,
};

const formatByFamily: ReadonlyMap<FamilyKey, NextHopFormat> = new Map([
  [familyKey(Afi.ipv4, Safi.unicast), ipv4],
  [familyKey(Afi.ipv4, Safi.multicast), ipv4],
  [familyKey(Afi.ipv4, Safi.labeledUnicast), ipv4],
  [familyKey(Afi.ipv4, Safi.mplsVpn), vpnIpv4],
  [familyKey(Afi.ipv4, Safi.routeTarget), either],
  [familyKey(Afi.ipv4, Safi.flowspec), flowspec],
  [familyKey(Afi.ipv4, Safi.flowspecVpn), flowspec],
  [familyKey(Afi.ipv6, Safi.unicast), ipv6],
  [familyKey(Afi.ipv6, Safi.multicast), ipv6],
  [familyKey(Afi.ipv6, Safi.labeledUnicast), ipv6],
  [familyKey(Afi.ipv6, Safi.mplsVpn), vpnIpv6],
  [familyKey(Afi.ipv6, Safi.flowspec), flowspec],
  [familyKey(Afi.ipv6, Safi.flowspecVpn), flowspec],
  [familyKey(Afi.l2vpn, Safi.evpn), either],
  [familyKey(Afi.bgpLs, Safi.bgpLs), linkState],
]);

/** Families for which RFC 8950 can be agreed on. */
export const extendedNextHopFamilies: ReadonlySet<FamilyKey> = new Set(
  [...formatByFamily]
    .filter(([, { extendedLengths }]) => extendedLengths !== undefined)
    .map(([family]) => family),
);

/**
 * Whether a next hop field of `length` octets is what the family expects (RFC 7606 §7.11); `extended`:
 * RFC 8950 was agreed on for it. Always true for a family whose next hops this codec does not know.
 */
export function acceptsNextHopLength(
  family: FamilyKey,
  length: number,
  extended: boolean,
): boolean {
  const format = formatByFamily.get(family);
  if (format === undefined || format.lengths.includes(length)) return true;
  return extended && format.extendedLengths?.includes(length) === true;
}

/** The permitted lengths in words: `4, 16 or 32`. */
export function nextHopLengthsInWords(family: FamilyKey, extended: boolean): string {
  const format = formatByFamily.get(family);
  const lengths = [...(format?.lengths ?? []), ...((extended && format?.extendedLengths) || [])];
  return lengths.length > 1
    ? `${lengths.slice(0, -1).join(', ')} or ${lengths.at(-1)}`
    : lengths.join();
}

/** The next hops in `bytes[start, end)`; `undefined` where the family or the length is not one of the above. */
export function decodeNextHops(
  bytes: Uint8Array,
  start: number,
  end: number,
  family: FamilyKey,
): MpNextHop[] | undefined {
  const format = formatByFamily.get(family);
  if (format === undefined || !acceptsNextHopLength(family, end - start, true)) return undefined;
  // 12 is 8 + 4, 24 is 8 + 16, 32 is 16 + 16, 48 is twice 8 + 16.
  const length = end - start;
  const isVpn = length === 12 || length === 24 || length === 48;
  const addressLength = length === 4 || length === 12 ? 4 : 16;
  const nextHops: MpNextHop[] = [];
  for (let at = start; at < end; at += addressLength) {
    const routeDistinguisher = isVpn ? copyOf(bytes, at, at + routeDistinguisherLength) : undefined;
    if (routeDistinguisher !== undefined) at += routeDistinguisherLength;
    const address = formatAddress(bytes.subarray(at, at + addressLength));
    const isImplied =
      routeDistinguisher === undefined ||
      (format.hasRouteDistinguisher && routeDistinguisher.every((octet) => octet === 0));
    nextHops.push(isImplied ? { address } : { address, routeDistinguisher });
  }
  return nextHops;
}

/**
 * Writes the next hop field, without its length octet. Throws a `WireError` for what is no address, and
 * for next hops that the family does not take; `extended`: RFC 8950 was agreed on for it.
 */
export function encodeNextHops(
  writer: ByteWriter,
  nextHops: readonly MpNextHop[],
  family: FamilyKey,
  extended: boolean,
): void {
  const start = writer.length;
  const hasRouteDistinguisher = formatByFamily.get(family)?.hasRouteDistinguisher === true;
  for (const { address, routeDistinguisher } of nextHops) {
    const octets = parseAddress(address);
    if (octets === undefined) throw badNextHop(`next hop '${address}' is no IPv4 or IPv6 address`);
    if (routeDistinguisher !== undefined) {
      if (routeDistinguisher.length !== routeDistinguisherLength) {
        throw badNextHop(
          `the route distinguisher of next hop ${address} has ${routeDistinguisher.length} octets; it must have 8`,
        );
      }
      writer.bytes(routeDistinguisher);
    } else if (hasRouteDistinguisher) writer.fill(0, routeDistinguisherLength);
    writer.bytes(octets);
  }
  const length = writer.length - start;
  if (acceptsNextHopLength(family, length, extended)) return;
  throw badNextHop(
    `the next hop of ${familyName(family)} would have ${length} octets; it must have ${nextHopLengthsInWords(family, extended)} on this session`,
  );
}

function badNextHop(message: string): WireError {
  return new WireError('ERR_WIRE_BAD_VALUE', message);
}
