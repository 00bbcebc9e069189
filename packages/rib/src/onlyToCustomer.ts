import { Afi, BgpRole, type FamilyKey, familyKey, Safi } from '@peerloom/wire';
import type { OutboundSession } from './outboundAttributes.ts';

/** "Applicable only for the address families AFI 1 (IPv4) and AFI 2 (IPv6) with SAFI 1 (unicast)" (RFC 9234 §5). */
const families: ReadonlySet<FamilyKey> = new Set([
  familyKey(Afi.ipv4, Safi.unicast),
  familyKey(Afi.ipv6, Safi.unicast),
]);

/** Our roles towards those who may pass a route on to their customers only: Customers, RS-Clients, Peers. */
const marking: ReadonlySet<number> = new Set([BgpRole.provider, BgpRole.routeServer, BgpRole.peer]);
/** Our roles towards those whom no route that is for customers only may reach: Providers, RSes, Peers. */
const withholding: ReadonlySet<number> = new Set([
  BgpRole.customer,
  BgpRole.routeServerClient,
  BgpRole.peer,
]);

/** What the egress procedure of RFC 9234 §5 asks of the routes of a family on a session. */
export interface OnlyToCustomerRules {
  /** A route without the attribute gets it, with the local AS. */
  readonly isAdded: boolean;
  /** A route with the attribute is not sent. */
  readonly isForbidden: boolean;
}

/** Roles are between autonomous systems, and not within a confederation (RFC 9234 §4, §5). */
export function onlyToCustomerRules(
  { options, role }: OutboundSession,
  family: FamilyKey,
): OnlyToCustomerRules {
  const isConcerned =
    role !== undefined &&
    options.peerType === 'external' &&
    options.confederationPeer !== true &&
    families.has(family);
  return {
    isAdded: isConcerned && marking.has(role),
    isForbidden: isConcerned && withholding.has(role),
  };
}
