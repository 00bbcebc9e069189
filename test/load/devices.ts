import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gobgpGroup } from '../interop/speakers/gobgpGroup.ts';
import { birdPrograms, frrPrograms, launchBird, launchFrr } from '../interop/speakers/launch.ts';
import { SpeakerProcess } from '../interop/speakers/process.ts';
import type { Place, StartDevice } from './transit.ts';

/** A daemon that can be the device under test, and the Debian package that brings it. */
export interface DeviceKind {
  readonly programs: readonly string[];
  readonly debianPackage: string;
  readonly start: StartDevice;
}

/** How a BIRD differs from one that lets everything through; each value in its own words. */
export interface BirdOptions {
  /** Of the IPv4 channel. */
  readonly filter?: string;
  /** Of the sessions with sources and with sinks, in the `protocol bgp` of each. */
  readonly sources?: string;
  readonly sinks?: string;
  readonly sourceAs?: number;
  readonly sinkAs?: number;
  /** Beside all that. */
  readonly more?: string;
}

/** BIRD with two dynamic protocols, so configured. */
export function bird(options: BirdOptions = {}): DeviceKind {
  return {
    programs: birdPrograms,
    debianPackage: 'bird2',
    start: (place) => launchBird(place.directory, birdConfiguration(place, options)).daemon,
  };
}

function birdConfiguration(
  { network, address, port }: Place,
  { filter = 'import all;', sources = '', sinks = '', sourceAs, sinkAs, more = '' }: BirdOptions,
): string {
  return `
router id 192.0.2.9;
log stderr all;
protocol device {}
template bgp tester {
  local ${address} port ${port} as 65000;
  strict bind yes;
  multihop 2;
  passive yes;
  hold time 90;
  error wait time 1, 2;
  ipv4 { ${filter} export all; };
  ipv6 { import all; export all; next hop address 2001:db8::9; };
}
protocol bgp from tester {
  neighbor range ${network}.0/25 as ${sourceAs ?? 65_001};
  dynamic name "source";
  ${sources}
}
protocol bgp from tester {
  neighbor range ${network}.128/25 as ${sinkAs ?? 66_001};
  dynamic name "sink";
  ${sinks}
}
${more}
`;
}

function frrGroup(name: string, as: number, range: string): string {
  return `
 neighbor ${name} peer-group
 neighbor ${name} remote-as ${as}
 neighbor ${name} passive
 neighbor ${name} ebgp-multihop 4
 neighbor ${name} advertisement-interval 0
 bgp listen range ${range} peer-group ${name}`;
}

/** FRR's bgpd on its own, with a listen range each for sources and sinks. */
export const frr: DeviceKind = {
  programs: frrPrograms,
  debianPackage: 'frr',
  start: (place) => launchFrr(place.directory, frrConfiguration(place), place).daemon,
};

function frrConfiguration({ network }: Place): string {
  return `
hostname frr
router bgp 65000
 bgp router-id 192.0.2.10
 no bgp ebgp-requires-policy
 no bgp network import-check
 bgp disable-ebgp-connected-route-check${frrGroup('source', 65_001, `${network}.0/25`)}${frrGroup('sink', 66_001, `${network}.128/25`)}
`;
}

/** GoBGP with two peer groups of dynamic neighbours. */
export const gobgp: DeviceKind = {
  programs: ['/usr/bin/gobgpd'],
  debianPackage: 'gobgpd',
  start: ({ network, address, port, directory }) => {
    const file = join(directory, 'gobgpd.toml');
    writeFileSync(
      file,
      `
[global.config]
  as = 65000
  router-id = "192.0.2.11"
  port = ${port}
  local-address-list = ["${address}"]
${gobgpGroup('source', 65_001, `${network}.0/25`)}${gobgpGroup('sink', 66_001, `${network}.128/25`)}`,
    );
    // It would listen for commands on a port that another one may have.
    const quiet = ['--api-hosts', `unix://${join(directory, 'api.sock')}`, '--pprof-disable'];
    return new SpeakerProcess('/usr/bin/gobgpd', ['-f', file, ...quiet]);
  },
};

/** OpenBGPD with a template neighbour each for sources and sinks. */
export const openbgpd: DeviceKind = {
  programs: ['/usr/sbin/bgpd'],
  debianPackage: 'openbgpd',
  start: ({ network, address, port, directory }) => {
    const file = join(directory, 'bgpd.conf');
    mkdirSync('/run/openbgpd', { recursive: true });
    const neighbor = (range: string, as: number): string => `
neighbor ${range} {
  remote-as ${as}
  local-address ${address}
  multihop 255
  passive
  announce IPv4 unicast
  announce IPv6 none
}`;
    writeFileSync(
      file,
      `
AS 65000
router-id 192.0.2.12
listen on ${address} port ${port}
socket "${join(directory, 'ctl')}"
fib-update no
nexthop qualify via default
${neighbor(`${network}.0/25`, 65_001)}
${neighbor(`${network}.128/25`, 66_001)}
allow from any
allow to any
`,
    );
    // It refuses a configuration that others may read.
    chmodSync(file, 0o600);
    return new SpeakerProcess('/usr/sbin/bgpd', ['-d', '-f', file]);
  },
};

/** ExaBGP, which passes no routes on, with the first neighbours of the network, sources, listed one by one. */
export const exabgp: DeviceKind = {
  programs: ['/usr/sbin/exabgp'],
  debianPackage: 'exabgp',
  start: ({ network, address, port, directory }) => {
    const file = join(directory, 'exabgp.conf');
    const neighbors = [1, 2, 3].map(
      (host) => `
neighbor ${network}.${host} {
  router-id 192.0.2.13;
  local-address ${address};
  local-as 65000;
  peer-as 65001;
  passive true;
  listen ${port};
  family { ipv4 unicast; }
}`,
    );
    writeFileSync(file, neighbors.join('\n'));
    return new SpeakerProcess('/usr/sbin/exabgp', [file], {
      'exabgp.tcp.bind': address,
      'exabgp.tcp.port': String(port),
      'exabgp.daemon.user': 'root',
      'exabgp.daemon.drop': 'false',
      'exabgp.api.cli': 'false',
    });
  },
};
