import { familyKey, familyName } from './addressFamily.ts';
import { attributeName } from './attributes/attributeRules.ts';
import {
  type AsPathSegment,
  type AsPathSegmentKind,
  AttributeCode,
  type MpNextHop,
  type MpReachNlriAttribute,
  type MpUnreachNlriAttribute,
  type PathAttribute,
} from './pathAttribute.ts';
import { formatCommunity, formatLargeCommunity } from './text/community.ts';
import { formatExtendedCommunity } from './text/extendedCommunity.ts';
import { formatHex } from './text/hex.ts';
import { formatIpv6ExtendedCommunity } from './text/ipv6ExtendedCommunity.ts';
import { formatNlri } from './text/nlri.ts';
import { formatRouteDistinguisher } from './text/routeDistinguisher.ts';

/**
 * A path attribute in a line, its name as the RFCs write it:
 *
 *     ORIGIN igp
 *     AS_PATH 65001 4200000000 {65010,65011}
 *     COMMUNITIES 65001:100 no-export
 *     MP_REACH_NLRI ipv6-unicast next hop 2001:db8::1 fe80::1: 2001:db8:1::/48, 2001:db8:2::/48
 *     attribute 99 flags 0xc0: 0x0102
 *
 * `(partial)` at the end tells that some speaker on the way did not know the attribute.
 */
export function formatAttribute(attribute: PathAttribute): string {
  const partial = 'partial' in attribute && attribute.partial ? ' (partial)' : '';
  const value = formatValue(attribute);
  return `${nameOf(attribute)}${value === '' ? '' : ` ${value}`}${partial}`;
}

/** MP_REACH_NLRI or MP_UNREACH_NLRI without its routes: name, family and next hops. */
export function formatMpHead(attribute: MpReachNlriAttribute | MpUnreachNlriAttribute): string {
  const family = familyName(familyKey(attribute.afi, attribute.safi));
  if (attribute.type === 'mpUnreachNlri') return `${nameOf(attribute)} ${family}`;
  const nextHops = formatNextHops(attribute);
  return `${nameOf(attribute)} ${family}${nextHops === '' ? '' : ` next hop ${nextHops}`}`;
}

/** Segments of an AS_PATH as routers show them: `1 2 {3,4}`, and for confederations `(5 6) [7,8]`. */
export function formatAsPath(segments: readonly AsPathSegment[]): string {
  return segments
    .map(({ kind, asNumbers }) => {
      const [open, separator, close] = brackets[kind];
      return open + asNumbers.join(separator) + close;
    })
    .join(' ');
}

const brackets: Readonly<Record<AsPathSegmentKind, readonly [string, string, string]>> = {
  sequence: ['', ' ', ''],
  set: ['{', ',', '}'],
  confederationSequence: ['(', ' ', ')'],
  confederationSet: ['[', ',', ']'],
};

function nameOf(attribute: PathAttribute): string {
  return attributeName(
    attribute.type === 'unknown' ? attribute.code : AttributeCode[attribute.type],
  );
}

function formatValue(attribute: PathAttribute): string {
  switch (attribute.type) {
    case 'origin':
      return attribute.origin;
    case 'asPath':
    case 'as4Path':
      return attribute.segments.length === 0 ? 'empty' : formatAsPath(attribute.segments);
    case 'nextHop':
      return attribute.nextHop;
    case 'multiExitDiscriminator':
    case 'localPreference':
      return `${attribute.value}`;
    case 'atomicAggregate':
      return '';
    case 'aggregator':
    case 'as4Aggregator':
      return `${attribute.as} ${attribute.address}`;
    case 'communities':
      return attribute.communities.map(formatCommunity).join(' ');
    case 'originatorId':
      return attribute.originatorId;
    case 'clusterList':
      return attribute.clusterIds.join(' ');
    case 'mpReachNlri':
      return formatMp(attribute, attribute.nlri.map(formatNlri));
    case 'mpUnreachNlri':
      return formatMp(attribute, attribute.withdrawn.map(formatNlri));
    case 'extendedCommunities':
      return attribute.communities.map((each) => formatExtendedCommunity(each)).join(' ');
    case 'pmsiTunnel':
      return `type ${attribute.tunnelType} flags ${attribute.flags} label ${attribute.label} identifier 0x${formatHex(attribute.identifier)}`;
    case 'aigp':
      return [
        ...(attribute.metric === undefined ? [] : [`${attribute.metric}`]),
        ...(attribute.otherTlvs ?? []).map(
          ({ type, value }) => `TLV ${type} 0x${formatHex(value)}`,
        ),
      ].join(' ');
    case 'ipv6ExtendedCommunities':
      return attribute.communities.map((each) => formatIpv6ExtendedCommunity(each)).join(' ');
    case 'largeCommunities':
      return attribute.communities.map(formatLargeCommunity).join(' ');
    case 'onlyToCustomer':
      return `${attribute.as}`;
    case 'tunnelEncapsulation':
    case 'bgpLs':
    case 'prefixSid':
      return `0x${formatHex(attribute.value)}`;
    case 'unknown':
      return `flags 0x${formatHex(Uint8Array.of(attribute.flags))}: 0x${formatHex(attribute.value)}`;
    default:
      return attribute satisfies never;
  }
}

/** All of an MP attribute after its name. */
function formatMp(
  attribute: MpReachNlriAttribute | MpUnreachNlriAttribute,
  routes: readonly string[],
): string {
  const head = formatMpHead(attribute).slice(nameOf(attribute).length + 1);
  return routes.length === 0 ? head : `${head}: ${routes.join(', ')}`;
}

function formatNextHops(attribute: MpReachNlriAttribute): string {
  if (attribute.nextHopBytes !== undefined) return `0x${formatHex(attribute.nextHopBytes)}`;
  return attribute.nextHops.map(formatNextHop).join(' ');
}

/** A route distinguisher before a next hop is zero in practice (RFC 4364 §4.3.2), and then not worth words. */
function formatNextHop({ address, routeDistinguisher }: MpNextHop): string {
  return routeDistinguisher === undefined || routeDistinguisher.every((octet) => octet === 0)
    ? address
    : `rd ${formatRouteDistinguisher(routeDistinguisher)} ${address}`;
}
