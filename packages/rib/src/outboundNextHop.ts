import {
  Afi,
  blockOptions,
  encodePathAttributes,
  type FamilyKey,
  familyOfKey,
  ipv4Unicast,
  type PathAttribute,
  Safi,
} from '@peerloom/wire';
import type { OutboundSession } from './outboundAttributes.ts';

/** This speaker as next hop, in the form that the family takes; `undefined` where it has no address that fits. */
export function selfNextHop(
  { options, nextHopSelf: { ipv4, ipv6 } }: OutboundSession,
  family: FamilyKey,
): (PathAttribute & { type: 'nextHop' | 'mpReachNlri' }) | undefined {
  const { afi, safi } = familyOfKey(family);
  if (!hasNextHop(family)) return mpReach(family);
  if (family === ipv4Unicast && ipv4 !== undefined) return { type: 'nextHop', nextHop: ipv4 };
  if (afi === Afi.ipv4) {
    const address = ipv4 ?? (options.extendedNextHop.has(family) ? ipv6 : undefined);
    return address === undefined ? undefined : mpReach(family, address);
  }
  if (afi !== Afi.ipv6)
    return ipv4 === undefined && ipv6 === undefined ? undefined : mpReach(family, ipv4 ?? ipv6);
  if (ipv6 !== undefined) return mpReach(family, ipv6);
  // Over MPLS, an IPv4 address serves in its mapped form (RFC 4798 §2, RFC 4659 §3.2.1.2).
  const isLabeled = safi === Safi.labeledUnicast || safi === Safi.mplsVpn;
  return isLabeled && ipv4 !== undefined ? mpReach(family, `::ffff:${ipv4}`) : undefined;
}

/** Whether routes of the family are sent to a next hop: a Flow Specification has none, and what stands there is ignored (RFC 8955 §4). */
export function hasNextHop(family: FamilyKey): boolean {
  const { safi } = familyOfKey(family);
  return safi !== Safi.flowspec && safi !== Safi.flowspecVpn;
}

export function mpReach(
  family: FamilyKey,
  address?: string,
): PathAttribute & { type: 'mpReachNlri' } {
  const { afi, safi } = familyOfKey(family);
  return {
    type: 'mpReachNlri',
    afi,
    safi,
    nextHops: address === undefined ? [] : [{ address }],
    nlri: [],
  };
}

export function mpHeadOf(attribute: PathAttribute & { type: 'mpReachNlri' }): Uint8Array {
  return encodePathAttributes([attribute], blockOptions).subarray(3);
}

/** Whether a next hop field of so many octets is IPv6 in a family that has IPv4 ones. */
export function isIpv6ForIpv4(family: FamilyKey, length: number): boolean {
  const { afi, safi } = familyOfKey(family);
  const isIp =
    safi === Safi.unicast ||
    safi === Safi.multicast ||
    safi === Safi.labeledUnicast ||
    safi === Safi.mplsVpn;
  return afi === Afi.ipv4 && isIp && length !== 4 && length !== 12;
}
