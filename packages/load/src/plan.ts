import { addressAfter } from './addresses.ts';
import type { Scenario, SpeakerGroup, SpeakerRole } from './scenario.ts';

/** One simulated speaker: who it is. */
export interface SpeakerPlan {
  /** From 0, over all groups. */
  readonly index: number;
  readonly role: SpeakerRole;
  /** Its place among the sources, or −1. */
  readonly source: number;
  /** Its place among the sinks, or −1. */
  readonly sink: number;
  /** Absent: the system chooses. */
  readonly sourceAddress: string | undefined;
  readonly localAs: number;
  readonly routerId: string;
  /** Of IPv4 routes. */
  readonly nextHop: string;
  readonly group: SpeakerGroup;
}

/** Every speaker of a scenario, in the order of its groups. */
export function planSpeakers(scenario: Scenario): SpeakerPlan[] {
  const plans: SpeakerPlan[] = [];
  let source = 0;
  let sink = 0;
  for (const group of scenario.speakers) {
    for (let i = 0; i < group.count; i++) {
      const sourceAddress =
        group.sourceAddress === undefined
          ? undefined
          : addressAfter(group.sourceAddress, i * group.addressStep);
      const routerId = addressAfter(group.routerId, i);
      plans.push({
        index: plans.length,
        role: group.role,
        source: group.role === 'sink' ? -1 : source++,
        sink: group.role === 'source' ? -1 : sink++,
        sourceAddress,
        localAs: group.localAs + i * group.asStep,
        routerId,
        nextHop: group.nextHop ?? nextHopOf(sourceAddress, routerId),
        group,
      });
    }
  }
  return plans;
}

/** Its own address; but loopback is no place to send packets to, and some devices refuse such a next hop. */
function nextHopOf(sourceAddress: string | undefined, routerId: string): string {
  const isUsable = sourceAddress?.includes(':') === false && !sourceAddress.startsWith('127.');
  return isUsable ? sourceAddress : routerId;
}
