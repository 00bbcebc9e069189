import { endpointText } from '../addresses.ts';
import { LoadError } from '../loadError.ts';
import type { SpeakerPlan } from '../plan.ts';
import type { RunContext } from './runContext.ts';

/** Reasons that say nothing but that the device was there. */
const wordless = /ECONNRESET|ECONNREFUSED|before the peer had sent an OPEN/;

/** Not one session: the reasons that the speakers have found say more than a table of zeros. */
export function nobodyUp({ scenario, notes, notifications, plans }: RunContext): LoadError {
  const { address, port } = scenario.target;
  const reasons = [
    ...Object.keys(notes),
    ...Object.keys(notifications.received).map((text) => `the device sent ${text}`),
  ];
  const shown = reasons.slice(0, 3);
  if (reasons.length > 0 && reasons.every((reason) => wordless.test(reason))) {
    shown.push(
      'it ends connections without a word: it does not know the speakers, wants a password or a TTL, or holds them back after earlier sessions',
    );
  }
  return new LoadError(
    'ERR_LOAD_UNREACHABLE',
    `none of ${plans.length} sessions with ${endpointText(address, port)} came up; does the device know the speakers (${identityOf(plans[0]!)})?${shown.map((reason) => `\n${reason}`).join('')}`,
  );
}

/** What the device must know of the speakers, if it is to answer them. */
function identityOf({ sourceAddress = 'this machine', localAs, group }: SpeakerPlan): string {
  return [
    `addresses from ${sourceAddress}`,
    `AS ${localAs}`,
    ...(group.password === undefined ? [] : ['their TCP MD5 key']),
    ...(group.ttlSecurity === undefined ? [] : ['a TTL of 255, as GTSM has it']),
  ].join(', ');
}
