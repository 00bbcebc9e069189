import type { EncodedAnnouncement, Engine } from '@peerloom/supervisor';
import { decodeUpdate } from '@peerloom/wire';
import { describe, expect, it, vi } from 'vitest';
import { RawSpeaker, rawSession } from './rawSpeaker.ts';
import { speaker } from './speakers.ts';

vi.setConfig({ testTimeout: 60_000 });

const soon = { timeout: 30_000 };
/** More than a few packs have room for. */
const routes = 40_000;

/** 10.0.0.0/24 and those after it, four with the same attributes; `metric` tells one announcement from another. */
function table(metric: number): EncodedAnnouncement[] {
  return Array.from({ length: routes / 4 }, (_, each) => {
    // ORIGIN, MULTI_EXIT_DISC (RFC 4271 §4.3).
    const attributes = [
      0x40,
      1,
      1,
      0,
      0x80,
      4,
      4,
      metric,
      each >> 16,
      (each >> 8) & 255,
      each & 255,
    ];
    const nlri = [0, 1, 2, 3].flatMap((four) => {
      const index = each * 4 + four;
      return [24, 10 + (index >> 16), (index >> 8) & 255, index & 255];
    });
    return {
      family: 'ipv4-unicast',
      attributes: Uint8Array.from(attributes),
      nlri: Uint8Array.from(nlri),
    };
  });
}

/** A neighbour that connects, and what it has been told: the metric of each prefix. */
async function neighbour(
  engine: Engine,
  number: number,
): Promise<{ readonly raw: RawSpeaker; readonly told: Map<string, number> }> {
  const told = new Map<string, number>();
  const take: RawSpeaker['onUpdate'] = (bytes, start, end) => {
    const decoded = decodeUpdate(bytes, start, end, rawSession);
    if (!decoded.ok) throw new Error(decoded.fault.text);
    const { nlri, withdrawn, attributes } = decoded.message;
    const metric = attributes.find((each) => each.type === 'multiExitDiscriminator')?.value ?? 0;
    for (const each of nlri) if ('prefix' in each) told.set(each.prefix, metric >>> 24);
    for (const each of withdrawn) if ('prefix' in each) told.delete(each.prefix);
  };
  const raw = await RawSpeaker.establish(engine, 65_000 + number, `127.0.0.${number}`, 90, take);
  return { raw, told };
}

/** Two workers, and a neighbour in each; it can have its worker end. */
async function stage(): Promise<Engine> {
  return await speaker(1, {
    workers: 2,
    handler: new URL('./handlers/crashing.ts', import.meta.url),
    limits: { workerRestartTime: 0.05 },
    neighbors: [2, 3].map((each) => ({
      address: `127.0.0.${each}`,
      remoteAs: 65_000 + each,
      passive: true,
    })),
  });
}

describe('what is announced', () => {
  it('is counted over all peers, and once where it is refused, however many workers there are', async () => {
    await using engine = await stage();
    const bad = { prefix: '10.0.0.0/33' };
    const [first] = engine.peers;
    const refused = {
      rejected: 1,
      errors: [expect.stringMatching(/10.0.0.0\/33: it is no prefix/)],
    };
    expect(await engine.announce(table(1), bad)).toEqual({ accepted: routes * 2, ...refused });
    expect(await first!.announce({ prefix: '192.0.2.0/24' }, bad)).toEqual({
      accepted: 1,
      ...refused,
    });
    expect(await first!.withdraw({ prefix: '10.0.0.0/24' })).toEqual({
      accepted: 0,
      rejected: 1,
      errors: ['10.0.0.0/24: announced to all peers, and to be withdrawn from all or from none'],
    });
    expect(await engine.withdraw(table(1).slice(1), bad)).toEqual({
      accepted: (routes - 4) * 2,
      ...refused,
    });
  });

  it('is refused as a whole where it has what is no route, with its place', async () => {
    await using engine = await speaker(1, {
      neighbors: [{ address: '127.0.0.9', remoteAs: 65_009, passive: true }],
    });
    const [peer] = engine.peers;
    const route = { prefix: '10.0.0.0/8' };
    const calls: (readonly [call: () => Promise<unknown>, message: string])[] = [
      // As JavaScript may call it.
      [() => engine.announce(route, [{ ...route, med: 5 } as never]), 'announcements[1].med is no'],
      [() => engine.announce('10.0.0.0/8' as never), 'announcements[0] is "10.0.0.0/8"; it must'],
      [() => engine.withdraw(['10.0.0.0/8'] as never), 'withdrawals[0] is "10.0.0.0/8"; it must'],
      [() => peer!.announce({} as never), 'announcements[0].prefix is missing'],
      [() => peer!.withdraw(undefined as never), 'withdrawals[0] is undefined; it must be'],
    ];
    for (const [call, message] of calls) {
      await expect(call()).rejects.toMatchObject({
        name: 'PeerloomError',
        code: 'ERR_PEERLOOM_ROUTE',
        message: expect.stringContaining(message) as string,
      });
    }
    expect(await engine.withdraw(route)).toMatchObject({ accepted: 0 });
    const options = { ...engine.options, announce: [route, '10.0.0.0/8' as never] };
    await expect(engine.apply(options)).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_OPTIONS',
      message: expect.stringContaining(
        'announce[1] is "10.0.0.0/8"; it must be an object',
      ) as string,
    });
  });

  it('is what the last call has said, though the one before has not been answered', async () => {
    await using engine = await stage();
    const [first] = engine.peers;
    // Attributes that fill packs sooner than withdrawals do.
    const communities = [0xc0, 8, 200, ...Array.from({ length: 200 }, (_, each) => each)];
    const long = table(1).map(({ attributes, ...rest }) => ({
      ...rest,
      attributes: Uint8Array.of(...attributes, ...communities),
    }));
    const announced = engine.announce(long);
    const own = first!.announce(table(2).slice(0, 1));
    const withdrawn = engine.withdraw(table(1));
    expect(await announced).toMatchObject({ accepted: routes * 2 });
    expect(await own).toMatchObject({ accepted: 4 });
    expect(await withdrawn).toMatchObject({ accepted: routes * 2 + 4 });
    expect(await engine.withdraw(table(1))).toMatchObject({ accepted: 0 });
  });

  it.for([false, true])(
    'is there again with a worker that has died; a peer has routes of its own: %s',
    async (hasOwn) => {
      await using engine = await stage();
      const [here, doomed] = engine.peers;
      await engine.announce(table(1));
      if (hasOwn) await doomed!.announce(table(2).slice(0, 10));
      await engine.withdraw(table(1).slice(0, 5));
      await engine.announce(table(3).slice(5, 6));
      const held = routes - 20;
      const metrics = new Set(hasOwn ? [1, 2, 3] : [1, 3]);
      const other = await neighbour(engine, 2);
      const first = await neighbour(engine, 3);
      await expect.poll(() => [other.told.size, first.told.size], soon).toEqual([held, held]);
      expect(new Set(first.told.values())).toEqual(metrics);

      const { session } = here!;
      first.raw.announce('192.0.2.2/32');
      await expect.poll(() => first.raw.socket.closed, soon).toBe(true);
      await expect.poll(() => doomed!.state, soon).toBe('Active');
      const second = await neighbour(engine, 3);
      await expect.poll(() => second.told.size, soon).toBe(held);
      expect(second.told).toEqual(first.told);
      expect(here!.session).toBe(session);
      other.raw.socket.destroy();
      second.raw.socket.destroy();
    },
  );
});
