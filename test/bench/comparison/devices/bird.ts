import { birdPrograms, launchBird } from '../../../interop/speakers/launch.ts';
import { run, until } from '../../../interop/speakers/process.ts';
import { addressesOf, type Device, type DeviceSetup, type SinkNeighbours } from './device.ts';

/** BIRD 2, with a dynamic BGP protocol for the whole range, or one for each neighbour. */
export const bird: Device = {
  name: 'BIRD',
  debianPackage: 'bird2',
  programs: birdPrograms,
  sends: 'learnt',
  differences: ['selects a best route for each prefix; one table for all neighbours'],
  version: async () => (await run('/bin/sh', '-c', `${birdPrograms[0]} --version 2>&1`)).trim(),
  async start(setup) {
    const { daemon, control: birdc } = launchBird(setup.directory, configuration(setup));
    await until(
      'BIRD answers',
      () => birdc('show', 'status'),
      () => daemon.log(),
    );
    return {
      pid: daemon.pid,
      held: async () => {
        const protocols = await birdc('show', 'protocols');
        const count = await birdc('show', 'route', 'count');
        return {
          sessions: [...protocols.matchAll(/ BGP .* Established/g)].length,
          routes: Number(/^(\d+) of \d+ routes/m.exec(count)?.[1] ?? 0),
        };
      },
      log: () => daemon.log(),
      stop: () => daemon.stop(),
    };
  },
};

function configuration(setup: DeviceSetup): string {
  const { peerAs, peerRange, sinks, listed } = setup;
  const accepted = listed
    ? addressesOf(setup).map(
        (address) => `protocol bgp from tester { neighbor ${address} as ${peerAs}; }`,
      )
    : [
        `protocol bgp from tester { neighbor range ${peerRange} as ${peerAs}; dynamic name "peer"; }`,
      ];
  return `
router id 10.0.0.1;
log stderr all;
protocol device {}
template bgp tester {
  local ${setup.address} port ${setup.port} as ${setup.localAs};
  passive;
  strict bind yes;
  multihop;
  hold time ${setup.holdTime};
  ipv4 { import all; export none; };
}
${accepted.join('\n')}
${sinks === undefined ? '' : sinkProtocol(sinks)}`;
}

function sinkProtocol({ range, as }: SinkNeighbours): string {
  return `
protocol bgp from tester {
  neighbor range ${range} as ${as};
  dynamic name "sink";
  ipv4 { import none; export all; };
}
`;
}
