import type { Engine } from '@peerloom/supervisor';
import { describe, expect, it, vi } from 'vitest';
import { RawSpeaker } from './rawSpeaker.ts';
import { established, speaker } from './speakers.ts';

vi.setConfig({ testTimeout: 60_000 });

const soon = { timeout: 30_000 };

/** Engine 1 with one worker and a neighbour for each of `addresses`. */
async function engineFor(addresses: readonly number[], limits = {}): Promise<Engine> {
  return await speaker(1, {
    workers: 1,
    limits,
    neighbors: addresses.map((each) => ({
      address: `127.0.0.${each}`,
      remoteAs: 65_000 + each,
      passive: true,
    })),
  });
}

describe('a reader of UPDATEs that is slow', () => {
  it('costs no more memory than its bound, no session, and is seen in the metrics', async () => {
    const updateBytes = 65_536;
    await using engine = await engineFor([2, 3], { updateBytes });
    const peer = engine.peer('127.0.0.2')!;
    const sessions = peer.sessions();
    const flood = await RawSpeaker.establish(engine, 65_002, '127.0.0.2');
    const other = await RawSpeaker.establish(engine, 65_003, '127.0.0.3');
    const { value: session } = await sessions.next();
    const updates = session!.updates();

    const count = 20_000;
    for (let each = 0; each < count; each += 1)
      flood.socket.write(flood.update(['10.0.0.0/8'], each));
    const first = await updates.next();
    expect(first.value!.kind).not.toBe('lost');
    // The next one is not asked for: the engine reads on, and keeps what fits.
    const received = async (): Promise<number> => (await peer.snapshot()).received.update;
    await expect.poll(received, soon).toBeGreaterThanOrEqual(count);
    const { readers } = await engine.metrics();
    expect(readers.octets).toBeLessThanOrEqual(updateBytes);
    expect(readers.octets).toBeGreaterThan(updateBytes / 2);
    expect(readers).toMatchObject({ count: 1, waiting: expect.any(Number) as number });
    const age = async (): Promise<number> => (await engine.metrics()).readers.oldest;
    await expect.poll(age, soon).toBeGreaterThan(readers.oldest + 100);

    // It reads on: everything up to the bound, and how much is missing, in its place.
    let [seen, lost] = [1, 0];
    for await (const update of updates) {
      if (update.kind === 'lost') lost += update.count;
      else seen += 1;
      if (lost > 0) break;
    }
    expect(seen + lost).toBe(count);
    expect((await engine.metrics()).readers).toMatchObject({ waiting: 0, octets: 0, oldest: 0 });
    expect(engine.peers.map((each) => each.session !== undefined)).toEqual([true, true]);
    for (const { socket } of [flood, other]) socket.destroy();
  });
});

describe('a peer that floods', () => {
  it('keeps nobody’s keepalives waiting', async () => {
    await using engine = await engineFor([2, 3, 4, 5]);
    // A third of it is the time between two KEEPALIVEs (RFC 4271 §4.4).
    const holdTime = 3;
    const others = await Promise.all(
      [3, 4, 5].map((each) =>
        RawSpeaker.establish(engine, 65_000 + each, `127.0.0.${each}`, holdTime),
      ),
    );
    const flood = await RawSpeaker.establish(engine, 65_002, '127.0.0.2');
    await Promise.all(engine.peers.map(established));
    const sessions = engine.peers.map(({ session }) => session);
    const keepalives = setInterval(() => {
      for (const other of others) other.socket.write(other.keepalive);
    }, 1000);

    // As much as it gets rid of: 64 prefixes a message, and each time other attributes.
    const prefixes = Array.from({ length: 64 }, (_, each) => `10.0.${each}.0/24`);
    const bursts = Array.from({ length: 50 }, (_, tag) => flood.update(prefixes, tag));
    const burst = Buffer.concat(bursts);
    const pump = (): void => {
      while (flood.socket.write(burst));
    };
    flood.socket.on('drain', pump);
    pump();
    const heard = (): number => Math.min(...others.map(({ keepalives: count }) => count));
    const before = heard();
    await expect.poll(heard, soon).toBeGreaterThanOrEqual(before + 6);
    flood.socket.off('drain', pump);
    clearInterval(keepalives);

    const { supervisor } = await engine.metrics();
    expect(supervisor.bytesReceived, 'it was a flood').toBeGreaterThan(5_000_000);
    // Never late by more than a second.
    for (const { longestSilence } of others) expect(longestSilence).toBeLessThan(2000);
    expect(engine.peers.map(({ session }) => session)).toEqual(sessions);
    for (const { socket } of [flood, ...others]) socket.destroy();
  });
});
