import { parseFamilyName } from '@peerloom/wire';
import type { SpeakerPlan } from '../plan.ts';
import type { Scenario } from '../scenario.ts';
import { fileError } from './fileError.ts';
import { generateTableInSlices } from './generator.ts';
import { readMrtTable } from './mrtTable.ts';
import { readMrtUpdates } from './mrtUpdates.ts';
import { readRawUpdates } from './rawUpdates.ts';
import type { RouteTable } from './routeTable.ts';

/**
 * The routes of a scenario, encoded for its first source; `undefined` when nobody announces any, or nobody wants
 * them any longer.
 */
export async function loadRoutes(
  scenario: Scenario,
  plans: readonly SpeakerPlan[],
  signal?: AbortSignal,
): Promise<RouteTable | undefined> {
  const { routes, target, seed } = scenario;
  const sources = plans.filter(({ source }) => source >= 0);
  const first = sources[0];
  if (routes === undefined || first === undefined) return undefined;
  const { addPath } = first.group;
  const encoding = {
    firstAs: first.localAs,
    // All sources are, or none is: `checkScenario`.
    internal: first.localAs === target.remoteAs,
    nextHop4: first.nextHop,
    nextHop6: first.group.nextHopIpv6,
    addPath: addPath === 'send' || addPath === 'both',
  };
  if (routes.kind === 'generated') {
    const wanted = { ...routes, ...encoding, seed, sources: sources.length };
    return await generateTableInSlices(wanted, signal);
  }
  if (routes.kind === 'rawUpdates') return await readRawUpdates(routes.files, encoding.addPath);
  const families = new Set(first.group.families.flatMap((name) => parseFamilyName(name) ?? []));
  const ofFile = { ...encoding, families, sources: sources.length };
  try {
    const read = routes.kind === 'mrtTable' ? readMrtTable : readMrtUpdates;
    return await read(routes, ofFile, signal);
  } catch (error) {
    if (signal?.aborted === true) return undefined;
    throw fileError(routes.file, error);
  }
}
