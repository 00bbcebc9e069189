import type { Capability } from '@peerloom/wire';
import type { ResolvedFsmOptions } from './options.ts';

/** Options that stand in our OPEN, or that the peer's was judged by. */
const agreed = [
  'localAs',
  'remoteAs',
  'routerId',
  'role',
  'roleStrict',
  'holdTime',
] as const satisfies readonly (keyof ResolvedFsmOptions)[];

/** Capabilities as text. The R bit is left out: it speaks of the moment of the OPEN, not of what is agreed. */
function capabilitiesText(capabilities: readonly Capability[]): string {
  return JSON.stringify(
    capabilities.map((capability) =>
      capability.type === 'gracefulRestart' ? { ...capability, restarting: false } : capability,
    ),
  );
}

/**
 * Whether a connection opened under `before` cannot go on under `after`: because something changes
 * that stands in the OPENs. All else (timers, damping, profile, passive) applies from its next use on.
 */
export function needsReset(before: ResolvedFsmOptions, after: ResolvedFsmOptions): boolean {
  return (
    agreed.some((option) => before[option] !== after[option]) ||
    capabilitiesText(before.capabilities) !== capabilitiesText(after.capabilities) ||
    capabilitiesText(before.requiredCapabilities) !== capabilitiesText(after.requiredCapabilities)
  );
}
