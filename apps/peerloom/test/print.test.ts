import type { PeerOptions } from '@peerloom/ipc';
import { describe, expect, it } from 'vitest';
import { durationText } from '../src/print/duration.ts';
import { eventLine } from '../src/print/events.ts';
import { metricsLines } from '../src/print/metrics.ts';
import { neighborLines } from '../src/print/neighbor.ts';
import { summaryLines, summaryPeer, summaryRow } from '../src/print/summary.ts';
import { tableLines } from '../src/print/table.ts';
import { type TcpRow, tcpLines } from '../src/print/tcp.ts';
import { establishedPeer, now, peerOptions, peerSnapshot } from './snapshots.ts';

const speaker = { routerId: '192.0.2.1', localAs: 65000 };

describe('a duration', () => {
  it.for([
    [0, '00:00:00'],
    [83.9, '00:01:23'],
    [86_399, '23:59:59'],
    [86_400, '1d00h'],
    [93_600, '1d02h'],
    [604_799, '6d23h'],
    [604_800, '1w0d'],
    [1_555_200, '2w4d'],
    [-5, '00:00:00'],
  ] as const)('of %d s is %s', ([seconds, text]) => {
    expect(durationText(seconds)).toBe(text);
  });
});

it('a table is as wide as what it holds, and its lines end with text', () => {
  const lines = tableLines<{ a: string; b: string }>(
    [
      { title: 'A', align: 'left', width: 3, text: ({ a }) => a },
      { title: 'BB', align: 'right', text: ({ b }) => b },
      { title: '', align: 'left', text: () => '' },
    ],
    [
      { a: 'x', b: '1' },
      { a: 'wider', b: '' },
    ],
  );
  expect(lines).toEqual(['A      BB', 'x       1', 'wider']);
});

describe('show ip bgp summary', () => {
  const down = peerSnapshot({ address: '2001:db8::3', remoteAs: 'external' });
  const wasUp = peerSnapshot({ address: '192.0.2.4', established: 1, flaps: 1, state: 'Connect' });
  const off = peerSnapshot({ address: '192.0.2.5', state: 'Idle', shutdown: true });
  const tooMany = peerSnapshot({
    address: '192.0.2.6',
    state: 'Idle',
    established: 1,
    stuckReason: { code: 'maximum-prefixes', text: '', remedy: '', times: 1, since: now },
  });
  const rows = [establishedPeer(), down, wasUp, off, tooMany].map((peer) => summaryRow(peer, now));

  it('looks like the one that people know', () => {
    expect(summaryLines(speaker, rows).join('\n')).toBe(
      `\
BGP router identifier 192.0.2.1, local AS number 65000

Neighbor         V          AS  MsgRcvd  MsgSent   InQ  OutQ   Up/Down  State/PfxRcd
192.0.2.2        4       65001       10        7     0    19  00:01:23             5
2001:db8::3      4    external        0        0     0     0     never        Active
192.0.2.4        4       65001        0        0     0     0  00:00:05       Connect
192.0.2.5        4       65001        0        0     0     0     never  Idle (Admin)
192.0.2.6        4       65001        0        0     0     0  00:00:05  Idle (PfxCt)

Total number of neighbors 5, established 1, prefixes received 5`,
    );
  });

  it('says how many are not shown', () => {
    expect(summaryLines(speaker, rows, 1).slice(-2)).toEqual([
      '... and 4 more',
      'Total number of neighbors 5, established 1, prefixes received 5',
    ]);
  });

  it('has exactly the documented keys as JSON', () => {
    expect(rows.slice(0, 2).map(summaryPeer)).toEqual([
      {
        address: '192.0.2.2',
        remoteAs: 65001,
        state: 'Established',
        uptimeSeconds: 83,
        messagesReceived: 10,
        messagesSent: 7,
        prefixesReceived: 5,
        flaps: 1,
        lastError: 'Cease/Administrative Shutdown: maintenance',
      },
      {
        address: '2001:db8::3',
        remoteAs: 'external',
        state: 'Active',
        uptimeSeconds: 0,
        messagesReceived: 0,
        messagesSent: 0,
        prefixesReceived: 0,
        flaps: 0,
        lastError: null,
      },
    ]);
  });
});

const options = (
  settings: Partial<PeerOptions> = {},
): PeerOptions & { readonly passwordSet: boolean } => ({
  ...peerOptions(settings),
  passwordSet: false,
});

describe('show ip bgp neighbors', () => {
  it('has all there is to know of a session', () => {
    const lines = neighborLines({ ...establishedPeer(), options: options() }, now);
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "BGP neighbor is 192.0.2.2, remote AS 65001, local AS 65000, external link
        Description: upstream
        BGP version 4, remote router ID 198.51.100.1, local router ID 192.0.2.1
        BGP state = Established, up for 00:01:23
        Capabilities:
          in use: families ipv4-unicast, ipv6-unicast
          in use: 4-octet AS numbers
          in use: messages of up to 65535 octets in, 4096 out
          in use: route refresh
          in use: ADD-PATH in: ipv4-unicast
          in use: graceful restart: neighbor comes back within 120 s, keeps ipv4-unicast, over NOTIFICATIONs too (RFC 8538)
          sent: multiprotocol ipv4-unicast, extended message
          received: multiprotocol ipv4-unicast, fqdn r1.example
          software of the neighbor: BIRD 2.0.12
        Timers:
          hold time 90 s, keepalive interval 30 s; connect retry time 30 s
          running: hold 71.3 s, keepalive 12.0 s
          state machine: classic
        Message statistics:
                                Sent    Received
          OPEN                     1           1
          UPDATE                   2           5
          NOTIFICATION             0           0
          KEEPALIVE                4           4
          ROUTE-REFRESH            0           0
          Total                    7          10
          Octets                 301         812
          Octets waiting          19           0
        Address families:
                        Received  Stale  Advertised  Pending  Maximum
          ipv4-unicast         3      1           2        0      100
          ipv6-unicast         2      0           0        1     none
        Connections established 2; dropped 1
        Last error sent: none
        Last error received: Cease/Administrative Shutdown: maintenance (6/2), at 2026-01-02T03:02:25.000Z
        Last end of a session or an attempt: Cease/Administrative Shutdown: maintenance (6/2), at 2026-01-02T03:02:25.000Z
        Connections:
          local 192.0.2.1 port 179, remote 192.0.2.2 port 41000, dialled by the neighbor"
    `);
  });

  it('says how many routes cannot be sent, and why', () => {
    const peer = establishedPeer();
    const unsendable = { routes: 1, reason: 'ipv6-unicast without next hop' };
    const neighbor = {
      ...peer,
      options: options(),
      prefixes: { 'ipv6-unicast': { ...peer.prefixes['ipv6-unicast']!, unsendable } },
    };
    expect(neighborLines(neighbor, now)).toContain(
      '    ipv6-unicast: 1 route cannot be sent: ipv6-unicast without next hop',
    );
  });

  it('says why a session is not up, and what would help', () => {
    const peer = peerSnapshot({
      stuckReason: {
        code: 'refused',
        text: '192.0.2.2 refuses the connection',
        remedy: 'configure our address there',
        times: 3,
        since: now,
      },
      lastFault: 'RFC 7606 §7.1: ORIGIN is 7',
      faults: { sessionReset: 0, afiSafiDisable: 0, treatAsWithdraw: 2, attributeDiscard: 0 },
      lastErrorSent: {
        time: now - 1000,
        direction: 'sent',
        code: 2,
        subcode: 2,
        name: 'OPEN Message Error/Bad Peer AS',
        data: 'fde9',
        text: 'the neighbor is AS 65001',
      },
    });
    const lines = neighborLines({ ...peer, options: options({ profile: 'rfc4271' }) }, now);
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "BGP neighbor is 192.0.2.2, remote AS 65001, local AS 65000
        BGP version 4, remote router ID 0.0.0.0, local router ID 192.0.2.1
        BGP state = Active, for 00:00:05
        Why it is not up: 192.0.2.2 refuses the connection (3 attempts have failed)
        What would help: configure our address there
        Timers:
          hold time 90 s proposed; connect retry time 30 s
          none is running
          state machine: rfc4271
        Message statistics:
                                Sent    Received
          OPEN                     0           0
          UPDATE                   0           0
          NOTIFICATION             0           0
          KEEPALIVE                0           0
          ROUTE-REFRESH            0           0
          Total                    0           0
          Octets                   0           0
          Octets waiting           0           0
        Malformed messages (RFC 7606):
          session reset 0, AFI/SAFI disable 0, treat as withdraw 2, attribute discard 0
          last: RFC 7606 §7.1: ORIGIN is 7
        Connections established 0; dropped 0
        Last error sent: OPEN Message Error/Bad Peer AS: the neighbor is AS 65001 (2/2), data fde9, at 2026-01-02T03:04:04.000Z
        Last error received: none
        Last end of a session or an attempt: none"
    `);
  });

  it('says that it was shut down, and with which words', () => {
    const peer = peerSnapshot({ state: 'Idle', shutdown: true, shutdownText: 'new cable' });
    expect(neighborLines({ ...peer, options: options() }, now)).toContain(
      '  Administratively shut down: new cable',
    );
  });
});

it('show tcp brief tells which side dialled', () => {
  const theirs: TcpRow = {
    neighbor: '192.0.2.2',
    dialledBy: 'neighbor',
    state: 'Established',
    bgpState: 'Established',
    localAddress: '192.0.2.1',
    localPort: 179,
    remoteAddress: '192.0.2.2',
    remotePort: 41000,
  };
  const ours: TcpRow = {
    neighbor: '2001:db8::2',
    dialledBy: 'us',
    state: 'Established',
    bgpState: 'OpenSent',
    localAddress: '2001:db8::1',
    localPort: 41001,
    remoteAddress: '2001:db8::2',
    remotePort: 179,
  };
  const listener: TcpRow = {
    state: 'Listen',
    localAddress: '0.0.0.0',
    localPort: 179,
    remoteAddress: '',
    remotePort: 0,
  };
  expect(tcpLines([theirs, ours, listener])).toEqual([
    'Local Address          Foreign Address        Dialled by  (state)  BGP state',
    '192.0.2.1:179          192.0.2.2:41000        neighbor    ESTAB    Established',
    '[2001:db8::1]:41001    [2001:db8::2]:179      us          ESTAB    OpenSent',
    '0.0.0.0:179            *                                  LISTEN',
  ]);
});

it('show metrics has the supervisor and a line for each worker, also while it is being replaced', () => {
  const delay = { count: 9, p50: 0.04, p99: 2.25, max: 130 };
  const lines = metricsLines({
    supervisor: {
      bytesReceived: 812,
      bytesSent: 301,
      batchesToHosts: 12,
      batchesFromHosts: 9,
      batchBytesToHosts: 1400,
      batchBytesFromHosts: 900,
      connectionsAccepted: 3,
      connectionsRefused: {
        noNeighbor: 2,
        shutdown: 0,
        rangeFull: 0,
        tooMany: 1,
        ttl: 0,
        descriptors: 0,
        closing: 0,
        workerDown: 0,
      },
      dials: 4,
      dialsConnected: 1,
      dialsFailed: 2,
      dialsAborted: 1,
      collisions: 1,
      pauses: 0,
      workerDeaths: 1,
      lost: 0,
    },
    loopDelay: delay,
    loopUtilization: 0.034,
    connections: 4,
    pendingConnections: 1,
    readers: { count: 2, waiting: 17, octets: 900, oldest: 1234.5 },
    workers: [
      {
        peers: 2,
        established: 1,
        mailboxDelay: delay,
        mailboxOldest: 3,
        timerDelay: { ...delay, max: 3 },
        queued: 0,
        cpuSeconds: 1.26,
        utilization: 0.5,
        heapUsed: 12_345_678,
        arrayBuffers: 2_000_000,
        goneRoutes: 1_000,
        attributeBlocks: 250_000,
        attributeBytes: 20_000_000,
        handlerSlowest: 0,
        inFlight: 1024,
        window: 1_048_576,
        paused: true,
      },
      undefined,
    ],
  });
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "Supervisor
      Event loop: 3.4 % busy, late by 0.0 ms (median), 2.3 ms (p99), 130 ms at the most
      Octets from neighbors 812, to neighbors 301
      Batches to workers 12 (1400 octets), from workers 9 (900 octets)
      Connections 4, accepted and not yet Established 1
      Accepted 3, refused 3 (noNeighbor 2, tooMany 1)
      Dialled 4: connected 1, failed 2, given up 1
      Collisions 1, full windows 0, workers died 1
      Readers of events and updates 2: 17 wait (900 octets), the oldest for 1235 ms; lost 0

    Worker  Neighbors  Up    Busy  CPU s  Mail p99/max ms  Timers p99/max ms  Handler max ms  Waiting  Oldest ms          In flight  Heap MB  Buffers MB  Gone routes  Attribute blocks
         0          2   1  50.0 %    1.3          2.3/130            2.3/3.0             0.0        0        3.0  1024/1048576 full     12.3         2.0         1000            250000
         1          -   -       -      -                -                  -               -        -          -                  -        -           -            -                 -"
  `);
});

it('an event is a line', () => {
  const event = { time: now, kind: 'sessionUp', neighbor: '192.0.2.2', text: 'up', details: {} };
  expect(eventLine(event)).toBe('2026-01-02T03:04:05.000Z  192.0.2.2        sessionUp     up');
});
