import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, SpeakerProcess, until } from '../../../interop/speakers/process.ts';
import { addressesOf, type Device, type DeviceSetup } from './device.ts';

const program = '/usr/sbin/exabgp';

/** ExaBGP, every neighbour listed. It stands alone: no process of the user's listens to it. */
export const exabgp: Device = {
  name: 'ExaBGP',
  debianPackage: 'exabgp',
  programs: [program],
  differences: [
    'selects no best route, and tells nobody what it holds, so that only TCP says whether it has read everything; its neighbours are listed one by one',
  ],
  version: async () =>
    (await run('/bin/sh', '-c', `${program} --version | cat`)).split('\n', 1)[0]!,
  async start(setup) {
    const file = join(setup.directory, 'exabgp.conf');
    writeFileSync(file, configuration(setup));
    const daemon = new SpeakerProcess(program, [file], {
      'exabgp.tcp.bind': setup.address,
      'exabgp.tcp.port': String(setup.port),
      'exabgp.daemon.user': 'root',
      'exabgp.daemon.drop': 'false',
      'exabgp.api.cli': 'false',
    });
    await until(
      'ExaBGP is ready',
      () => daemon.log().includes('loaded new configuration'),
      () => daemon.log(),
    );
    return {
      pid: daemon.pid,
      held: async () => ({ sessions: setup.peers }),
      log: () => daemon.log(),
      stop: () => daemon.stop(),
    };
  },
};

function configuration(setup: DeviceSetup): string {
  const neighbors = addressesOf(setup).map(
    (address) => `
neighbor ${address} {
  router-id 10.0.0.1;
  local-address ${setup.address};
  local-as ${setup.localAs};
  peer-as ${setup.peerAs};
  hold-time ${setup.holdTime};
  passive true;
  listen ${setup.port};
  family { ipv4 unicast; }
}`,
  );
  return neighbors.join('\n');
}
