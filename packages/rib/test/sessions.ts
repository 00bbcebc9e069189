import {
  baseSessionOptions,
  encodeEndOfRib,
  encodeUpdate,
  type FamilyKey,
  familyKey,
  familyOfKey,
  type Nlri,
  type PathAttribute,
  type UpdateOptions,
} from '@peerloom/wire';

export const ipv4Unicast: FamilyKey = familyKey(1, 1);
export const ipv6Unicast: FamilyKey = familyKey(2, 1);
export const vpnIpv4: FamilyKey = familyKey(1, 128);
export const labeledIpv4: FamilyKey = familyKey(1, 4);
export const evpn: FamilyKey = familyKey(25, 70);
export const flowspecIpv4: FamilyKey = familyKey(1, 133);

/** What a session with a current speaker agrees on; `changes` go on top. */
export function sessionOptions(changes: Partial<UpdateOptions> = {}): UpdateOptions {
  const families = new Set([ipv4Unicast, ipv6Unicast]);
  return { ...baseSessionOptions, fourOctetAs: true, families, ...changes };
}

/** Attributes that differ in `seed` alone. */
export function attributesOf(seed: number): PathAttribute[] {
  return [
    { type: 'origin', origin: 'igp' },
    { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65001, 100 + seed] }] },
    { type: 'communities', communities: [65001 * 65536 + seed] },
  ];
}

/** The UPDATEs that announce `nlri` of `family`. `options` are the receiver's. */
export function announcement(
  family: FamilyKey,
  nlri: readonly Nlri[],
  attributes: readonly PathAttribute[],
  options: UpdateOptions,
): Uint8Array[] {
  const sender = { ...options, addPathSend: options.addPathReceive };
  if (family === ipv4Unicast) {
    const all: PathAttribute[] = [...attributes, { type: 'nextHop', nextHop: '192.0.2.1' }];
    return encodeUpdate({ kind: 'update', withdrawn: [], attributes: all, nlri }, sender);
  }
  const { afi, safi } = familyOfKey(family);
  const address = afi === 2 ? '2001:db8::1' : '192.0.2.1';
  const nextHops = safi === 133 ? [] : [{ address }];
  const reach: PathAttribute = { type: 'mpReachNlri', afi, safi, nextHops, nlri };
  const all = [reach, ...attributes];
  return encodeUpdate({ kind: 'update', withdrawn: [], attributes: all, nlri: [] }, sender);
}

/** The UPDATEs that withdraw `nlri` of `family`. */
export function withdrawal(
  family: FamilyKey,
  nlri: readonly Nlri[],
  options: UpdateOptions,
): Uint8Array[] {
  const sender = { ...options, addPathSend: options.addPathReceive };
  if (family === ipv4Unicast) {
    return encodeUpdate({ kind: 'update', withdrawn: nlri, attributes: [], nlri: [] }, sender);
  }
  const { afi, safi } = familyOfKey(family);
  const unreach: PathAttribute = { type: 'mpUnreachNlri', afi, safi, withdrawn: nlri };
  return encodeUpdate({ kind: 'update', withdrawn: [], attributes: [unreach], nlri: [] }, sender);
}

export function endOfRib(family: FamilyKey): Uint8Array[] {
  return [encodeEndOfRib(family)];
}

export function prefixes(...texts: string[]): Nlri[] {
  return texts.map((prefix) => ({ kind: 'prefix', prefix }));
}
