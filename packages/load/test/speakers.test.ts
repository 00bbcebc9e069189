import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { decodeOpen, encodeKeepalive, encodeOpen } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import { planSpeakers } from '../src/plan.ts';
import { defaultGroup, type Scenario, type SpeakerGroup, type Target } from '../src/scenario.ts';
import type { HostSetup } from '../src/speaker/hostControl.ts';
import { OpenReader } from '../src/speaker/openReader.ts';
import { rehearse } from '../src/speaker/rehearsal.ts';
import { countOf, makeRunMemory, type RunMemory } from '../src/speaker/runMemory.ts';
import { SpeakerHost } from '../src/speaker/speakerHost.ts';

const keepalive = Buffer.from(encodeKeepalive()).toString('hex');
const endOfRib = `${'ff'.repeat(16)}00170200000000`;

/** The OPEN of a device; an option of RFC 5492 that nobody knows tells one from another. */
function deviceOpen(mark = 1): Uint8Array {
  return encodeOpen({
    kind: 'open',
    version: 4,
    myAs: 65_000,
    holdTime: 90,
    bgpIdentifier: '192.0.2.9',
    capabilities: [
      { type: 'multiprotocol', afi: 1, safi: 1 },
      { type: 'fourOctetAs', as: 65_000 },
      { type: 'unknown', code: 200, value: Uint8Array.of(mark) },
    ],
  });
}

/** Speakers whose device is the test itself. */
interface Stage extends AsyncDisposable {
  readonly host: SpeakerHost;
  readonly memory: RunMemory;
  /** Their connections as the device sees them, and what came on each: one entry for each read. */
  readonly connections: readonly { readonly socket: Socket; readonly reads: readonly string[] }[];
  readonly established: () => number;
}

function setupOf(count: number, target: Target, changes: Partial<SpeakerGroup> = {}): HostSetup {
  const group = { ...defaultGroup, count, routerId: '10.0.0.1', ...changes };
  const scenario: Scenario = {
    name: 'test',
    target,
    speakers: [group],
    routes: undefined,
    seed: 1,
    phases: [],
    expect: { oracle: false, transparent: false },
    thresholds: [],
    workers: 1,
  };
  const plans = planSpeakers(scenario);
  const memory = makeRunMemory(count, 0, undefined);
  const sources = { ases: [], routerIds: [], nextHops: [] };
  return { scenario, plans, memory, table: undefined, encodedAs: undefined, sources };
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
}

/** `answer`: what the device does with the first octets of a connection. */
async function stage(
  count: number,
  answer: (socket: Socket, index: number) => void,
): Promise<Stage> {
  const connections: { socket: Socket; reads: string[] }[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = { socket, reads: [] as string[] };
    const index = connections.push(connection) - 1;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      connection.reads.push(chunk.toString('hex'));
      if (connection.reads.length === 1) answer(socket, index);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const setup = setupOf(count, { address: '127.0.0.1', port }, { sourceAddress: '127.9.0.1' });
  const { memory } = setup;
  const host = new SpeakerHost();
  host.setUp(setup);
  return {
    host,
    memory,
    connections,
    established: () => countOf(memory.states, 5),
    async [Symbol.asyncDispose]() {
      await host.shutDown();
      for (const { socket } of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a speaker', () => {
  it('answers in one piece what came in one', async () => {
    await using device = await stage(1, (socket) => {
      socket.write(Buffer.concat([deviceOpen(), encodeKeepalive()]));
    });
    device.host.establish(1);
    await expect.poll(() => device.connections[0]?.reads.length).toBe(2);
    expect(device.connections[0]!.reads[1]).toBe(keepalive + endOfRib);
    expect(device.established()).toBe(1);
  });

  it('takes messages however they are cut', async () => {
    const octets = Buffer.concat([deviceOpen(), encodeKeepalive()]);
    await using device = await stage(3, async (socket, index) => {
      const size = [octets.length, 7, 1][index]!;
      for (let at = 0; at < octets.length; at += size) {
        socket.write(octets.subarray(at, at + size));
        await new Promise(setImmediate);
      }
    });
    device.host.establish(3);
    await expect.poll(device.established).toBe(3);
  });

  it('has its turn as soon as another one is up', async () => {
    await using device = await stage(20, (socket) => {
      socket.write(Buffer.concat([deviceOpen(), encodeKeepalive()]));
    });
    device.host.establish(2);
    await expect.poll(device.established).toBe(20);
    const { connect, open, established } = device.host.report();
    for (const { counts } of [connect, open, established]) {
      expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(20);
    }
  });
});

describe('the rehearsal of a large run', () => {
  const elsewhere = { address: '192.0.2.1', port: 179, remoteAs: 65_000 };

  it('brings sessions up, ends them, and leaves no trace', async () => {
    const setup = setupOf(2000, elsewhere, { password: 'secret', ttl: 3 });
    const before = openSockets();
    expect(await rehearse(setup, 50_000)).toBe(1000);
    expect(setup.memory.counters.every((value) => value === 0)).toBe(true);
    await expect.poll(openSockets).toBe(before);
  });

  it('is left out of a small one', async () => {
    expect(await rehearse(setupOf(1999, elsewhere))).toBe(0);
  });
});

describe('an OPEN', () => {
  it('that is the same as the last one is read once', () => {
    const reader = new OpenReader();
    const bytes = Buffer.concat([encodeKeepalive(), deviceOpen(1), deviceOpen(1), deviceOpen(2)]);
    const size = deviceOpen().length;
    const [first, again, other] = [0, 1, 2].map((place) =>
      reader.read(bytes, 19 + place * size, 19 + (place + 1) * size),
    );
    expect(first).toEqual(decodeOpen(deviceOpen(1), 0, size));
    expect(again).toBe(first);
    expect(other).toEqual(decodeOpen(deviceOpen(2), 0, size));
  });

  it('is remembered as it was, whatever comes to stand where it stood', () => {
    const reader = new OpenReader();
    const bytes = Buffer.from(deviceOpen(1));
    const first = reader.read(bytes, 0, bytes.length);
    bytes.set(deviceOpen(2));
    const second = reader.read(bytes, 0, bytes.length);
    expect([first, second]).toEqual(
      [1, 2].map((mark) => decodeOpen(deviceOpen(mark), 0, bytes.length)),
    );
  });

  it('that is malformed has the same fault each time', () => {
    const reader = new OpenReader();
    const bytes = deviceOpen().slice(0, 30);
    const faults = [0, 1].map(() => reader.read(bytes, 0, bytes.length));
    expect(faults).toEqual([decodeOpen(bytes, 0, 30), decodeOpen(bytes, 0, 30)]);
    expect(faults[0]!.ok).toBe(false);
  });
});
