import { frrPrograms, launchFrr } from './launch.ts';
import { until } from './process.ts';
import {
  familiesOf,
  type PlainRoute,
  type RunningSpeaker,
  type Speaker,
  type SpeakerConfig,
  type SpeakerFamily,
  sortedCommunities,
} from './speaker.ts';

/** FRR's bgpd (https://frrouting.org) on its own, without zebra. */
export const frr: Speaker = {
  name: 'FRR',
  debianPackage: 'frr',
  programs: frrPrograms,
  supports: {
    password: true,
    passwordWhenDialled: true,
    ttlSecurity: true,
    addPath: true,
    gracefulRestart: true,
    extendedMessage: true,
    flowspec: false,
    originatedAsPath: true,
    multiExitDiscriminator: true,
  },
  async start(config) {
    const { directory, local } = config;
    const { daemon: bgpd, control: vtysh } = launchFrr(directory, configuration(config), local);
    await until(
      'FRR answers',
      () => vtysh('show bgp summary json'),
      () => bgpd.log(),
    );
    const { address } = config.peer;
    return {
      ...bgpd.running(),
      established: async () => {
        const neighbors = JSON.parse(await vtysh(`show bgp neighbors ${address} json`)) as Record<
          string,
          { bgpState?: string }
        >;
        return neighbors[address]?.bgpState === 'Established';
      },
      receivedRoutes: async () => {
        const routes: PlainRoute[] = [];
        for (const family of familiesOf(config)) {
          const name = family === 'ipv4-unicast' ? 'ipv4 unicast' : 'ipv6 unicast';
          const table = JSON.parse(
            await vtysh(`show bgp ${name} neighbors ${address} routes json`),
          ) as FrrTable;
          // Only the print of a single prefix shows its communities.
          for (const prefix of Object.keys(table.routes ?? {})) {
            const detail = JSON.parse(await vtysh(`show bgp ${name} ${prefix} json`)) as FrrPrefix;
            const ours = (detail.paths ?? []).filter((path) => path.peer?.peerId === address);
            routes.push(...ours.map((path) => toRoute(prefix, path)));
          }
        }
        return routes;
      },
      shutdown: async (text) => {
        await vtysh(
          'configure terminal',
          `router bgp ${config.local.as}`,
          `neighbor ${address} shutdown message ${text}`,
        );
      },
      requestRefresh: async () => {
        await vtysh(`clear bgp ipv4 unicast ${address} soft in`);
      },
    } satisfies RunningSpeaker;
  },
};

function configuration(config: SpeakerConfig): string {
  const { local, peer } = config;
  const neighbor = `neighbor ${peer.address}`;
  const family = (name: SpeakerFamily, words: string, isIpv6: boolean): string => {
    if (!familiesOf(config).includes(name)) return '';
    const networks = config.routes
      .map((route, index) => ({ route, index }))
      .filter(({ route }) => route.prefix.includes(':') === isIpv6)
      .map(({ route, index }) => `  network ${route.prefix} route-map route-${index}`);
    return `
 address-family ${words}
${networks.join('\n')}
  ${neighbor} activate
  ${neighbor} attribute-unchanged next-hop
  ${config.addPath === 'send' || config.addPath === 'both' ? `${neighbor} addpath-tx-all-paths` : ''}
 exit-address-family`;
  };
  return `
hostname frr
log stdout debugging
router bgp ${local.as}
 bgp router-id ${local.routerId}
 no bgp ebgp-requires-policy
 no bgp network import-check
 no bgp default ipv4-unicast
 no bgp suppress-duplicates
 bgp disable-ebgp-connected-route-check
 ${config.gracefulRestart === true ? 'bgp graceful-restart' : ''}
 ${neighbor} remote-as ${peer.as}
 ${neighbor} port ${peer.port}
 ${neighbor} update-source ${local.address}
 ${neighbor} timers ${Math.max(1, Math.floor(config.holdTime / 3))} ${config.holdTime}
 ${neighbor} timers connect 1
 ${neighbor} capability extended-nexthop
 ${config.passive ? `${neighbor} passive` : ''}
 ${config.password === undefined ? '' : `${neighbor} password ${config.password}`}
 ${config.ttlSecurity === true ? `${neighbor} ttl-security hops 1` : `${neighbor} ebgp-multihop 255`}
${family('ipv4-unicast', 'ipv4 unicast', false)}
${family('ipv6-unicast', 'ipv6 unicast', true)}
!
${config.routes.map(routeMap).join('\n')}
`;
}

function routeMap(route: PlainRoute, index: number): string {
  const isIpv6 = route.prefix.includes(':');
  return [
    `route-map route-${index} permit 10`,
    ` set origin ${route.origin}`,
    isIpv6 ? ` set ipv6 next-hop global ${route.nextHop}` : ` set ip next-hop ${route.nextHop}`,
    ...(route.asPath.length === 0 ? [] : [` set as-path prepend ${route.asPath.join(' ')}`]),
    ...(route.multiExitDiscriminator === undefined
      ? []
      : [` set metric ${route.multiExitDiscriminator}`]),
    ...(route.communities.length === 0 ? [] : [` set community ${route.communities.join(' ')}`]),
    ...(route.largeCommunities.length === 0
      ? []
      : [` set large-community ${route.largeCommunities.join(' ')}`]),
    'exit',
  ].join('\n');
}

interface FrrPath {
  readonly aspath?: { readonly segments?: readonly { readonly list: readonly number[] }[] };
  readonly origin?: string;
  readonly metric?: number;
  readonly community?: { readonly list?: readonly string[] };
  readonly largeCommunity?: { readonly list?: readonly string[] };
  readonly nexthops?: readonly { readonly ip?: string; readonly scope?: string }[];
  readonly peer?: { readonly peerId?: string };
}
interface FrrPrefix {
  readonly paths?: readonly FrrPath[];
}
interface FrrTable {
  readonly routes?: Readonly<Record<string, unknown>>;
}

function toRoute(prefix: string, path: FrrPath): PlainRoute {
  return {
    prefix,
    nextHop: path.nexthops?.find((hop) => hop.scope !== 'link-local')?.ip ?? '',
    asPath: (path.aspath?.segments ?? []).flatMap((segment) => segment.list),
    origin: (path.origin ?? '').toLowerCase() as PlainRoute['origin'],
    ...(path.metric === undefined ? {} : { multiExitDiscriminator: path.metric }),
    communities: sortedCommunities(path.community?.list ?? []),
    largeCommunities: sortedCommunities(path.largeCommunity?.list ?? []),
  };
}
