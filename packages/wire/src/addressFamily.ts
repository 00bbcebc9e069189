/** Address Family Identifiers that this codec knows by name (IANA "Address Family Numbers"). */
export const Afi = { ipv4: 1, ipv6: 2, l2vpn: 25, bgpLs: 16388 } as const;
/** One of the values of `Afi`. Fields of messages are plain numbers, since any value may be met. */
export type Afi = (typeof Afi)[keyof typeof Afi];

/** Subsequent Address Family Identifiers that this codec knows by name (IANA "SAFI Values"). */
export const Safi = {
  unicast: 1,
  multicast: 2,
  labeledUnicast: 4,
  evpn: 70,
  bgpLs: 71,
  mplsVpn: 128,
  routeTarget: 132,
  flowspec: 133,
  flowspecVpn: 134,
} as const;
/** One of the values of `Safi`. Fields of messages are plain numbers, since any value may be met. */
export type Safi = (typeof Safi)[keyof typeof Safi];

/** An `<AFI, SAFI>` pair (RFC 4760 §3): `afi` 0–65535, `safi` 0–255. */
export interface AddressFamily {
  readonly afi: number;
  readonly safi: number;
}

/** One number for a family, `afi × 256 + safi`: what sets and maps of families are keyed by. */
export type FamilyKey = number;

/** The key of a family; `afi` 0–65535, `safi` 0–255. */
export function familyKey(afi: number, safi: number): FamilyKey {
  return afi * 256 + safi;
}

/** The family of the Withdrawn Routes and NLRI fields, which needs no multiprotocol attributes (RFC 4271 §4.3). */
export const ipv4Unicast: FamilyKey = familyKey(Afi.ipv4, Safi.unicast);

/** The family of a key: the inverse of `familyKey`. */
export function familyOfKey(key: FamilyKey): AddressFamily {
  return { afi: key >>> 8, safi: key & 0xff };
}

const nameByKey: ReadonlyMap<FamilyKey, string> = new Map([
  [familyKey(Afi.ipv4, Safi.unicast), 'ipv4-unicast'],
  [familyKey(Afi.ipv4, Safi.multicast), 'ipv4-multicast'],
  [familyKey(Afi.ipv4, Safi.labeledUnicast), 'ipv4-labeled-unicast'],
  [familyKey(Afi.ipv4, Safi.mplsVpn), 'ipv4-vpn'],
  [familyKey(Afi.ipv4, Safi.routeTarget), 'route-target'],
  [familyKey(Afi.ipv4, Safi.flowspec), 'ipv4-flowspec'],
  [familyKey(Afi.ipv4, Safi.flowspecVpn), 'ipv4-flowspec-vpn'],
  [familyKey(Afi.ipv6, Safi.unicast), 'ipv6-unicast'],
  [familyKey(Afi.ipv6, Safi.multicast), 'ipv6-multicast'],
  [familyKey(Afi.ipv6, Safi.labeledUnicast), 'ipv6-labeled-unicast'],
  [familyKey(Afi.ipv6, Safi.mplsVpn), 'ipv6-vpn'],
  [familyKey(Afi.ipv6, Safi.flowspec), 'ipv6-flowspec'],
  [familyKey(Afi.ipv6, Safi.flowspecVpn), 'ipv6-flowspec-vpn'],
  [familyKey(Afi.l2vpn, Safi.evpn), 'l2vpn-evpn'],
  [familyKey(Afi.bgpLs, Safi.bgpLs), 'bgp-ls'],
]);
const keyByName: ReadonlyMap<string, FamilyKey> = new Map(
  [...nameByKey].map(([key, name]) => [name, key]),
);

/** The families with a name of their own, in the order of their keys. */
export const namedFamilies: readonly FamilyKey[] = [...nameByKey.keys()].toSorted((a, b) => a - b);

/** A family as people write it, `ipv4-unicast`; one without a name is `afi-25-safi-65`. */
export function familyName(key: FamilyKey): string {
  const { afi, safi } = familyOfKey(key);
  return nameByKey.get(key) ?? `afi-${afi}-safi-${safi}`;
}

/** The key of a family from the text of `familyName`; `undefined` when it is neither a name nor `afi-N-safi-N` in range. */
export function parseFamilyName(name: string): FamilyKey | undefined {
  const known = keyByName.get(name);
  if (known !== undefined) return known;
  const match = /^afi-(\d{1,5})-safi-(\d{1,3})$/.exec(name);
  if (match === null) return undefined;
  const afi = Number(match[1]);
  const safi = Number(match[2]);
  return afi <= 0xffff && safi <= 0xff ? familyKey(afi, safi) : undefined;
}
