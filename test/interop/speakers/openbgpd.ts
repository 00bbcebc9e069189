import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, SpeakerProcess, until } from './process.ts';
import {
  familiesOf,
  type PlainRoute,
  type RunningSpeaker,
  type Speaker,
  type SpeakerConfig,
  sortedCommunities,
} from './speaker.ts';

const program = '/usr/sbin/bgpd';
const control = '/usr/sbin/bgpctl';

/** OpenBGPD's portable version (https://www.openbgpd.org). Its three processes need /run/openbgpd. */
export const openbgpd: Speaker = {
  name: 'OpenBGPD',
  debianPackage: 'openbgpd',
  programs: [program, control],
  supports: {
    password: true,
    // The portable version never signs on its listening socket: BIRD and FRR cannot dial it either.
    passwordWhenDialled: false,
    ttlSecurity: true,
    addPath: true,
    gracefulRestart: true,
    extendedMessage: false,
    flowspec: false,
    originatedAsPath: false,
    multiExitDiscriminator: true,
  },
  async start(config) {
    const file = join(config.directory, 'bgpd.conf');
    const socket = join(config.directory, 'bgpd.ctl');
    mkdirSync('/run/openbgpd', { recursive: true });
    writeFileSync(file, configuration(config, socket));
    // bgpd refuses a configuration that others may read.
    chmodSync(file, 0o600);
    const bgpd = new SpeakerProcess(program, ['-d', '-v', '-f', file]);
    const bgpctl = (...words: string[]): Promise<string> =>
      run(control, '-j', '-s', socket, ...words);
    await until(
      'OpenBGPD answers',
      () => bgpctl('show', 'neighbor'),
      () => bgpd.log(),
    );
    const { address } = config.peer;
    return {
      ...bgpd.running(),
      established: async () => {
        const answer = JSON.parse(await bgpctl('show', 'neighbor', address)) as {
          neighbors?: { state?: string }[];
        };
        return answer.neighbors?.[0]?.state === 'Established';
      },
      receivedRoutes: async () => {
        const answer = JSON.parse(
          await bgpctl('show', 'rib', 'in', 'neighbor', address, 'detail'),
        ) as {
          rib?: OpenBgpdRoute[];
        };
        return (answer.rib ?? []).map(toRoute);
      },
      shutdown: async (text) => {
        await run(control, '-s', socket, 'neighbor', address, 'down', text);
      },
      requestRefresh: async () => {
        await run(control, '-s', socket, 'neighbor', address, 'refresh');
      },
    } satisfies RunningSpeaker;
  },
};

function configuration(config: SpeakerConfig, socket: string): string {
  const { local, peer } = config;
  const announced = {
    'ipv4-unicast': 'IPv4 unicast',
    'ipv6-unicast': 'IPv6 unicast',
    'ipv4-flowspec': '',
  };
  const families = familiesOf(config)
    .filter((family) => family !== 'ipv4-flowspec')
    .map((family) => `  announce ${announced[family]}`);
  const addPath = [
    config.addPath === 'receive' || config.addPath === 'both' ? '  announce add-path recv yes' : '',
    config.addPath === 'send' || config.addPath === 'both' ? '  announce add-path send all' : '',
  ];
  return `
AS ${local.as}
router-id ${local.routerId}
listen on ${local.address} port ${local.port}
socket "${socket}"
fib-update no
nexthop qualify via default
${config.routes.map(network).join('\n')}
neighbor ${peer.address} {
  remote-as ${peer.as}
  port ${peer.port}
  local-address ${local.address}
  holdtime ${config.holdTime}
  ${config.ttlSecurity === true ? 'ttl-security yes' : 'multihop 255'}
  ${config.passive ? 'passive' : ''}
  ${config.password === undefined ? '' : `tcp md5sig password ${config.password}`}
${families.join('\n')}
${addPath.join('\n')}
  announce restart ${config.gracefulRestart === true ? 'yes' : 'no'}
}
allow from any
allow to any
match to any set nexthop no-modify
`;
}

function network(route: PlainRoute): string {
  const sets = [
    ...(route.communities.length === 0 ? [] : route.communities.map((c) => `community ${c}`)),
    ...route.largeCommunities.map((c) => `large-community ${c}`),
    `origin ${route.origin}`,
    `nexthop ${route.nextHop}`,
    ...(route.multiExitDiscriminator === undefined
      ? []
      : [`metric ${route.multiExitDiscriminator}`]),
  ];
  return `network ${route.prefix} set { ${sets.join(' ')} }`;
}

interface OpenBgpdRoute {
  readonly prefix: string;
  readonly aspath: string;
  readonly exit_nexthop: string;
  readonly origin: string;
  readonly metric?: number;
  readonly communities?: readonly string[];
  readonly large_communities?: readonly string[];
}

function toRoute(route: OpenBgpdRoute): PlainRoute {
  return {
    prefix: route.prefix,
    nextHop: route.exit_nexthop,
    asPath: route.aspath.split(' ').filter(Boolean).map(Number),
    origin: route.origin.toLowerCase() as PlainRoute['origin'],
    ...(route.metric === undefined ? {} : { multiExitDiscriminator: route.metric }),
    communities: sortedCommunities(route.communities ?? []),
    largeCommunities: sortedCommunities(route.large_communities ?? []),
  };
}
