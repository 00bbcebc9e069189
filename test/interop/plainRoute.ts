import type { RouteEntry } from '@peerloom/ipc';
import { decodePathAttributes, formatCommunity, formatLargeCommunity } from '@peerloom/wire';
import { type PlainRoute, sortedCommunities } from './speakers/speaker.ts';

/** A route of ours in the form in which the speakers' prints are compared. */
export function plainRoute(route: RouteEntry): PlainRoute {
  let plain: PlainRoute = {
    prefix: route.prefix,
    nextHop: '',
    asPath: [],
    origin: 'incomplete',
    communities: [],
    largeCommunities: [],
  };
  for (const attribute of decodePathAttributes(route.attributes, {
    fourOctetAs: route.fourOctetAs,
    maximumReceiveLength: 65_535,
    maximumSendLength: 65_535,
    families: new Set(),
    addPathReceive: new Set(),
    addPathSend: new Set(),
    extendedNextHop: new Set(),
    peerType: 'external',
  })) {
    switch (attribute.type) {
      case 'origin':
        plain = { ...plain, origin: attribute.origin };
        break;
      case 'asPath':
        plain = { ...plain, asPath: attribute.segments.flatMap((segment) => segment.asNumbers) };
        break;
      case 'nextHop':
        plain = { ...plain, nextHop: attribute.nextHop };
        break;
      case 'mpReachNlri':
        plain = { ...plain, nextHop: attribute.nextHops[0]?.address ?? '' };
        break;
      case 'multiExitDiscriminator':
        plain = { ...plain, multiExitDiscriminator: attribute.value };
        break;
      case 'communities':
        plain = {
          ...plain,
          communities: sortedCommunities(attribute.communities.map(formatCommunity)),
        };
        break;
      case 'largeCommunities':
        plain = {
          ...plain,
          largeCommunities: sortedCommunities(attribute.communities.map(formatLargeCommunity)),
        };
        break;
      default:
    }
  }
  return plain;
}
