import { AddPathMode, type Capability, familyOfKey, parseFamilyName } from '@peerloom/wire';
import { LoadError } from '../loadError.ts';
import type { SpeakerPlan } from '../plan.ts';

/** The capabilities that a speaker's OPEN announces, in the order of their codes. */
export function openCapabilities({ group, localAs }: SpeakerPlan): Capability[] {
  const families = group.families.map((name) => {
    const key = parseFamilyName(name);
    if (key !== undefined) return familyOfKey(key);
    throw new LoadError(
      'ERR_LOAD_SCENARIO',
      `${JSON.stringify(name)} is no address family; use names such as ipv4-unicast`,
    );
  });
  const capabilities: Capability[] = families.map((family) => ({
    type: 'multiprotocol',
    ...family,
  }));
  capabilities.push({ type: 'routeRefresh' });
  if (group.extendedMessage) capabilities.push({ type: 'extendedMessage' });
  capabilities.push({ type: 'fourOctetAs', as: localAs });
  if (group.addPath !== undefined) {
    const sendReceive = AddPathMode[group.addPath];
    capabilities.push({
      type: 'addPath',
      families: families.map((family) => ({ ...family, sendReceive })),
    });
  }
  return capabilities;
}
