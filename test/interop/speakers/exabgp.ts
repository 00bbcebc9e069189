import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpeakerProcess, until } from './process.ts';
import {
  familiesOf,
  type PlainRoute,
  type RunningSpeaker,
  type Speaker,
  type SpeakerConfig,
  sortedCommunities,
} from './speaker.ts';

const program = '/usr/sbin/exabgp';

/** ExaBGP (https://github.com/Exa-Networks/exabgp): tells what it receives to a process of ours, line by line. */
export const exabgp: Speaker = {
  name: 'ExaBGP',
  debianPackage: 'exabgp',
  programs: [program],
  supports: {
    password: true,
    passwordWhenDialled: true,
    ttlSecurity: true,
    addPath: true,
    gracefulRestart: true,
    extendedMessage: true,
    flowspec: true,
    originatedAsPath: true,
    multiExitDiscriminator: true,
  },
  async start(config) {
    const file = join(config.directory, 'exabgp.conf');
    const record = join(config.directory, 'received.jsonl');
    const commands = join(config.directory, 'commands');
    const recorder = join(config.directory, 'record.sh');
    writeFileSync(record, '');
    writeFileSync(commands, '');
    writeFileSync(recorder, recorderScript(record, commands), { mode: 0o755 });
    writeFileSync(file, configuration(config, recorder));
    const daemon = new SpeakerProcess(program, [file], {
      'exabgp.tcp.bind': config.local.address,
      'exabgp.tcp.port': String(config.local.port),
      'exabgp.daemon.user': 'root',
      'exabgp.daemon.drop': 'false',
      'exabgp.api.cli': 'false',
      'exabgp.api.ack': 'false',
      'exabgp.cache.attributes': 'false',
    });
    const messages = (): ExaMessage[] =>
      readFileSync(record, 'utf8')
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line) as ExaMessage);
    await until(
      'ExaBGP is ready',
      () => daemon.log().includes('loaded new configuration'),
      () => daemon.log(),
    );
    return {
      ...daemon.running(),
      established: async () =>
        messages().findLast((message) => message.type === 'state')?.neighbor.state === 'up',
      receivedRoutes: async () => replay(messages()),
      // It has no lasting shutdown: this one is a Cease, after which it dials again.
      shutdown: async () =>
        appendFileSync(commands, `neighbor ${config.peer.address} teardown 2\n`),
    } satisfies RunningSpeaker;
  },
};

/** Keeps what ExaBGP says line by line, and says to it what is appended to the file of commands. */
function recorderScript(record: string, commands: string): string {
  return `#!/bin/sh
tail -n +1 -f '${commands}' &
# The pipe back to ExaBGP stays open as descriptor 3: its end would count as our death.
exec 3>&1
exec cat > '${record}'
`;
}

function configuration(config: SpeakerConfig, recorder: string): string {
  const { local, peer } = config;
  const names = {
    'ipv4-unicast': 'ipv4 unicast',
    'ipv6-unicast': 'ipv6 unicast',
    'ipv4-flowspec': 'ipv4 flow',
  };
  const addPath = { send: 'send', receive: 'receive', both: 'send/receive' };
  return `
process record { run ${recorder}; encoder json; }
neighbor ${peer.address} {
  router-id ${local.routerId};
  local-address ${local.address};
  local-as ${local.as};
  peer-as ${peer.as};
  hold-time ${config.holdTime};
  ${config.passive ? `passive true; listen ${local.port};` : `connect ${peer.port};`}
  ${config.password === undefined ? '' : `md5-password "${config.password}";`}
  ${config.ttlSecurity === true ? 'outgoing-ttl 255; incoming-ttl 255;' : ''}
  capability {
    graceful-restart ${config.gracefulRestart === true ? '20' : 'disable'};
    ${config.addPath === undefined ? '' : `add-path ${addPath[config.addPath]};`}
    route-refresh enable;
    extended-message enable;
  }
  family { ${familiesOf(config)
    .map((family) => `${names[family]};`)
    .join(' ')} }
  ${config.addPath === undefined ? '' : 'add-path { ipv4 unicast; }'}
  api { processes [ record ]; neighbor-changes; receive { parsed; update; notification; } }
  static {
${config.routes.map((route) => announcement(route, local.as)).join('\n')}
  }
}
`;
}

/** ExaBGP sends a given AS_PATH as it is: its own AS is put in front here. */
function announcement(route: PlainRoute, localAs: number): string {
  const parts = [
    `next-hop ${route.nextHop}`,
    `origin ${route.origin}`,
    ...(route.asPath.length === 0 ? [] : [`as-path [ ${[localAs, ...route.asPath].join(' ')} ]`]),
    ...(route.multiExitDiscriminator === undefined ? [] : [`med ${route.multiExitDiscriminator}`]),
    ...(route.communities.length === 0 ? [] : [`community [ ${route.communities.join(' ')} ]`]),
    ...(route.largeCommunities.length === 0
      ? []
      : [`large-community [ ${route.largeCommunities.join(' ')} ]`]),
  ];
  return `    route ${route.prefix} ${parts.join(' ')};`;
}

interface ExaMessage {
  readonly type: string;
  readonly neighbor: {
    readonly state?: string;
    readonly message?: {
      readonly update?: {
        readonly attribute?: {
          readonly origin?: string;
          readonly 'as-path'?:
            | readonly number[]
            | Readonly<Record<string, { readonly value: readonly number[] }>>;
          readonly med?: number;
          readonly community?: readonly (readonly number[])[];
          readonly 'large-community'?: readonly (readonly number[])[];
        };
        readonly announce?: Readonly<
          Record<string, Readonly<Record<string, readonly { readonly nlri: string }[]>>>
        >;
        readonly withdraw?: Readonly<Record<string, readonly { readonly nlri: string }[]>>;
      };
    };
  };
}

/** ExaBGP keeps no table: what it holds is what it was told, in order, since the session came up. */
function replay(messages: readonly ExaMessage[]): PlainRoute[] {
  const routes = new Map<string, PlainRoute>();
  for (const { type, neighbor } of messages) {
    if (type === 'state' && neighbor.state !== 'up') routes.clear();
    const update = neighbor.message?.update;
    if (update === undefined) continue;
    for (const withdrawn of Object.values(update.withdraw ?? {})) {
      for (const { nlri } of withdrawn) routes.delete(nlri);
    }
    for (const byNextHop of Object.values(update.announce ?? {})) {
      for (const [nextHop, prefixes] of Object.entries(byNextHop)) {
        for (const { nlri } of prefixes) {
          const attribute = update.attribute ?? {};
          const path = attribute['as-path'] ?? [];
          routes.set(nlri, {
            prefix: nlri,
            nextHop,
            asPath: Array.isArray(path)
              ? (path as readonly number[])
              : Object.values(path as Record<string, { value: readonly number[] }>).flatMap(
                  (part) => part.value,
                ),
            origin: (attribute.origin ?? 'incomplete') as PlainRoute['origin'],
            ...(attribute.med === undefined ? {} : { multiExitDiscriminator: attribute.med }),
            communities: sortedCommunities(
              (attribute.community ?? []).map((parts) => parts.join(':')),
            ),
            largeCommunities: sortedCommunities(
              (attribute['large-community'] ?? []).map((parts) => parts.join(':')),
            ),
          });
        }
      }
    }
  }
  return [...routes.values()];
}
