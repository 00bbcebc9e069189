import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gobgpGroup } from '../../../interop/speakers/gobgpGroup.ts';
import { freePort } from '../../../interop/speakers/port.ts';
import { run, SpeakerProcess, until } from '../../../interop/speakers/process.ts';
import { addressesOf, type Device, type DeviceSetup } from './device.ts';

const program = '/usr/bin/gobgpd';
const control = '/usr/bin/gobgp';

/** GoBGP, with a dynamic neighbour, or a list of all. */
export const gobgp: Device = {
  name: 'GoBGP',
  debianPackage: 'gobgpd',
  programs: [program, control],
  sends: 'learnt',
  differences: [
    'selects a best route for each prefix; keeps an Adj-RIB-In beside its table; uses every core',
  ],
  version: async () => (await run(program, '--version')).trim(),
  async start(setup) {
    const file = join(setup.directory, 'gobgpd.toml');
    writeFileSync(file, configuration(setup));
    const apiPort = await freePort(setup.address);
    const api = `${setup.address}:${apiPort}`;
    const gobgpd = new SpeakerProcess(program, ['-f', file, '--api-hosts', api, '--pprof-disable']);
    const command = (...words: string[]): Promise<string> =>
      run(control, '-u', setup.address, '-p', String(apiPort), ...words);
    // It answers before it has started BGP. The neighbours that are listed it takes in after that, and asking for them
    // all the while would make it slower.
    await until(
      'GoBGP has started BGP',
      async () => {
        const { asn } = JSON.parse(await command('-j', 'global')) as { asn?: number };
        return asn === setup.localAs;
      },
      () => gobgpd.log(),
    );
    return {
      pid: gobgpd.pid,
      held: async () => {
        const neighbors = JSON.parse(await command('-j', 'neighbor')) as {
          state?: { session_state?: number };
          afi_safis?: { state?: { received?: number } }[];
        }[];
        const received = neighbors.flatMap(({ afi_safis = [] }) =>
          afi_safis.map(({ state }) => state?.received ?? 0),
        );
        return {
          sessions: neighbors.filter(({ state }) => state?.session_state === 6).length,
          routes: received.reduce((sum, count) => sum + count, 0),
        };
      },
      log: () => gobgpd.log(),
      stop: () => gobgpd.stop(),
    };
  },
};

function configuration(setup: DeviceSetup): string {
  const { address, port, localAs, peerAs, peerRange, sinks } = setup;
  return `
[global.config]
  as = ${localAs}
  router-id = "10.0.0.1"
  port = ${port}
  local-address-list = ["${address}"]
[global.apply-policy.config]
  default-export-policy = "${sinks === undefined ? 'reject' : 'accept'}-route"
${group('tester', peerAs, setup.listed ? addressesOf(setup) : peerRange, setup)}
${sinks === undefined ? '' : group('sink', sinks.as, sinks.range, setup)}`;
}

function group(
  name: string,
  as: number,
  from: string | readonly string[],
  { holdTime }: DeviceSetup,
): string {
  const timers = `
  [peer-groups.timers.config]
    hold-time = ${holdTime}
    keepalive-interval = ${Math.max(1, Math.floor(holdTime / 3))}`;
  return gobgpGroup(name, as, from, timers);
}
