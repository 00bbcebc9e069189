import { type PeerOptions, type PeerSnapshot, peerOptionDefaults } from '@peerloom/ipc';

/** A moment that the fixtures are seen at, in milliseconds since the epoch. */
export const now: number = Date.UTC(2026, 0, 2, 3, 4, 5);

const noMessages = {
  open: 0,
  update: 0,
  notification: 0,
  keepalive: 0,
  routeRefresh: 0,
  total: 0,
  bytes: 0,
};

/** Options of a peer that was told nothing but what it must be. */
export function peerOptions(settings: Partial<PeerOptions> = {}): PeerOptions {
  return {
    ...peerOptionDefaults,
    address: '192.0.2.2',
    localAs: 65000,
    remoteAs: 65001,
    routerId: '192.0.2.1',
    ...settings,
  };
}

/** A peer that has not been up yet, with what is given over it. */
export function peerSnapshot(settings: Partial<PeerSnapshot> = {}): PeerSnapshot {
  return {
    peer: 1,
    address: '192.0.2.2',
    description: '',
    localAs: 65000,
    remoteAs: 65001,
    state: 'Active',
    shutdown: false,
    shutdownText: '',
    stateSince: now - 5000,
    connections: [],
    session: undefined,
    received: noMessages,
    sent: noMessages,
    prefixes: {},
    established: 0,
    flaps: 0,
    lastErrorSent: undefined,
    lastErrorReceived: undefined,
    lastError: undefined,
    faults: { sessionReset: 0, afiSafiDisable: 0, treatAsWithdraw: 0, attributeDiscard: 0 },
    lastFault: undefined,
    timers: {},
    inputQueue: 0,
    outputQueue: 0,
    stuckReason: undefined,
    handlerErrors: 0,
    handlerSlowest: 0,
    ...settings,
  };
}

const ends = {
  localAddress: '192.0.2.1',
  localPort: 179,
  remoteAddress: '192.0.2.2',
  remotePort: 41000,
};

/** A peer that has been Established for 83 seconds, dialled by the neighbor. */
export function establishedPeer(settings: Partial<PeerSnapshot> = {}): PeerSnapshot {
  return peerSnapshot({
    state: 'Established',
    stateSince: now - 83_000,
    description: 'upstream',
    connections: [{ ...ends, connection: 7, dialled: false }],
    session: {
      session: 1,
      connection: 7,
      ends,
      dialled: false,
      remoteAs: 65001,
      remoteRouterId: '198.51.100.1',
      peerType: 'external',
      holdTime: 90,
      keepaliveTime: 30,
      families: ['ipv4-unicast', 'ipv6-unicast'],
      fourOctetAs: true,
      maximumReceiveLength: 65535,
      maximumSendLength: 4096,
      routeRefresh: true,
      enhancedRouteRefresh: false,
      addPathReceive: ['ipv4-unicast'],
      addPathSend: [],
      extendedNextHop: [],
      gracefulRestart: {
        restarting: false,
        notification: true,
        restartTime: 120,
        families: ['ipv4-unicast'],
      },
      softwareVersion: 'BIRD 2.0.12',
      capabilitiesSent: ['multiprotocol ipv4-unicast', 'extended message'],
      capabilitiesReceived: ['multiprotocol ipv4-unicast', 'fqdn r1.example'],
      uptime: 83.4,
      disabledFamilies: [],
    },
    received: { ...noMessages, open: 1, update: 5, keepalive: 4, total: 10, bytes: 812 },
    sent: { ...noMessages, open: 1, update: 2, keepalive: 4, total: 7, bytes: 301 },
    prefixes: {
      'ipv4-unicast': { received: 3, stale: 1, advertised: 2, pending: 0, maximum: 100 },
      'ipv6-unicast': { received: 2, stale: 0, advertised: 0, pending: 1 },
    },
    established: 2,
    flaps: 1,
    lastErrorReceived: {
      time: now - 100_000,
      direction: 'received',
      code: 6,
      subcode: 2,
      name: 'Cease/Administrative Shutdown',
      text: 'maintenance',
    },
    lastError: {
      time: now - 100_000,
      direction: 'received',
      code: 6,
      subcode: 2,
      name: 'Cease/Administrative Shutdown',
      text: 'maintenance',
    },
    timers: { hold: 71.25, keepalive: 12 },
    outputQueue: 19,
    ...settings,
  });
}
