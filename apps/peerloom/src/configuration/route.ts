import type { Announcement, Withdrawal } from '@peerloom/ipc';
import { parseFamilyName, parseNlri } from '@peerloom/wire';
import type * as z from 'zod';
import { list, mapping } from './structures.ts';
import * as value from './values.ts';

/** A step of an AS path: an AS number, or a list of them for an AS_SET. */
const asPathStep = value.scalar(
  `an AS number from ${value.lowestAs} to ${value.highest32}, or a list of them for an AS set`,
  (input): number | number[] | undefined => {
    if (!Array.isArray(input)) return value.wholeNumber(input, value.lowestAs, value.highest32);
    const set = input.map((as) => value.wholeNumber(as, value.lowestAs, value.highest32));
    return set.length > 0 && set.every((as) => as !== undefined) ? set : undefined;
  },
);

/** What tells one route from another. `nlri`: a route that is no prefix, as `show` prints it. */
const identity = {
  prefix: value.prefix.exactOptional(),
  nlri: value.text.exactOptional(),
  family: value.family.exactOptional(),
  pathId: value.integer('a path identifier', 0, value.highest32).exactOptional(),
};

const announced = mapping({
  ...identity,
  nextHop: value.nextHop.exactOptional(),
  origin: value.oneOf('igp', 'egp', 'incomplete').exactOptional(),
  asPath: list(asPathStep).exactOptional(),
  asPathIsFinal: value.flag.exactOptional(),
  med: value.integer('a metric', 0, value.highest32).exactOptional(),
  localPreference: value.integer('a preference', 0, value.highest32).exactOptional(),
  atomicAggregate: value.flag.exactOptional(),
  aggregator: mapping({ as: value.asNumber, address: value.address }).exactOptional(),
  communities: list(value.community).exactOptional(),
  largeCommunities: list(value.largeCommunity).exactOptional(),
  extendedCommunities: list(value.extendedCommunity).exactOptional(),
});

/** A route to announce, as a configuration file and the command line give it. */
export const routeSchema: z.ZodType<Announcement> = announced
  .superRefine(checkIdentity)
  .superRefine(checkNextHop)
  .transform(({ prefix, nlri, family, pathId, med, ...attributes }): Announcement => {
    return {
      prefix: (prefix ?? nlri)!,
      ...(family !== undefined && { family }),
      ...(pathId !== undefined && { pathId }),
      ...attributes,
      ...(med !== undefined && { multiExitDiscriminator: med }),
    };
  });

/** A route to withdraw. */
export const withdrawalSchema: z.ZodType<Withdrawal> = mapping(identity)
  .superRefine(checkIdentity)
  .transform(({ prefix, nlri, family, pathId }): Withdrawal => {
    return {
      prefix: (prefix ?? nlri)!,
      ...(family !== undefined && { family }),
      ...(pathId !== undefined && { pathId }),
    };
  });

function checkNextHop(
  { family, nextHop }: { readonly family?: string; readonly nextHop?: string },
  context: z.RefinementCtx,
): void {
  if (nextHop === undefined || family?.includes('flowspec') !== true) return;
  const message = 'cannot stand here: a Flow Specification has no next hop (RFC 8955 §4)';
  context.addIssue({ code: 'custom', path: ['nextHop'], message });
}

/** Whether a text stands for a route of a family, its path identifier apart. */
function isRouteOf(text: string, family: string): boolean {
  const key = parseFamilyName(family);
  const nlri = key === undefined ? undefined : parseNlri(text, key);
  return nlri !== undefined && nlri.pathId === undefined;
}

type Identity = z.output<ReturnType<typeof mapping<typeof identity>>>;

function checkIdentity({ prefix, nlri, family, pathId }: Identity, context: z.RefinementCtx): void {
  const complain = (key: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [key], message });
  };
  if (prefix !== undefined) {
    if (nlri !== undefined) complain('nlri', 'cannot stand beside prefix: a route is one of them');
    const other = prefix.includes(':') ? 'ipv4-' : 'ipv6-';
    if (family?.startsWith(other) === true)
      complain('family', `is ${family}, which ${prefix} is not of`);
  } else if (nlri === undefined) {
    complain('prefix', 'is missing; it must be a prefix such as 192.0.2.0/24 or 2001:db8::/32');
  } else if (family === undefined) {
    complain('family', 'is missing; it must be the address family of nlri, such as ipv4-flowspec');
  } else if (!isRouteOf(nlri, family)) {
    complain(
      'nlri',
      `is ${JSON.stringify(nlri)}; it must be a route of ${family}, as show prints them`,
    );
  } else if (pathId !== undefined) {
    complain('pathId', 'is for prefixes only');
  }
}
