import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Phase, Scenario, SpeakerGroup } from '@peerloom/load';
import { SpeakerProcess, until } from '../interop/speakers/process.ts';

let transits = 0;

/** Loopback addresses that no other test process uses at the same time: `127.<x>.<y>` of `/24`s. */
export function network(): string {
  transits += 1;
  return `127.${192 + (process.pid % 48)}.${transits}`;
}

/** A TCP port that is free on an address. */
export async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A device under test that passes routes on from AS 65001, the sources, to AS 66001, the sinks. */
export interface Transit extends AsyncDisposable {
  readonly pid: number;
  readonly address: string;
  readonly port: number;
  /** Where sources and sinks are: `.1` and up, `.129` and up. */
  readonly network: string;
}

export const transitPrograms = {
  BIRD: { programs: ['/usr/sbin/bird'], debianPackage: 'bird2' },
  FRR: { programs: ['/usr/lib/frr/bgpd'], debianPackage: 'frr' },
} as const;

/** Starts a daemon that lets the tester's speakers in. `filter` and `more` are in BIRD's words. */
export async function startTransit(
  name: keyof typeof transitPrograms,
  filter = 'import all;',
  more = '',
): Promise<Transit> {
  const prefix = network();
  const address = `${prefix}.254`;
  const port = await freePort(address);
  const directory = mkdtempSync(join(tmpdir(), 'peerloom-load-'));
  chmodSync(directory, 0o755);
  const file = join(directory, 'daemon.conf');
  const daemon =
    name === 'BIRD'
      ? startBird(file, directory, birdConfiguration(prefix, address, port, filter) + more)
      : startFrr(file, directory, address, port, frrConfiguration(prefix));
  const dispose = async (): Promise<void> => {
    await daemon.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await until(
      `${name} listens`,
      () => accepts(address, port),
      () => daemon.log(),
    );
  } catch (error) {
    await dispose();
    throw error;
  }
  return { pid: daemon.pid, address, port, network: prefix, [Symbol.asyncDispose]: dispose };
}

async function accepts(address: string, port: number): Promise<boolean> {
  const socket = connect(port, address);
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}

function startBird(file: string, directory: string, configuration: string): SpeakerProcess {
  writeFileSync(file, configuration);
  const files = ['-s', join(directory, 'bird.ctl'), '-P', join(directory, 'bird.pid')];
  return new SpeakerProcess('/usr/sbin/bird', ['-f', '-c', file, ...files]);
}

function birdConfiguration(prefix: string, address: string, port: number, filter: string): string {
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
protocol bgp from tester { neighbor range ${prefix}.0/25 as 65001; dynamic name "source"; }
protocol bgp from tester { neighbor range ${prefix}.128/25 as 66001; dynamic name "sink"; }
`;
}

function startFrr(
  file: string,
  directory: string,
  address: string,
  port: number,
  configuration: string,
): SpeakerProcess {
  writeFileSync(file, configuration);
  chmodSync(file, 0o644);
  return new SpeakerProcess('/usr/lib/frr/bgpd', [
    '-f',
    file,
    '-i',
    join(directory, 'bgpd.pid'),
    '--vty_socket',
    directory,
    '-p',
    String(port),
    '-l',
    address,
    '--no_zebra',
    '--skip_runas',
    '-P',
    '0',
    '--log',
    'stdout',
  ]);
}

/** Dynamic neighbours of one kind, in FRR's words. */
function frrGroup(name: string, as: number, range: string): string {
  return `
 neighbor ${name} peer-group
 neighbor ${name} remote-as ${as}
 neighbor ${name} passive
 neighbor ${name} ebgp-multihop 4
 neighbor ${name} advertisement-interval 0
 bgp listen range ${range} peer-group ${name}`;
}

function frrConfiguration(prefix: string): string {
  return `
hostname frr
router bgp 65000
 bgp router-id 192.0.2.10
 no bgp ebgp-requires-policy
 no bgp network import-check
 bgp disable-ebgp-connected-route-check${frrGroup('source', 65_001, `${prefix}.0/25`)}${frrGroup('sink', 66_001, `${prefix}.128/25`)}
`;
}

const group: Omit<SpeakerGroup, 'role' | 'count' | 'localAs' | 'routerId'> = {
  addressStep: 1,
  asStep: 0,
  holdTime: 90,
  families: ['ipv4-unicast'],
  nextHopIpv6: '2001:db8::1',
  extendedMessage: false,
};

/** A scenario against a device: sources in AS 65001, sinks in AS 66001. */
export function scenario(
  device: Pick<Transit, 'address' | 'port' | 'network'> & { readonly pid?: number },
  sources: number,
  sinks: number,
  phases: readonly Phase[],
  more: Partial<Scenario> = {},
): Scenario {
  const { address, port, pid } = device;
  const speakers: SpeakerGroup[] = [
    {
      ...group,
      role: 'source',
      count: sources,
      localAs: 65_001,
      sourceAddress: `${device.network}.1`,
      routerId: '10.1.0.1',
    },
    {
      ...group,
      role: 'sink',
      count: sinks,
      localAs: 66_001,
      sourceAddress: `${device.network}.129`,
      routerId: '10.2.0.1',
    },
  ];
  return {
    name: 'test',
    target: { address, port, ...(pid !== undefined && { pid }) },
    speakers: speakers.filter(({ count }) => count > 0),
    routes: {
      kind: 'generated',
      prefixes: 200,
      ipv6Prefixes: 0,
      distribution: 'disjoint',
      overlap: 0.5,
    },
    seed: 1,
    phases,
    expect: { oracle: true, transparent: false },
    thresholds: [],
    workers: 1,
    ...more,
  };
}
