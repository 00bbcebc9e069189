import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { relative } from 'node:path';
import type { EngineMetrics } from '@peerloom/supervisor';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Configuration } from '../src/configuration/configuration.ts';
import type { EventItem } from '../src/control/methods.ts';
import { Daemon } from '../src/daemon/daemon.ts';
import { openLog } from '../src/daemon/log.ts';
import type { NeighborDetail } from '../src/print/neighbor.ts';
import type { ReadableRoute } from '../src/print/readableRoute.ts';
import type { Summary, SummaryPeer } from '../src/print/summary.ts';
import type { TcpRow } from '../src/print/tcp.ts';
import { inProcess, peerloom, RunningCommand } from './commandLine.ts';
import { RunningDaemon } from './runningDaemon.ts';
import { TemporaryDirectory } from './temporary.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const patience = { timeout: 15_000, interval: 50 };

const families = ['ipv4-unicast', 'ipv6-unicast', 'ipv4-flowspec'];
const listener = {
  routerId: '10.0.0.1',
  localAs: 65001,
  listen: [{ address: '127.0.0.1', port: 0 }],
  workers: 1,
  defaults: { passive: true, families },
  neighbors: [
    { address: '127.0.0.2', remoteAs: 65002 },
    { address: '127.0.0.3', remoteAs: 65003 },
  ],
  announce: [
    {
      prefix: '198.51.100.0/24',
      nextHop: '192.0.2.1',
      communities: ['65001:100', 'no-export'],
      largeCommunities: ['65001:1:2'],
      med: 5,
    },
    { prefix: '2001:db8:1::/48', nextHop: '2001:db8::1' },
  ],
};

/** One process that is two neighbors of the other. */
const dialler = (port: number): object => ({
  routerId: '10.0.0.2',
  localAs: 65002,
  workers: 1,
  defaults: { families, connectRetryTime: 1, idleHoldTime: 1, port },
  neighbors: [
    { address: '127.0.0.1', sourceAddress: '127.0.0.2', remoteAs: 65001 },
    {
      address: '127.0.0.1',
      sourceAddress: '127.0.0.3',
      remoteAs: 65001,
      localAs: 65003,
      routerId: '10.0.0.3',
    },
  ],
  announce: [
    { prefix: '203.0.113.0/24', asPath: [65010, 65011], nextHop: '192.0.2.2' },
    { prefix: '203.0.113.128/25', nextHop: '192.0.2.2' },
  ],
});

describe('two daemons', () => {
  const directory = new TemporaryDirectory();
  let one: RunningDaemon;
  let two: RunningDaemon;

  beforeAll(async () => {
    one = await RunningDaemon.start(directory, 'one', listener);
    two = await RunningDaemon.start(directory, 'two', dialler(one.port));
  });

  afterAll(async () => {
    await two?.[Symbol.asyncDispose]();
    await one?.[Symbol.asyncDispose]();
    directory[Symbol.dispose]();
  });

  const summary = async (): Promise<readonly SummaryPeer[]> =>
    (await one.ask<Summary>('show', 'ip', 'bgp', 'summary')).peers;
  const peer = async (address: string): Promise<SummaryPeer> =>
    (await summary()).find((each) => each.address === address)!;
  const states = async (): Promise<readonly string[]> =>
    (await summary()).map(({ state }) => state);
  const received = (address: string): Promise<readonly ReadableRoute[]> =>
    one.ask('show', 'bgp', 'neighbors', address, 'received-routes');
  const prefixes = async (address: string): Promise<readonly string[]> =>
    (await received(address)).map(({ prefix }) => prefix).toSorted();

  it('come up, and the summary has the documented shape', async () => {
    await expect.poll(states, patience).toEqual(['Established', 'Established']);
    await expect.poll(async () => (await peer('127.0.0.2')).prefixesReceived, patience).toBe(2);
    const { routerId, localAs, peers } = await one.ask<Summary>('show', 'ip', 'bgp', 'summary');
    expect({ routerId, localAs }).toEqual({ routerId: '10.0.0.1', localAs: 65001 });
    expect(peers[0]).toEqual({
      address: '127.0.0.2',
      remoteAs: 65002,
      state: 'Established',
      uptimeSeconds: expect.any(Number),
      messagesReceived: expect.any(Number),
      messagesSent: expect.any(Number),
      prefixesReceived: 2,
      flaps: 0,
      lastError: null,
    });
  });

  it('exchange routes with their attributes', async () => {
    const [route] = await received('127.0.0.2');
    expect(route).toEqual({
      neighbor: '127.0.0.2',
      family: 'ipv4-unicast',
      prefix: '203.0.113.0/24',
      nextHop: '192.0.2.2',
      origin: 'igp',
      asPath: '65002 65010 65011',
      med: null,
      localPreference: null,
      communities: [],
      largeCommunities: [],
      extendedCommunities: [],
      otherAttributes: [],
      stale: false,
    });
    const theirs = await two.ask<ReadableRoute[]>(
      'show',
      'bgp',
      'neighbors',
      '127.0.0.1@127.0.0.2',
      'received-routes',
    );
    expect(theirs).toMatchObject([
      {
        prefix: '198.51.100.0/24',
        nextHop: '192.0.2.1',
        asPath: '65001',
        med: 5,
        communities: ['65001:100', 'no-export'],
        largeCommunities: ['65001:1:2'],
      },
      { prefix: '2001:db8:1::/48', nextHop: '2001:db8::1' },
    ]);
  });

  it('show them: a table, a prefix, the longest match, what is within, another family', async () => {
    const table = await one.say('show', 'ip', 'bgp');
    expect(table.stdout).toContain(
      ' * 203.0.113.0/24     192.0.2.2                         127.0.0.2       65002 65010 65011 i\n',
    );
    expect(table.stdout).toContain('Total number of routes 4\n');

    const detail = await one.say('show', 'ip', 'bgp', '203.0.113.200');
    expect(detail.stdout).toMatch(/^BGP routing table entry for 203\.0\.113\.128\/25\nPaths: 2\n/);
    expect((await one.ask<[]>('show', 'ip', 'bgp', '203.0.113.0/24')).length).toBe(2);
    const within = ['show', 'ip', 'bgp', '203.0.0.0/16', 'longer-prefixes'];
    expect((await one.ask<[]>(...within)).length).toBe(4);

    const none = await one.say('show', 'ip', 'bgp', '192.0.2.0/24');
    expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining('no route to') });
    expect(await one.ask('show', 'bgp', 'ipv6', 'unicast')).toEqual([]);
    const other = await one.say('show', 'bgp', 'ipv6', 'unicast', '203.0.113.200');
    expect(other).toMatchObject({
      status: 2,
      stderr:
        'peerloom: 203.0.113.200 is not of ipv6-unicast; show bgp 203.0.113.200 looks in all families\n',
    });
    expect((await one.ask<[]>('show', 'bgp', '203.0.113.200')).length).toBe(2);
    expect(await two.ask('show', 'bgp', 'ipv6', 'unicast')).toMatchObject([
      { prefix: '2001:db8:1::/48', asPath: '65001' },
      { prefix: '2001:db8:1::/48', asPath: '65001' },
    ]);
  });

  it('show how they are doing themselves', async () => {
    const { stdout } = await one.say('show', 'metrics');
    expect(stdout).toMatch(/^Supervisor\n  Event loop: /);
    expect(stdout).toMatch(/\nWorker  Neighbors  Up /);
    expect(await one.ask('show', 'metrics')).toMatchObject({
      supervisor: { workerDeaths: 0 },
      workers: [{ peers: expect.any(Number) as number }],
    });
  });

  it('show what they advertise', async () => {
    const [ipv4, ipv6] = ['198.51.100.0/24', '2001:db8:1::/48'];
    for (const [shown, ...expected] of [
      ['bgp', ipv4, ipv6],
      ['ip bgp', ipv4],
      ['bgp ipv4 unicast', ipv4],
      ['bgp ipv6 unicast', ipv6],
    ] as const) {
      const words = `show ${shown} neighbors 127.0.0.3 advertised-routes`.split(' ');
      const routes = await one.ask<ReadableRoute[]>(...words);
      expect(
        routes.map(({ prefix }) => prefix),
        shown,
      ).toEqual(expected);
    }
  });

  it('show their neighbors and connections, and which side dialled', async () => {
    const [neighbor] = await one.ask<NeighborDetail[]>('show', 'ip', 'bgp', 'nei', '127.0.0.2');
    expect(neighbor).toMatchObject({
      state: 'Established',
      session: { remoteRouterId: '10.0.0.2', dialled: false, families },
      options: { passive: true, profile: 'classic', passwordSet: false },
    });
    const text = await one.say('show', 'ip', 'bgp', 'neighbors');
    expect(text.stdout.match(/^BGP neighbor is /gm)).toHaveLength(2);

    const rows = await two.ask<TcpRow[]>('show', 'tcp', 'brief');
    expect(
      rows.map(({ dialledBy, localAddress, remotePort }) => ({
        dialledBy,
        localAddress,
        remotePort,
      })),
    ).toEqual(
      ['127.0.0.2', '127.0.0.3'].map((localAddress) => ({
        dialledBy: 'us',
        localAddress,
        remotePort: one.port,
      })),
    );
    expect((await one.say('show', 'tcp', 'brief')).stdout).toContain('LISTEN');
  });

  it('announce and withdraw a route, to all or to one, and a flow rule', async () => {
    const before = await prefixes('127.0.0.2');
    const said = await two.say('announce', 'route', '100.64.0.0/10', 'community', '65002:7');
    expect(said).toEqual({
      status: 0,
      stdout: 'announced 100.64.0.0/10 to all neighbors, 2 now\n',
      stderr: '',
    });
    await two.say('announce', 'route', '100.64.1.0/24', 'to', '127.0.0.1@127.0.0.3');
    await two.say('announce', 'flow', 'destination 100.64.2.0/24 && protocol =17');
    await expect
      .poll(() => prefixes('127.0.0.3'), patience)
      .toEqual(
        [...before, '100.64.0.0/10', '100.64.1.0/24', 'dst 100.64.2.0/24 && proto =17'].toSorted(),
      );
    expect(await prefixes('127.0.0.2')).not.toContain('100.64.1.0/24');
    const [route] = await one.ask<ReadableRoute[]>('show', 'ip', 'bgp', '100.64.0.0/10');
    expect(route).toMatchObject({ communities: ['65002:7'], nextHop: '127.0.0.2' });

    await two.say('withdraw', 'route', '100.64.0.0/10');
    await two.say('withdraw', 'route', '100.64.1.0/24', 'from', '127.0.0.1@127.0.0.3');
    await two.say('withdraw', 'flow', 'destination 100.64.2.0/24 && protocol =17');
    await expect.poll(() => prefixes('127.0.0.3'), patience).toEqual(before);
    await expect.poll(() => prefixes('127.0.0.2'), patience).toEqual(before);
  });

  it.for([
    [
      ['announce', 'route', '10.0.0.1/8'],
      'prefix is "10.0.0.1/8", which has bits beyond its length; the prefix is 10.0.0.0/8',
      2,
    ],
    [
      ['announce', 'route', '10.0.0.0/8', 'med', 'much'],
      'med is "much"; it must be a metric from 0 to 4294967295',
      2,
    ],
    [
      ['announce', 'route', '10.0.0.0/8', 'next-hop', '0.0.0.0'],
      'nextHop is "0.0.0.0"; it must be a host\'s IPv4 or IPv6 address, or self',
      2,
    ],
    [
      ['neighbor', '192.0.2.99', 'shutdown'],
      'there is no neighbor 192.0.2.99; show ip bgp summary lists them',
      1,
    ],
    [
      ['neighbor', '127.0.0.1', 'shutdown'],
      '127.0.0.1 is the address of 2 neighbors: name one as 127.0.0.1@127.0.0.2, 127.0.0.1@127.0.0.3',
      2,
    ],
    [
      ['neighbor', '127.0.0.1@127.0.0.2', 'shutdown', 'x'.repeat(256)],
      'the text for the neighbor has 256 octets; at most 255 fit (RFC 9003)',
      2,
    ],
  ] as const)('say what is wrong with %j', async ([words, complaint, status]) => {
    expect(await two.say(...words)).toEqual({
      status,
      stdout: '',
      stderr: `peerloom: ${complaint}\n`,
    });
  });

  it('exchange routes again without losing the session', async () => {
    const updates = async (): Promise<number> =>
      (await one.ask<NeighborDetail[]>('show', 'ip', 'bgp', 'nei', '127.0.0.2'))[0]!.received
        .update;
    const before = await updates();
    expect(await one.say('clear', 'ip', 'bgp', '127.0.0.2', 'soft', 'in')).toMatchObject({
      stdout: '127.0.0.2 is asked for its routes again\n',
    });
    await expect.poll(updates, patience).toBeGreaterThan(before);
    expect(await peer('127.0.0.2')).toMatchObject({ flaps: 0, prefixesReceived: 2 });
  });

  it('reset a session', async () => {
    await one.say('clear', 'ip', 'bgp', '127.0.0.2');
    await expect
      .poll(() => peer('127.0.0.2'), patience)
      .toMatchObject({
        state: 'Established',
        flaps: 1,
        lastError: expect.stringContaining('Administrative Reset'),
      });
    expect(await peer('127.0.0.3')).toMatchObject({ flaps: 0 });
  });

  it('shut a neighbor down with words for it, and start it again', async () => {
    await one.say('neighbor', '127.0.0.2', 'shutdown', 'new', 'cable');
    await expect.poll(() => peer('127.0.0.2'), patience).toMatchObject({ state: 'Idle' });
    expect((await one.say('show', 'ip', 'bgp', 'summary')).stdout).toContain('Idle (Admin)');
    await expect
      .poll(async () => (await seenBy(two)).lastErrorReceived, patience)
      .toMatchObject({
        name: expect.stringContaining('Administrative Shutdown'),
        text: 'new cable',
      });

    await one.say('reload');
    expect(await peer('127.0.0.2'), 'a reload does not start it').toMatchObject({ state: 'Idle' });
    await one.say('neighbor', '127.0.0.2', 'no', 'shutdown');
    await expect.poll(states, patience).toEqual(['Established', 'Established']);
  });

  it('keep a log of events', async () => {
    const { stdout } = await one.say('show', 'bgp', 'events', '--json');
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as EventItem);
    expect(events.filter(({ kind }) => kind === 'sessionUp').length).toBeGreaterThanOrEqual(4);
    const down = events.find(
      ({ kind, neighbor }) => kind === 'sessionDown' && neighbor === '127.0.0.2',
    );
    expect(down?.text).toMatch(/^session down after \d+ s: .*Administrative Reset/);
  });

  it('keep their events whatever strangers do, and log that in few lines', async () => {
    const kinds = async (): Promise<readonly string[]> => {
      const { stdout } = await one.say('show', 'bgp', 'events', '--json');
      const lines = stdout.trimEnd().split('\n');
      return lines.map((line) => (JSON.parse(line) as EventItem).kind);
    };
    let next = 0;
    const callInTurn = async (): Promise<void> => {
      while (next < 1500) {
        const index = next++;
        const localAddress = `127.9.${index >> 8}.${index & 255}`;
        const socket = connect({ host: '127.0.0.1', port: one.port, localAddress });
        socket.on('error', () => {});
        await new Promise((resolve) => socket.once('close', resolve));
      }
    };
    await Promise.all(Array.from({ length: 50 }, callInTurn));
    const counted = async (): Promise<number> =>
      (await one.ask<EngineMetrics>('show', 'metrics')).supervisor.connectionsRefused.noNeighbor;
    await expect.poll(counted, patience).toBeGreaterThanOrEqual(1500);
    expect(await kinds()).toContain('refused');
    expect((await kinds()).filter((kind) => kind === 'sessionUp').length).toBeGreaterThanOrEqual(4);
    expect(one.command.stderr.match(/refused/g)!.length).toBeLessThan(20);
  });

  it('let events be followed until Ctrl-C, which is no failure', async () => {
    await using following = new RunningCommand([
      'show',
      'bgp',
      'events',
      '--follow',
      '--socket',
      one.socket,
    ]);
    await expect.poll(() => following.stdout, patience).toContain('sessionUp');
    await one.say('announce', 'route', '100.64.9.0/24');
    await one.say('clear', 'ip', 'bgp', '127.0.0.3');
    await expect.poll(() => following.stdout, patience).toMatch(/127\.0\.0\.3 +sessionDown/);
    following.child.kill('SIGINT');
    expect((await following.outcome()).status).toBe(0);
    await one.say('withdraw', 'route', '100.64.9.0/24');
    await expect.poll(states, patience).toEqual(['Established', 'Established']);
  });

  it('export a flight recording, which plays the same again', async () => {
    const { stdout } = await one.say('show', 'bgp', 'recorder', '127.0.0.2');
    const file = directory.file('flight.json');
    writeFileSync(file, stdout);
    const replayed = await inProcess('replay', file);
    expect(replayed.stderr).toBe('');
    expect(replayed.stdout).toContain('    = Established\n');
    expect(replayed.status).toBe(0);
  });

  it('apply a changed file: only the neighbors that changed lose their session', async () => {
    const before = await summary();
    const neighbors = [
      listener.neighbors[0]!,
      { ...listener.neighbors[1]!, holdTime: 30 },
      { address: '127.0.0.4', remoteAs: 65004 },
    ];
    one.write({ ...listener, neighbors });
    const { stdout, status } = await one.say('reload');
    expect(stdout).toBe(
      'configuration applied: 1 added (127.0.0.4), 1 changed and reset (127.0.0.3)\n',
    );
    expect(status).toBe(0);
    await expect.poll(states, patience).toEqual(['Established', 'Established', 'Active']);
    expect((await peer('127.0.0.2')).flaps).toBe(before[0]!.flaps);

    one.write(listener);
    one.command.child.kill('SIGHUP');
    await expect.poll(async () => (await states()).length, patience).toBe(2);
    await expect.poll(states, patience).toEqual(['Established', 'Established']);
    expect((await peer('127.0.0.2')).flaps).toBe(before[0]!.flaps);
  });

  it('say which routes of a changed file cannot be announced, and change nothing', async () => {
    const nonsense = { prefix: '192.0.2.0/24', family: 'ipv4-vpn' };
    one.write({ ...listener, announce: [nonsense], neighbors: [] });
    const { status, stdout, stderr } = await one.say('reload');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /one\.json:\d+:\d+: announce\[0\] cannot be announced: 192\.0\.2\.0\/24: it is no route of ipv4-vpn, as they are shown\n$/,
    );
    one.write(listener);
    expect(await one.say('reload')).toMatchObject({
      stdout: 'configuration applied: no neighbor changed\n',
    });
  });

  it('keep the old configuration when the new one is wrong', async () => {
    const before = await summary();
    one.write({ ...listener, localAs: 0 });
    expect(await one.say('reload')).toEqual({
      status: 2,
      stdout: '',
      stderr: `peerloom: ${one.file}:3:3: localAs is 0; it must be a whole number from 1 to 4294967295\n`,
    });
    one.command.child.kill('SIGHUP');
    await expect.poll(() => one.command.stderr, patience).toContain('stays as it was');
    expect((await summary()).map(({ flaps, state }) => ({ flaps, state }))).toEqual(
      before.map(({ flaps, state }) => ({ flaps, state })),
    );
  });

  it('shut every session and exit 0 on Ctrl-C, which npm delivers twice', async () => {
    const { child } = one.command;
    await using following = new RunningCommand([
      'show',
      'bgp',
      'events',
      '--follow',
      '--socket',
      one.socket,
    ]);
    await expect.poll(() => following.stdout, patience).toContain('sessionUp');
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect((await following.outcome()).stderr, 'a follower has all events').toBe('');
    // What strangers did last is told at the end of all.
    const told = following.stdout.trimEnd().split('\n');
    expect(told.findLast((line) => !line.includes('refused'))).toMatch(
      /Established -> Idle|session down/,
    );
    expect((await one.command.outcome()).status).toBe(0);
    expect(one.command.stderr).toContain('every session is shut down');
    const neighbors = await two.ask<NeighborDetail[]>('show', 'ip', 'bgp', 'neighbors');
    expect(neighbors.map(({ lastErrorReceived }) => lastErrorReceived?.name)).toEqual([
      expect.stringContaining('Administrative Shutdown'),
      expect.stringContaining('Administrative Shutdown'),
    ]);

    two.command.child.kill('SIGTERM');
    expect((await two.command.outcome()).status).toBe(0);
  });
});

/** The first daemon as the second one's first neighbor. */
async function seenBy(two: RunningDaemon): Promise<NeighborDetail> {
  const name = '127.0.0.1@127.0.0.2';
  return (await two.ask<NeighborDetail[]>('show', 'ip', 'bgp', 'neighbors', name))[0]!;
}

it('a reload names what takes effect at the next start, as long as it is not what runs', async () => {
  using directory = new TemporaryDirectory();
  const engine = { routerId: '10.0.0.1', localAs: 65001, workers: 0 };
  const [socket, other] = [directory.file('a'), directory.file('b')];
  let configuration: Configuration = { engine, socket };
  const start = (given?: string): Promise<Daemon> =>
    Daemon.start({
      configuration,
      read: () => configuration,
      socket: given,
      log: openLog('text', 'silent', process.stderr),
    });
  await using daemon = await start();
  const told = async (changed: Configuration): Promise<string> => {
    configuration = changed;
    return (await daemon.reload()).text;
  };
  const same = 'configuration applied: no neighbor changed';
  const workers = { ...engine, workers: 2 };
  expect(await told({ engine: workers, socket })).toBe(`${same}; to be started anew for: workers`);
  expect(await told({ engine: workers, socket })).toBe(`${same}; to be started anew for: workers`);
  expect(await told({ engine, socket: other })).toBe(
    `${same}; to be started anew for: control.socket`,
  );
  expect(await told({ engine, socket: relative(process.cwd(), socket) })).toBe(same);

  // Who starts the daemon has the last word on its socket.
  await using given = await start(other);
  configuration = { engine, socket: directory.file('c') };
  expect((await given.reload()).text).toBe(same);
});

describe('the demonstration', () => {
  it('brings everything up, shows it, and ends by itself with every session shut', async () => {
    using directory = new TemporaryDirectory();
    const socket = directory.file('s');
    const size = ['--duration', '12', '--peers', '25', '--routes', '40'];
    const { status, stdout, stderr } = await peerloom([
      ...size,
      '--workers',
      '1',
      '--socket',
      socket,
    ]);
    expect(stdout.match(/ 40$/gm), 'the first 20, each with its routes').toHaveLength(20);
    expect(stdout).toContain('... and 5 more');
    expect(stdout).toContain(
      'Total number of neighbors 25, established 25, prefixes received 1000',
    );
    expect(stderr).toContain('25/25 sessions  1000/1000 routes');
    expect(stderr).toContain(`show ip bgp summary --socket ${socket}`);
    expect(stderr).toContain('25 of 25 sessions were shut with Cease/Administrative Shutdown');
    expect(status).toBe(0);
  });
});
