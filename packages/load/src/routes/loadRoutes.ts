import { LoadError } from '../loadError.ts';
import type { SpeakerPlan } from '../plan.ts';
import type { Scenario } from '../scenario.ts';
import { generateTable } from './generator.ts';
import type { RouteTable } from './routeTable.ts';

/** The routes of a scenario, encoded for its first source; `undefined` when nobody announces any. */
export async function loadRoutes(
  scenario: Scenario,
  plans: readonly SpeakerPlan[],
): Promise<RouteTable | undefined> {
  const { routes, target, seed } = scenario;
  const sources = plans.filter(({ source }) => source >= 0);
  const first = sources[0];
  if (routes === undefined || first === undefined) return undefined;
  const internal = sources.filter(({ localAs }) => localAs === target.remoteAs).length;
  if (internal > 0 && internal < sources.length) {
    throw new LoadError(
      'ERR_LOAD_SCENARIO',
      `${internal} of ${sources.length} sources are internal neighbours of AS ${target.remoteAs}, the others external; their routes differ, so they cannot be in one run`,
    );
  }
  const { addPath } = first.group;
  const encoding = {
    firstAs: first.localAs,
    internal: internal > 0,
    nextHop4: first.nextHop,
    nextHop6: first.group.nextHopIpv6,
    addPath: addPath === 'send' || addPath === 'both',
  };
  switch (routes.kind) {
    case 'generated':
      return generateTable({ ...routes, ...encoding, seed, sources: sources.length });
    default:
      throw new LoadError('ERR_LOAD_ROUTES', `routes of kind ${routes.kind} are not known`);
  }
}
