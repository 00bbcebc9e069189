import { type Capability, type FamilyKey, familyKey, ipv4Unicast } from '@peerloom/wire';

/** The capabilities of one type, in their order. */
export function capabilitiesOf<T extends Capability['type']>(
  capabilities: readonly Capability[],
  type: T,
): readonly Extract<Capability, { type: T }>[] {
  return capabilities.filter(
    (capability): capability is Extract<Capability, { type: T }> => capability.type === type,
  );
}

/** Whether a capability of this type is among them. */
export function announces(capabilities: readonly Capability[], type: Capability['type']): boolean {
  return capabilities.some((capability) => capability.type === type);
}

/** The families that a speaker offers: IPv4 unicast alone when it says nothing of families (RFC 4760 §8). */
export function offeredFamilies(capabilities: readonly Capability[]): ReadonlySet<FamilyKey> {
  const families = capabilitiesOf(capabilities, 'multiprotocol');
  return new Set(
    families.length === 0 ? [ipv4Unicast] : families.map(({ afi, safi }) => familyKey(afi, safi)),
  );
}

/** The families that both speakers offer, in the order of ours. */
export function commonFamilies(
  ours: readonly Capability[],
  theirs: readonly Capability[],
): ReadonlySet<FamilyKey> {
  const offered = offeredFamilies(theirs);
  return new Set([...offeredFamilies(ours)].filter((family) => offered.has(family)));
}
