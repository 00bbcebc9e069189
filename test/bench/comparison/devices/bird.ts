import { birdPrograms, launchBird } from '../../../interop/speakers/launch.ts';
import { run, until } from '../../../interop/speakers/process.ts';
import type { Device, DeviceSetup, SinkNeighbours } from './device.ts';

/** BIRD 2 with a dynamic BGP protocol for the whole range. */
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
  const { sinks } = setup;
  return `
router id 10.0.0.1;
log stderr all;
protocol device {}
protocol bgp {
  local ${setup.address} port ${setup.port} as ${setup.localAs};
  neighbor range ${setup.peerRange} as ${setup.peerAs};
  dynamic name "peer";
  strict bind yes;
  multihop;
  hold time ${setup.holdTime};
  ipv4 { import all; export none; };
}
${sinks === undefined ? '' : sinkProtocol(setup, sinks)}`;
}

function sinkProtocol(
  { address, port, localAs, holdTime }: DeviceSetup,
  sinks: SinkNeighbours,
): string {
  return `
protocol bgp {
  local ${address} port ${port} as ${localAs};
  neighbor range ${sinks.range} as ${sinks.as};
  dynamic name "sink";
  strict bind yes;
  multihop;
  hold time ${holdTime};
  ipv4 { import none; export all; };
}
`;
}
