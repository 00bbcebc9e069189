import { setTimeout as sleep } from 'node:timers/promises';
import type { Announcement } from '@peerloom/supervisor';
import { describe, expect, it, vi } from 'vitest';
import { RawSpeaker } from './rawSpeaker.ts';
import { established, neighborOf, speaker } from './speakers.ts';

vi.setConfig({ testTimeout: 60_000 });

const soon = { timeout: 20_000 };
/** What one `read` of a socket can bring. */
const chunk = 65_536;

describe.for([0, 1])('with %i workers', (workers) => {
  it('a peer that floods a slow handler is slowed down, and nothing grows', async () => {
    const bytesInFlight = 262_144;
    await using engine = await speaker(1, {
      workers,
      handler: new URL('./handlers/slow.ts', import.meta.url),
      limits: { bytesInFlight },
      neighbors: [2, 3].map((each) => ({
        address: `127.0.0.${each}`,
        remoteAs: 65_000 + each,
        passive: true,
        holdTime: 3,
      })),
    });
    await using other = await speaker(3, {
      neighbors: [
        {
          address: '127.0.0.1',
          port: engine.addresses[0]!.port,
          sourceAddress: '127.0.0.3',
          remoteAs: 65_001,
          holdTime: 3,
        },
      ],
    });
    const bystander = await established(other.peers[0]!);
    const flood = await RawSpeaker.establish(engine, 65_002, '127.0.0.2', 3);
    const flooding = engine.peer('127.0.0.2')!;
    await established(flooding);
    const session = flooding.session!;

    // Minutes of the handler's time, and more than the kernel's buffers hold, offered at once.
    const updates = Array.from({ length: 100 }, (_, each) => flood.update(['10.0.0.0/8'], each));
    const burst = Buffer.concat(updates);
    for (let each = 0; each < 5000; each += 1) flood.socket.write(burst);

    const until = performance.now() + 4000;
    let [most, paused, longest] = [0, 0, 0];
    while (performance.now() < until) {
      const [host] = (await engine.metrics()).workers;
      most = Math.max(most, host!.inFlight);
      paused += host!.paused ? 1 : 0;
      longest = Math.max(longest, host!.mailboxOldest);
      await sleep(50);
    }
    // Never more than the window, and what one socket had just brought.
    expect(most).toBeLessThanOrEqual(bytesInFlight + chunk);
    expect(most).toBeGreaterThan(0);
    expect(paused).toBeGreaterThan(0);
    // Who looks at the engine sees what the handler costs: a thousand UPDATEs wait for it, at 2 ms each.
    expect(longest).toBeGreaterThan(500);
    // TCP holds the rest back at the sender.
    expect(flood.socket.writableLength).toBeGreaterThan(0);
    // Keepalives went out in time all the while: both sessions outlived their hold time of 3 s.
    expect(flooding.session).toBe(session);
    expect(other.peers[0]!.session).toBe(bystander);
    flood.socket.destroy();
  });
});

describe('a peer that stops reading', () => {
  it('holds up nobody else, keeps little waiting, and is given up in the end', async () => {
    await using engine = await speaker(1);
    await using other = await speaker(3);
    await engine.addPeer({
      address: '127.0.0.2',
      remoteAs: 65_002,
      passive: true,
      holdTime: 3,
      sendHoldTime: 4,
    });
    const toOther = await engine.addPeer(neighborOf(engine, other, { passive: true }));
    await other.addPeer(neighborOf(other, engine));
    const deaf = await RawSpeaker.establish(engine, 65_002, '127.0.0.2', 3);
    const session = await established(engine.peer('127.0.0.2')!);
    const bystander = await established(toOther);
    deaf.socket.pause();
    const keepalives = setInterval(() => deaf.socket.write(deaf.keepalive), 500);

    const table = tableOf(100_000);
    await engine.announce(table);
    const count = async (): Promise<number | undefined> =>
      (await other.snapshot())[0]!.prefixes['ipv4-unicast']?.received;
    await expect.poll(count, soon).toBe(table.length);
    const held = engine.connections().find(({ peer }) => peer === '127.0.0.2');
    expect(held!.unsent).toBeGreaterThan(0);
    expect(held!.unsent).toBeLessThanOrEqual(512 * 1024);

    const end = await session.closed;
    clearInterval(keepalives);
    expect(end.error?.name).toContain('SendHoldTimer');
    // Reset, and its queue freed: well before the patience for an orderly end is over.
    await expect
      .poll(() => engine.connections().map(({ peer }) => peer), { timeout: 1000 })
      .toEqual(['127.0.0.3']);
    expect(toOther.session).toBe(bystander);
    deaf.socket.destroy();
  });
});

/** Prefixes of which no two share their attributes: about 60 octets each on the wire. */
function tableOf(count: number): Announcement[] {
  return Array.from({ length: count }, (_, each) => ({
    prefix: `${10 + (each >> 16)}.${(each >> 8) & 255}.${each & 255}.0/24`,
    multiExitDiscriminator: each,
  }));
}
