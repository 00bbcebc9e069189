import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './port.ts';
import { run, SpeakerProcess, until } from './process.ts';
import {
  familiesOf,
  type PlainRoute,
  type RunningSpeaker,
  type Speaker,
  type SpeakerConfig,
  sortedCommunities,
} from './speaker.ts';

const program = '/usr/bin/gobgpd';
const control = '/usr/bin/gobgp';

/** GoBGP (https://osrg.github.io/gobgp). */
export const gobgp: Speaker = {
  name: 'GoBGP',
  debianPackage: 'gobgpd',
  programs: [program, control],
  supports: {
    password: true,
    passwordWhenDialled: true,
    ttlSecurity: true,
    addPath: true,
    gracefulRestart: true,
    extendedMessage: false,
    flowspec: true,
    originatedAsPath: true,
    multiExitDiscriminator: true,
  },
  async start(config) {
    const file = join(config.directory, 'gobgpd.toml');
    writeFileSync(file, configuration(config));
    const apiPort = await freePort(config.local.address);
    const api = `${config.local.address}:${apiPort}`;
    const gobgpd = new SpeakerProcess(program, ['-f', file, '--api-hosts', api, '--pprof-disable']);
    const command = (...words: string[]): Promise<string> =>
      run(control, '-u', config.local.address, '-p', String(apiPort), ...words);
    await until(
      'GoBGP answers',
      () => command('global'),
      () => gobgpd.log(),
    );
    for (const route of config.routes)
      await command('global', 'rib', 'add', ...announcement(route));
    const { address } = config.peer;
    return {
      ...gobgpd.running(),
      established: async () => {
        const neighbors = JSON.parse(await command('-j', 'neighbor')) as {
          state?: { session_state?: number };
        }[];
        return neighbors[0]?.state?.session_state === 6;
      },
      receivedRoutes: async () => {
        const routes: PlainRoute[] = [];
        for (const family of familiesOf(config)) {
          if (family === 'ipv4-flowspec') continue;
          const words = [
            '-j',
            'neighbor',
            address,
            'adj-in',
            '-a',
            family === 'ipv4-unicast' ? 'ipv4' : 'ipv6',
          ];
          routes.push(...parseTable(JSON.parse(await command(...words)) as GoBgpTable));
        }
        return routes;
      },
      shutdown: async (text) => {
        await command('neighbor', address, 'shutdown', text);
      },
      command,
    } satisfies RunningSpeaker;
  },
};

function configuration(config: SpeakerConfig): string {
  const { local, peer } = config;
  const families = familiesOf(config).map(
    (family) => `
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "${family}"
    [neighbors.afi-safis.mp-graceful-restart.config]
      enabled = ${config.gracefulRestart === true}
    [neighbors.afi-safis.add-paths.config]
      receive = ${config.addPath === 'receive' || config.addPath === 'both'}
      send-max = ${config.addPath === 'send' || config.addPath === 'both' ? 8 : 0}`,
  );
  return `
[global.config]
  as = ${local.as}
  router-id = "${local.routerId}"
  port = ${local.port}
  local-address-list = ["${local.address}"]
[[neighbors]]
  [neighbors.config]
    neighbor-address = "${peer.address}"
    peer-as = ${peer.as}
    ${config.password === undefined ? '' : `auth-password = "${config.password}"`}
  [neighbors.transport.config]
    local-address = "${local.address}"
    remote-port = ${peer.port}
    passive-mode = ${config.passive}
  ${
    config.ttlSecurity === true
      ? '[neighbors.ttl-security.config]\n    enabled = true\n    ttl-min = 255'
      : '[neighbors.ebgp-multihop.config]\n    enabled = true\n    multihop-ttl = 255'
  }
  [neighbors.graceful-restart.config]
    enabled = ${config.gracefulRestart === true}
    restart-time = 20
  [neighbors.timers.config]
    hold-time = ${config.holdTime}
    keepalive-interval = ${Math.max(1, Math.floor(config.holdTime / 3))}
    connect-retry = 1
    idle-hold-time-after-reset = 1
${families.join('')}
`;
}

function announcement(route: PlainRoute): string[] {
  return [
    route.prefix,
    'origin',
    route.origin,
    'nexthop',
    route.nextHop,
    ...(route.asPath.length === 0 ? [] : ['aspath', route.asPath.join(',')]),
    ...(route.multiExitDiscriminator === undefined
      ? []
      : ['med', String(route.multiExitDiscriminator)]),
    ...(route.communities.length === 0 ? [] : ['community', route.communities.join(',')]),
    ...(route.largeCommunities.length === 0
      ? []
      : ['large-community', route.largeCommunities.join(',')]),
    ...(route.prefix.includes(':') ? ['-a', 'ipv6'] : []),
  ];
}

/** Attributes are told apart by their type code (RFC 4271 §4.3). */
interface GoBgpAttribute {
  readonly type: number;
  readonly value?: number;
  readonly nexthop?: string;
  readonly metric?: number;
  readonly as_paths?: readonly { readonly asns: readonly number[] }[];
  readonly communities?: readonly number[];
}
type GoBgpTable = Readonly<
  Record<string, readonly { readonly attrs: readonly GoBgpAttribute[] }[]>
>;

function parseTable(table: GoBgpTable): PlainRoute[] {
  return Object.entries(table).flatMap(([prefix, paths]) =>
    paths.map(({ attrs }): PlainRoute => {
      const attribute = (type: number): GoBgpAttribute | undefined =>
        attrs.find((one) => one.type === type);
      const med = attribute(4)?.metric;
      const communities = (attribute(8)?.communities ?? []).map(
        (value) => `${value >>> 16}:${value & 0xffff}`,
      );
      const large = (
        attribute(32) as
          | { value?: readonly { ASN: number; LocalData1: number; LocalData2: number }[] }
          | undefined
      )?.value;
      return {
        prefix,
        nextHop: attribute(3)?.nexthop ?? attribute(14)?.nexthop ?? '',
        asPath: (attribute(2)?.as_paths ?? []).flatMap((segment) => segment.asns),
        origin: (['igp', 'egp', 'incomplete'] as const)[attribute(1)?.value ?? 0] ?? 'incomplete',
        ...(med === undefined ? {} : { multiExitDiscriminator: med }),
        communities: sortedCommunities(communities),
        largeCommunities: sortedCommunities(
          (large ?? []).map((one) => `${one.ASN}:${one.LocalData1}:${one.LocalData2}`),
        ),
      };
    }),
  );
}
