import { type CapabilityOptions, gracefulRestartDefaults, peerOptionDefaults } from '@peerloom/ipc';
import { decodeOpen, encodeOpen } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import { capabilitiesOf } from '../src/openMessage.ts';
import { peerOptions } from './testHost.ts';

const off: CapabilityOptions = {
  ...peerOptionDefaults.capabilities,
  multiprotocol: false,
  routeRefresh: false,
  enhancedRouteRefresh: false,
  fourOctetAs: false,
  extendedMessage: false,
  gracefulRestart: false,
};
const withOnly = (capabilities: Partial<CapabilityOptions>): unknown[] =>
  capabilitiesOf(
    peerOptions({
      families: ['ipv4-unicast', 'ipv6-unicast'],
      capabilities: { ...off, ...capabilities },
    }),
    false,
  );
const graceful = { ...gracefulRestartDefaults, families: ['ipv6-unicast'], forwarding: true };
const ipv4 = { afi: 1, safi: 1 };
const ipv6 = { afi: 2, safi: 1 };

describe('our OPEN announces', () => {
  const cases: [Partial<CapabilityOptions>, unknown[]][] = [
    [{}, []],
    [
      { multiprotocol: true },
      [
        { type: 'multiprotocol', ...ipv4 },
        { type: 'multiprotocol', ...ipv6 },
      ],
    ],
    [{ routeRefresh: true }, [{ type: 'routeRefresh' }]],
    [
      { routeRefresh: true, enhancedRouteRefresh: true },
      [{ type: 'routeRefresh' }, { type: 'enhancedRouteRefresh' }],
    ],
    // RFC 7313 §3.1: nothing to enhance.
    [{ enhancedRouteRefresh: true }, []],
    [{ fourOctetAs: true }, [{ type: 'fourOctetAs', as: 65001 }]],
    [{ extendedMessage: true }, [{ type: 'extendedMessage' }]],
    [
      { gracefulRestart: graceful },
      [
        {
          type: 'gracefulRestart',
          restarting: false,
          notification: true,
          restartTime: 120,
          families: [{ ...ipv6, forwarding: true }],
        },
      ],
    ],
    // RFC 9494 §4.1: not without graceful restart.
    [{ longLivedGracefulRestart: { staleTime: 7 } }, []],
    [
      { gracefulRestart: graceful, longLivedGracefulRestart: { staleTime: 7 } },
      [
        expect.objectContaining({ type: 'gracefulRestart' }),
        {
          type: 'longLivedGracefulRestart',
          families: [{ ...ipv6, forwarding: true, staleTime: 7 }],
        },
      ],
    ],
    [
      { addPath: { 'ipv4-unicast': 'both', 'ipv6-unicast': 'receive' } },
      [
        {
          type: 'addPath',
          families: [
            { ...ipv4, sendReceive: 3 },
            { ...ipv6, sendReceive: 1 },
          ],
        },
      ],
    ],
    [
      { extendedNextHop: ['ipv4-unicast'] },
      [{ type: 'extendedNextHop', tuples: [{ ...ipv4, nextHopAfi: 2 }] }],
    ],
    [
      { fqdn: { hostname: 'loom', domain: 'example.net' } },
      [{ type: 'fqdn', hostname: 'loom', domain: 'example.net' }],
    ],
    [{ softwareVersion: 'peerloom/0.1' }, [{ type: 'softwareVersion', version: 'peerloom/0.1' }]],
    [
      { pathsLimit: { 'ipv4-unicast': 4 } },
      [{ type: 'pathsLimit', families: [{ ...ipv4, limit: 4 }] }],
    ],
  ];
  it.for(cases)('for %o', ([switches, expected]) => {
    expect(withOnly(switches)).toEqual(expected);
  });

  it('what the codec can send', () => {
    const capabilities = capabilitiesOf(peerOptions(), true);
    const open = encodeOpen({
      kind: 'open',
      version: 4,
      myAs: 65001,
      holdTime: 90,
      bgpIdentifier: '192.0.2.1',
      capabilities,
    });
    const result = decodeOpen(open, 0, open.length);
    expect(result.ok && result.message.capabilities).toEqual(capabilities);
    expect(capabilities).toContainEqual(
      expect.objectContaining({ type: 'gracefulRestart', restarting: true }),
    );
  });
});
