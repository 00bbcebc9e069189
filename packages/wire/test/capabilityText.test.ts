import { describe, expect, it } from 'vitest';
import { type Capability, formatCapability } from '../src/index.ts';
import { hex } from './bytes.ts';

const families = [
  { afi: 1, safi: 1, forwarding: true },
  { afi: 2, safi: 1, forwarding: false },
];

describe('capabilities in words', () => {
  it.for<readonly [Capability, string]>([
    [{ type: 'multiprotocol', afi: 2, safi: 1 }, 'multiprotocol ipv6-unicast'],
    [{ type: 'multiprotocol', afi: 25, safi: 65 }, 'multiprotocol afi-25-safi-65'],
    [{ type: 'routeRefresh' }, 'route refresh'],
    [{ type: 'enhancedRouteRefresh' }, 'enhanced route refresh'],
    [{ type: 'fourOctetAs', as: 4200000000 }, '4-octet AS 4200000000'],
    [{ type: 'extendedMessage' }, 'extended message'],
    [
      { type: 'gracefulRestart', restarting: true, notification: true, restartTime: 120, families },
      'graceful restart 120 s, restarting, notification: ipv4-unicast (forwarding kept), ipv6-unicast',
    ],
    [
      {
        type: 'gracefulRestart',
        restarting: false,
        notification: false,
        restartTime: 0,
        families: [],
      },
      'graceful restart 0 s',
    ],
    [
      {
        type: 'longLivedGracefulRestart',
        families: [{ afi: 1, safi: 1, forwarding: true, staleTime: 3600 }],
      },
      'long-lived graceful restart: ipv4-unicast 3600 s (forwarding kept)',
    ],
    [
      {
        type: 'addPath',
        families: [
          { afi: 1, safi: 1, sendReceive: 1 },
          { afi: 2, safi: 1, sendReceive: 3 },
        ],
      },
      'ADD-PATH: ipv4-unicast receive, ipv6-unicast send and receive',
    ],
    [
      { type: 'extendedNextHop', tuples: [{ afi: 1, safi: 1, nextHopAfi: 2 }] },
      'extended next hop: ipv4-unicast via AFI 2',
    ],
    [{ type: 'role', role: 2 }, 'role rs-client'],
    [{ type: 'role', role: 9 }, 'role 9'],
    [{ type: 'fqdn', hostname: 'r1', domain: 'example.net' }, 'FQDN r1.example.net'],
    [{ type: 'fqdn', hostname: 'r1\n', domain: '' }, String.raw`FQDN r1\u{a}`],
    [{ type: 'softwareVersion', version: 'x/1' }, 'software version x/1'],
    [
      { type: 'pathsLimit', families: [{ afi: 1, safi: 1, limit: 8 }] },
      'paths limit: ipv4-unicast 8',
    ],
    [{ type: 'unknown', code: 67, value: hex('0102') }, 'capability 67 0x0102'],
    [{ type: 'unknown', code: 128, value: hex('') }, 'capability 128'],
  ])('%j', ([capability, text]) => {
    expect(formatCapability(capability)).toBe(text);
  });
});
