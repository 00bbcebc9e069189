import { frrPrograms, launchFrr } from '../../../interop/speakers/launch.ts';
import { run, until } from '../../../interop/speakers/process.ts';
import { addressesOf, type Device, type DeviceSetup, type SinkNeighbours } from './device.ts';

/** FRR's bgpd on its own. */
export const frr: Device = {
  name: 'FRR',
  debianPackage: 'frr',
  programs: frrPrograms,
  sends: 'learnt',
  differences: [
    'selects a best route for each prefix; runs without zebra, so that it installs none',
  ],
  version: async () => (await run(frrPrograms[0], '--version')).split('\n', 1)[0]!,
  async start(setup) {
    const { daemon: bgpd, control: vtysh } = launchFrr(
      setup.directory,
      configuration(setup),
      setup,
    );
    await until(
      'FRR answers',
      () => vtysh('show bgp summary json'),
      () => bgpd.log(),
    );
    return {
      pid: bgpd.pid,
      held: async () => {
        const { peers = {} } = JSON.parse(await vtysh('show bgp ipv4 unicast summary json')) as {
          peers?: Record<string, { state: string; pfxRcd?: number }>;
        };
        const all = Object.values(peers);
        return {
          sessions: all.filter(({ state }) => state === 'Established').length,
          routes: all.reduce((sum, { pfxRcd = 0 }) => sum + pfxRcd, 0),
        };
      },
      log: () => bgpd.log(),
      stop: () => bgpd.stop(),
    };
  },
};

function configuration(setup: DeviceSetup): string {
  const { localAs, peerAs, peerRange, peers, holdTime, sinks, listed } = setup;
  const timers = `${Math.max(1, Math.floor(holdTime / 3))} ${holdTime}`;
  // Each for itself: with 3,000 neighbours of a group FRR sets up a fifth fewer sessions a second.
  const testers = listed ? addressesOf(setup) : ['tester'];
  const [group, range] = listed
    ? ['', '']
    : [' neighbor tester peer-group', ` bgp listen range ${peerRange} peer-group tester`];
  const settings = testers.flatMap((neighbour) => [
    ` neighbor ${neighbour} remote-as ${peerAs}`,
    ` neighbor ${neighbour} ebgp-multihop 255`,
    ` neighbor ${neighbour} passive`,
  ]);
  const family = testers.flatMap((neighbour) => [
    `  neighbor ${neighbour} activate`,
    `  neighbor ${neighbour} route-map none out`,
  ]);
  return `
hostname frr
router bgp ${localAs}
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 bgp disable-ebgp-connected-route-check
 timers bgp ${timers}
 bgp listen limit ${Math.max(100, peers + (sinks?.count ?? 0))}
${group}
${settings.join('\n')}
${range}
${sinks === undefined ? '' : sinkGroup(sinks)} address-family ipv4 unicast
${family.join('\n')}
${sinks === undefined ? '' : '  neighbor sink activate\n'} exit-address-family
!
route-map none deny 10
exit
`;
}

function sinkGroup({ as, range }: SinkNeighbours): string {
  return ` neighbor sink peer-group
 neighbor sink remote-as ${as}
 neighbor sink ebgp-multihop 255
 neighbor sink passive
 bgp listen range ${range} peer-group sink
`;
}
