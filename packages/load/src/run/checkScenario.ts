import { familyMismatch } from '../addresses.ts';
import { LoadError } from '../loadError.ts';
import { planSpeakers, type SpeakerPlan } from '../plan.ts';
import type { Scenario } from '../scenario.ts';

/**
 * Looks for what no single key of a scenario can be blamed for, and gives the speakers that it means. Nothing is
 * started for it, and nobody asked.
 *
 * @throws LoadError `ERR_LOAD_SCENARIO` that says what would be right
 */
export function checkScenario(scenario: Scenario): SpeakerPlan[] {
  const plans = planSpeakers(scenario);
  if (plans.length === 0) throw wrong('there are no speakers; ask for at least one peer');
  if (scenario.phases[0]?.phase !== 'establish') throw wrong('the first phase must be establish');
  checkFamilies(scenario);
  checkPassive(scenario);
  checkAddresses(plans);
  checkSources(scenario, plans);
  return plans;
}

function checkFamilies({ speakers, target }: Scenario): void {
  for (const [index, { sourceAddress }] of speakers.entries()) {
    const mismatch = familyMismatch(sourceAddress, target.address);
    if (mismatch !== undefined) throw wrong(`speakers[${index}].sourceAddress ${mismatch}`);
  }
}

function checkPassive({ speakers }: Scenario): void {
  const isNameless = speakers.some(
    ({ passive, count, addressStep, sourceAddress }) =>
      passive && (sourceAddress === undefined || (count > 1 && addressStep === 0)),
  );
  if (!isNameless) return;
  throw wrong(
    'passive speakers are told apart by the address that the device connects to; give the group a sourceAddress, and an addressStep of 1 or more',
  );
}

/** Speakers who dial from one address are one neighbour to the device, unless somebody wants it so. */
function checkAddresses(plans: readonly SpeakerPlan[]): void {
  const owners = new Map<string, SpeakerPlan>();
  for (const plan of plans) {
    const { sourceAddress, group } = plan;
    if (sourceAddress === undefined || group.passive || group.addressStep === 0) continue;
    const owner = owners.get(sourceAddress);
    if (owner !== undefined) {
      throw wrong(
        `speakers ${owner.index + 1} and ${plan.index + 1} have one source address, ${sourceAddress}, and a device tells its neighbours apart by their addresses; keep the groups apart (sourceAddress, --source-address, --sink-address), or set addressStep: 0 where it is meant`,
      );
    }
    owners.set(sourceAddress, plan);
  }
}

function checkSources({ phases, routes, target }: Scenario, plans: readonly SpeakerPlan[]): void {
  const sources = plans.filter(({ source }) => source >= 0);
  const needsRoutes = phases.some(
    ({ phase }) => phase !== 'establish' && phase !== 'steady' && phase !== 'flap',
  );
  if (needsRoutes && (sources.length === 0 || routes === undefined)) {
    const lack = sources.length === 0 ? 'no speaker is a source' : 'there are no routes';
    throw wrong(
      `there are phases that announce routes, but ${lack}; leave these phases out, or add what they need`,
    );
  }
  const internal = sources.filter(({ localAs }) => localAs === target.remoteAs).length;
  if (routes === undefined || internal === 0 || internal === sources.length) return;
  throw wrong(
    `${internal} of ${sources.length} sources are internal neighbours of AS ${target.remoteAs}, the others external; their routes differ, so they cannot be in one run`,
  );
}

function wrong(text: string): LoadError {
  return new LoadError('ERR_LOAD_SCENARIO', text);
}
