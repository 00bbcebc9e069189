import { birdPrograms, launchBird } from './launch.ts';
import { until } from './process.ts';
import {
  familiesOf,
  type PlainRoute,
  type RunningSpeaker,
  type Speaker,
  type SpeakerConfig,
  sortedCommunities,
} from './speaker.ts';

/** BIRD 2 (https://bird.network.cz), one BGP protocol named `peer`. */
export const bird: Speaker = {
  name: 'BIRD',
  debianPackage: 'bird2',
  programs: birdPrograms,
  supports: {
    password: true,
    passwordWhenDialled: true,
    ttlSecurity: true,
    addPath: true,
    gracefulRestart: true,
    extendedMessage: true,
    flowspec: true,
    originatedAsPath: true,
    multiExitDiscriminator: false,
  },
  async start(config) {
    const { daemon, control: birdc } = launchBird(config.directory, configuration(config));
    await until(
      'BIRD answers',
      () => birdc('show', 'status'),
      () => daemon.log(),
    );
    return {
      ...daemon.running(),
      established: async () =>
        /BGP state:\s+Established/.test(await birdc('show', 'protocols', 'all', 'peer')),
      receivedRoutes: async () =>
        parseRoutes(await birdc('show', 'route', 'all', 'protocol', 'peer')),
      shutdown: async (text) => {
        await birdc('disable', 'peer', `"${text}"`);
      },
      requestRefresh: async () => {
        await birdc('reload', 'in', 'peer');
      },
      command: birdc,
    } satisfies RunningSpeaker;
  },
};

function configuration(config: SpeakerConfig): string {
  const { local, peer } = config;
  const channel = (family: string, table: string): string => `
  ${family} {
    table ${table};
    import all;
    export where source = RTS_STATIC;
    next hop keep;
    ${config.addPath !== undefined && family === 'ipv4' ? `add paths ${{ send: 'tx', receive: 'rx', both: 'on' }[config.addPath]};` : ''}
  };`;
  const families = familiesOf(config);
  const channels = [
    families.includes('ipv4-unicast') ? channel('ipv4', 'master4') : '',
    families.includes('ipv6-unicast') ? channel('ipv6', 'master6') : '',
    families.includes('ipv4-flowspec') ? channel('flow4', 'flowtab4') : '',
  ].join('');
  return `
router id ${local.routerId};
log stderr all;
debug protocols { states, events };
flow4 table flowtab4;
protocol device {}
${statics(config.routes, 'ipv4')}
${statics(config.routes, 'ipv6')}
${config.extra ?? ''}
protocol bgp peer {
  local ${local.address} port ${local.port} as ${local.as};
  neighbor ${peer.address} port ${peer.port} as ${peer.as};
  strict bind yes;
  multihop 1;
  hold time ${config.holdTime};
  connect delay time 1;
  connect retry time 2;
  error wait time 1, 2;
  enable extended messages yes;
  passive ${config.passive ? 'yes' : 'no'};
  graceful restart ${config.gracefulRestart === true ? 'yes' : 'aware'};
  ${config.password === undefined ? '' : `password "${config.password}";`}
  ${config.role === undefined ? '' : `local role ${config.role};`}
  ${config.ttlSecurity === true ? 'ttl security yes;' : ''}
  ${channels}
}
`;
}

function statics(routes: readonly PlainRoute[], family: 'ipv4' | 'ipv6'): string {
  const ofFamily = routes.filter((route) => route.prefix.includes(':') === (family === 'ipv6'));
  if (ofFamily.length === 0) return '';
  const origins = { igp: 'ORIGIN_IGP', egp: 'ORIGIN_EGP', incomplete: 'ORIGIN_INCOMPLETE' };
  const lines = ofFamily.map((route) => {
    const sets = [
      `bgp_origin = ${origins[route.origin]};`,
      // BIRD prepends its own AS on the way out, and refuses a next hop it would have to resolve.
      `bgp_next_hop = ${route.nextHop};`,
      ...route.asPath.toReversed().map((as) => `bgp_path.prepend(${as});`),
      ...(route.multiExitDiscriminator === undefined
        ? []
        : [`bgp_med = ${route.multiExitDiscriminator};`]),
      ...route.communities.map((c) => `bgp_community.add((${c.split(':').join(',')}));`),
      ...route.largeCommunities.map((c) => `bgp_large_community.add((${c.split(':').join(',')}));`),
    ];
    return `  route ${route.prefix} blackhole { ${sets.join(' ')} };`;
  });
  return `protocol static static_${family} {\n  ${family};\n${lines.join('\n')}\n}`;
}

function parseRoutes(text: string): PlainRoute[] {
  const routes: PlainRoute[] = [];
  let prefix = '';
  let attributes = new Map<string, string>();
  const flush = (): void => {
    if (attributes.size > 0) routes.push(toRoute(prefix, attributes));
    attributes = new Map();
  };
  for (const line of text.split('\n')) {
    const head = /^([0-9a-f.:]+\/\d+|\s{10,})\s*\S+ \[peer /.exec(line);
    if (head !== null) {
      flush();
      if (head[1]!.trim() !== '') prefix = head[1]!;
    }
    const attribute = /^\tBGP\.(\w+): (.*)$/.exec(line);
    if (attribute !== null) attributes.set(attribute[1]!, attribute[2]!);
  }
  flush();
  return routes;
}

function toRoute(prefix: string, attributes: ReadonlyMap<string, string>): PlainRoute {
  const tuples = (name: string): string[] =>
    sortedCommunities(
      [...(attributes.get(name) ?? '').matchAll(/\(([^)]*)\)/g)].map((m) =>
        m[1]!.replaceAll(/,\s*/g, ':'),
      ),
    );
  const med = attributes.get('med');
  return {
    prefix,
    nextHop: attributes.get('next_hop')?.split(' ')[0] ?? '',
    asPath: (attributes.get('as_path') ?? '').split(' ').filter(Boolean).map(Number),
    origin: (attributes.get('origin') ?? '').toLowerCase() as PlainRoute['origin'],
    ...(med === undefined ? {} : { multiExitDiscriminator: Number(med) }),
    communities: tuples('community'),
    largeCommunities: tuples('large_community'),
  };
}
