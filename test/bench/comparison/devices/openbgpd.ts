import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, SpeakerProcess, until } from '../../../interop/speakers/process.ts';
import { addressesOf, type Device, type DeviceSetup } from './device.ts';

const program = '/usr/sbin/bgpd';
const control = '/usr/sbin/bgpctl';

/** OpenBGPD, with a template neighbour, or a group of all of them. */
export const openbgpd: Device = {
  name: 'OpenBGPD',
  debianPackage: 'openbgpd',
  programs: [program, control],
  differences: [
    'selects a best route for each prefix; keeps an Adj-RIB-In beside its table; three processes, two of which see every UPDATE; installs none (fib-update no)',
  ],
  version: async () => (await run('/bin/sh', '-c', `${program} -V 2>&1`)).trim(),
  async start(setup) {
    const file = join(setup.directory, 'bgpd.conf');
    const socket = join(setup.directory, 'bgpd.ctl');
    mkdirSync('/run/openbgpd', { recursive: true });
    writeFileSync(file, configuration(setup, socket));
    // bgpd refuses a configuration that others may read.
    chmodSync(file, 0o600);
    const bgpd = new SpeakerProcess(program, ['-d', '-f', file]);
    const bgpctl = (...words: string[]): Promise<string> =>
      run(control, '-j', '-s', socket, ...words);
    await until(
      'OpenBGPD answers',
      () => bgpctl('show', 'neighbor'),
      () => bgpd.log(),
    );
    return {
      pid: bgpd.pid,
      held: async () => {
        const { neighbors = [] } = JSON.parse(await bgpctl('show', 'neighbor')) as {
          neighbors?: { state?: string; stats?: { prefixes?: { received?: number } } }[];
        };
        const up = neighbors.filter(({ state }) => state === 'Established');
        return {
          sessions: up.length,
          routes: up.reduce((sum, { stats }) => sum + (stats?.prefixes?.received ?? 0), 0),
        };
      },
      log: () => bgpd.log(),
      stop: () => bgpd.stop(),
    };
  },
};

function configuration(setup: DeviceSetup, socket: string): string {
  const accepted = setup.listed ? addressesOf(setup) : [setup.peerRange];
  return `
AS ${setup.localAs}
router-id 10.0.0.1
listen on ${setup.address} port ${setup.port}
socket "${socket}"
fib-update no
nexthop qualify via default
group "tester" {
  remote-as ${setup.peerAs}
  holdtime ${setup.holdTime}
  multihop 255
  passive
  announce IPv4 unicast
  announce IPv6 none
  export none
${accepted.map((neighbour) => `  neighbor ${neighbour}`).join('\n')}
}
allow from any
`;
}
