import type { RouteEntry } from '@peerloom/ipc';
import {
  blockOptions,
  decodePathAttributes,
  formatCommunity,
  formatLargeCommunity,
} from '@peerloom/wire';
import { type PlainRoute, sortedCommunities } from './speakers/speaker.ts';

/** A route of ours in the form in which the speakers' prints are compared. */
export function plainRoute(route: RouteEntry): PlainRoute {
  const plain: { -readonly [Key in keyof PlainRoute]: PlainRoute[Key] } = {
    prefix: route.prefix,
    nextHop: '',
    asPath: [],
    origin: 'incomplete',
    communities: [],
    largeCommunities: [],
  };
  const options = { ...blockOptions, fourOctetAs: route.fourOctetAs };
  for (const attribute of decodePathAttributes(route.attributes, options)) {
    switch (attribute.type) {
      case 'origin':
        plain.origin = attribute.origin;
        break;
      case 'asPath':
        plain.asPath = attribute.segments.flatMap((segment) => segment.asNumbers);
        break;
      case 'nextHop':
        plain.nextHop = attribute.nextHop;
        break;
      case 'mpReachNlri':
        plain.nextHop = attribute.nextHops[0]?.address ?? '';
        break;
      case 'multiExitDiscriminator':
        plain.multiExitDiscriminator = attribute.value;
        break;
      case 'communities':
        plain.communities = sortedCommunities(attribute.communities.map(formatCommunity));
        break;
      case 'largeCommunities':
        plain.largeCommunities = sortedCommunities(attribute.communities.map(formatLargeCommunity));
        break;
      default:
    }
  }
  return plain;
}
