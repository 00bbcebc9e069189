import type { EvpnNlri, Nlri, RouteTargetNlri } from '../nlri.ts';
import { formatFlowspec } from './flowspec.ts';
import { formatHex } from './hex.ts';

/**
 * One NLRI in a line:
 *
 *     10.0.0.0/8
 *     10.0.0.0/8 label 100/200 path-id 7
 *     rd 192.0.2.1:7 10.0.0.0/8 label 100
 *     rd 192.0.2.1:7 dst 192.0.2.0/24 && proto =6
 *     mac-ip rd 192.0.2.1:7 esi 00:…:00 tag 0 mac 02:00:5e:10:00:01 address 10.0.0.1 label 1600
 *     origin-as 65000 target:65000:1
 *     0x0002000400000001
 *
 * `parseNlri` reads it back.
 */
export function formatNlri(nlri: Nlri): string {
  const text = formatRoute(nlri);
  return nlri.pathId === undefined ? text : `${text} path-id ${nlri.pathId}`;
}

function formatRoute(nlri: Nlri): string {
  switch (nlri.kind) {
    case 'prefix':
      return nlri.prefix;
    case 'labeled':
      return nlri.prefix + formatLabels(nlri.labels);
    case 'vpn':
      return `rd ${nlri.routeDistinguisher} ${nlri.prefix}${formatLabels(nlri.labels)}`;
    case 'flowspec': {
      const rule = formatFlowspec(nlri.components);
      return nlri.routeDistinguisher === undefined ? rule : `rd ${nlri.routeDistinguisher} ${rule}`;
    }
    case 'evpn':
      return formatEvpn(nlri);
    case 'routeTarget':
      return formatRouteTarget(nlri);
    case 'opaque':
      return `0x${formatHex(nlri.bytes)}`;
    default:
      return nlri satisfies never;
  }
}

function formatLabels(labels: readonly number[]): string {
  return labels.length === 0 ? '' : ` label ${labels.join('/')}`;
}

/** The word that each EVPN route type begins with. */
export const evpnWords: Readonly<Record<EvpnNlri['route'], string>> = {
  ethernetAutoDiscovery: 'ethernet-auto-discovery',
  macIp: 'mac-ip',
  inclusiveMulticast: 'inclusive-multicast',
  ethernetSegment: 'ethernet-segment',
  ipPrefix: 'ip-prefix',
  unknown: 'evpn-type',
};

function formatEvpn(nlri: EvpnNlri): string {
  if (nlri.route === 'unknown') {
    return `${evpnWords.unknown} ${nlri.routeType} 0x${formatHex(nlri.bytes)}`;
  }
  const head = `${evpnWords[nlri.route]} rd ${nlri.routeDistinguisher}`;
  switch (nlri.route) {
    case 'ethernetAutoDiscovery':
      return `${head} esi ${nlri.esi} tag ${nlri.ethernetTag} label ${nlri.label}`;
    case 'macIp': {
      const address = nlri.address === undefined ? '' : ` address ${nlri.address}`;
      const label2 = nlri.label2 === undefined ? '' : ` label2 ${nlri.label2}`;
      return `${head} esi ${nlri.esi} tag ${nlri.ethernetTag} mac ${nlri.mac}${address} label ${nlri.label}${label2}`;
    }
    case 'inclusiveMulticast':
      return `${head} tag ${nlri.ethernetTag} originator ${nlri.originator}`;
    case 'ethernetSegment':
      return `${head} esi ${nlri.esi} originator ${nlri.originator}`;
    case 'ipPrefix':
      return `${head} esi ${nlri.esi} tag ${nlri.ethernetTag} prefix ${nlri.prefix} gateway ${nlri.gateway} label ${nlri.label}`;
    default:
      return nlri satisfies never;
  }
}

/** `default`, `origin-as 65000`, `origin-as 65000 target:65000:1`, and `/48` after that when it is cut short. */
function formatRouteTarget({ prefixLength, originAs, routeTarget }: RouteTargetNlri): string {
  if (prefixLength === 0) return 'default';
  if (routeTarget === undefined) return `origin-as ${originAs}`;
  return `origin-as ${originAs} ${routeTarget}${prefixLength === 96 ? '' : `/${prefixLength}`}`;
}
