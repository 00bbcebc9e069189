import { type AddressFamily, familyKey, familyName } from './addressFamily.ts';
import { AddPathMode, BgpRole, type Capability } from './capability.ts';
import { printableText } from './printableText.ts';
import { formatHex } from './text/hex.ts';

const roleNames: ReadonlyMap<number, string> = new Map([
  [BgpRole.provider, 'provider'],
  [BgpRole.routeServer, 'rs'],
  [BgpRole.routeServerClient, 'rs-client'],
  [BgpRole.customer, 'customer'],
  [BgpRole.peer, 'peer'],
]);

const addPathNames: ReadonlyMap<number, string> = new Map([
  [AddPathMode.receive, 'receive'],
  [AddPathMode.send, 'send'],
  [AddPathMode.both, 'send and receive'],
]);

/** A role by its name in RFC 9234 §4.1, lower case: `provider`, `rs-client`; a number that has none as it is. */
export function roleName(role: number): string {
  return roleNames.get(role) ?? `${role}`;
}

/** A capability in one line: `graceful restart 120 s, restarting: ipv4-unicast (forwarding kept)`. */
export function formatCapability(capability: Capability): string {
  switch (capability.type) {
    case 'multiprotocol':
      return `multiprotocol ${nameOf(capability)}`;
    case 'routeRefresh':
      return 'route refresh';
    case 'enhancedRouteRefresh':
      return 'enhanced route refresh';
    case 'fourOctetAs':
      return `4-octet AS ${capability.as}`;
    case 'extendedMessage':
      return 'extended message';
    case 'gracefulRestart': {
      const flags =
        (capability.restarting ? ', restarting' : '') +
        (capability.notification ? ', notification' : '');
      return `graceful restart ${capability.restartTime} s${flags}${list(
        capability.families,
        (f) => (f.forwarding ? ' (forwarding kept)' : ''),
      )}`;
    }
    case 'longLivedGracefulRestart':
      return `long-lived graceful restart${list(
        capability.families,
        (f) => ` ${f.staleTime} s${f.forwarding ? ' (forwarding kept)' : ''}`,
      )}`;
    case 'addPath':
      return `ADD-PATH${list(
        capability.families,
        (f) => ` ${addPathNames.get(f.sendReceive) ?? f.sendReceive}`,
      )}`;
    case 'extendedNextHop':
      return `extended next hop${list(capability.tuples, (t) => ` via AFI ${t.nextHopAfi}`)}`;
    case 'role':
      return `role ${roleName(capability.role)}`;
    case 'fqdn':
      return `FQDN ${printableText(
        [capability.hostname, capability.domain].filter((part) => part !== '').join('.'),
      )}`;
    case 'softwareVersion':
      return `software version ${printableText(capability.version)}`;
    case 'pathsLimit':
      return `paths limit${list(capability.families, (f) => ` ${f.limit}`)}`;
    case 'unknown':
      break;
  }
  const { code, value } = capability;
  return value.length > 0 ? `capability ${code} 0x${formatHex(value)}` : `capability ${code}`;
}

function nameOf(family: AddressFamily): string {
  return familyName(familyKey(family.afi, family.safi));
}

function list<T extends AddressFamily>(
  families: readonly T[],
  detail: (family: T) => string,
): string {
  const names = families.map((family) => nameOf(family) + detail(family));
  return names.length > 0 ? `: ${names.join(', ')}` : '';
}
