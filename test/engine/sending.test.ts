import type { EncodedAnnouncement, Engine } from '@peerloom/supervisor';
import { decodeUpdate, type UpdateMessage } from '@peerloom/wire';
import { describe, expect, it, vi } from 'vitest';
import { RawSpeaker, rawSession } from './rawSpeaker.ts';
import { established, speaker } from './speakers.ts';

vi.setConfig({ testTimeout: 60_000 });

const soon = { timeout: 30_000 };
const routes = 16_000;

/** Engine 1 with one worker, which has nothing to announce yet. */
async function announcer(): Promise<Engine> {
  return await speaker(1, {
    workers: 1,
    ranges: [{ prefix: '127.0.0.0/8', remoteAs: 'external', limit: 100 }],
  });
}

/** Octets of COMMUNITIES in each UPDATE: the table is more than the kernel keeps for one that does not read. */
const communities = 1000;

/**
 * 10.0.0.0/24 and those after it, each with attributes of its own: some 17 MB on the wire. `metric` tells one
 * announcement from another.
 */
function table(metric: number): EncodedAnnouncement[] {
  return Array.from({ length: routes }, (_, each) => {
    // ORIGIN, MULTI_EXIT_DISC (RFC 4271 §4.3), COMMUNITIES (RFC 1997).
    const attributes = new Uint8Array(15 + communities);
    attributes.set([0x40, 1, 1, 0, 0x80, 4, 4, metric, each >> 16, (each >> 8) & 255, each & 255]);
    attributes.set([0xd0, 8, communities >> 8, communities & 255], 11);
    return { family: 'ipv4-unicast', attributes, nlri: Uint8Array.from(prefix(each)) };
  });
}

function prefix(index: number): number[] {
  return [24, 10 + (index >> 16), (index >> 8) & 255, index & 255];
}

/** What a neighbour holds, by prefix: the metric that it was told last; and how often it was told of each. */
class Told {
  readonly metrics = new Map<string, number>();
  announced = 0;
  withdrawn = 0;

  readonly take = (bytes: Uint8Array, start: number, end: number): void => {
    const decoded = decodeUpdate(bytes, start, end, rawSession);
    if (!decoded.ok) throw new Error(decoded.fault.text);
    const { nlri, withdrawn, attributes }: UpdateMessage = decoded.message;
    const metric = attributes.find((each) => each.type === 'multiExitDiscriminator')?.value ?? 0;
    for (const route of nlri) {
      if (route.kind === 'prefix') this.metrics.set(route.prefix, metric >>> 24);
    }
    for (const route of withdrawn) {
      if (route.kind === 'prefix') this.metrics.delete(route.prefix);
    }
    this.announced += nlri.length;
    this.withdrawn += withdrawn.length;
  };
}

describe('a large table', () => {
  it('goes to all neighbours whole, and to one that was slow in its latest state alone', async () => {
    await using engine = await announcer();
    const slow = await RawSpeaker.establish(engine, 65_002, '127.0.0.2');
    const quick = await RawSpeaker.establish(engine, 65_003, '127.0.0.3');
    const [slowly, quickly] = [new Told(), new Told()];
    slow.onUpdate = slowly.take;
    quick.onUpdate = quickly.take;
    await Promise.all(engine.peers.map(established));
    slow.socket.pause();

    await engine.announce(table(1));
    await expect.poll(() => quickly.metrics.size, soon).toBe(routes);
    expect(slowly.announced).toBeLessThan(routes);
    // While it is blocked, all of the table goes, and half of it comes back as something else.
    await engine.withdraw(table(1));
    await engine.announce(table(2).slice(0, routes / 2));
    await expect.poll(() => quickly.metrics.size, soon).toBe(routes / 2);
    const held = engine.connections().find(({ peer }) => peer === '127.0.0.2')!;
    expect(held.unsent).toBeLessThanOrEqual(256 * 1024);

    slow.socket.resume();
    await expect
      .poll(() => slowly.metrics.size === routes / 2 && [...new Set(slowly.metrics.values())], soon)
      .toEqual([2]);
    // What had not left by then was never sent: neither that it was there, nor, each, that it went.
    expect(quickly.announced).toBe(routes * 1.5);
    expect(slowly.announced).toBeLessThan(routes * 1.4);
    expect([slow, quick].map(({ socket }) => socket.closed)).toEqual([false, false]);
    slow.socket.destroy();
    quick.socket.destroy();
  });

  it('comes alike to neighbours of now and of later', async () => {
    await using engine = await announcer();
    const first = await RawSpeaker.establish(engine, 65_002, '127.0.0.2');
    const told = [new Told()];
    first.onUpdate = told[0]!.take;
    await engine.announce(table(3).slice(0, 2000));
    const others = await Promise.all(
      Array.from({ length: 10 }, async (_, each) => {
        const their = new Told();
        told.push(their);
        return await RawSpeaker.establish(engine, 65_003, `127.0.0.${10 + each}`, 90, their.take);
      }),
    );
    await expect
      .poll(() => told.map(({ metrics }) => metrics.size), soon)
      .toEqual(Array(11).fill(2000));
    // Each route once.
    expect(told.map(({ announced }) => announced)).toEqual(Array(11).fill(2000));
    for (const { socket } of [first, ...others]) socket.destroy();
  });
});
