import { describe, expect, it } from 'vitest';
import type { Connection } from '../src/connection.ts';
import { Intake } from '../src/intake.ts';

const window = 65_536;
const chunk = 65_536;

/** A connection that keeps book of what is asked of it. */
class FakeConnection {
  paused = true;
  #recent = 0;
  #before = 0;
  #epoch = 0;
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  get noisy(): boolean {
    return this.#recent + this.#before >= 8192;
  }
  count(octets: number, epoch: number): void {
    if (epoch !== this.#epoch) {
      this.#before = this.#recent;
      this.#recent = 0;
    }
    this.#epoch = epoch;
    this.#recent += octets;
  }
}

const connections = (count: number): (Connection & FakeConnection)[] =>
  Array.from(
    { length: count },
    () => new FakeConnection() as unknown as Connection & FakeConnection,
  );

/** Connections that are read from, all of one host. */
function attached(
  intake: Intake,
  count: number,
): readonly [Connection & FakeConnection, ...(Connection & FakeConnection)[]] {
  const all = connections(count);
  for (const each of all) intake.attach(each);
  return all as [Connection & FakeConnection];
}

const paused = (all: readonly FakeConnection[]): boolean[] => all.map((each) => each.paused);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('while the window is full', () => {
  it('those wait who filled it, and a quiet one is read from until it is quiet no longer', () => {
    const intake = new Intake(window, () => 0);
    const [busy, quiet] = attached(intake, 2) as [
      FakeConnection & Connection,
      FakeConnection & Connection,
    ];
    expect(intake.read(busy, window - 1)).toBe(false);
    expect(intake.paused).toBe(false);
    expect(intake.read(busy, 1), 'this has filled it').toBe(true);
    expect(intake.read(quiet, 19), 'and this has not').toBe(false);
    expect(paused([busy, quiet])).toEqual([true, false]);
    intake.read(quiet, 10_000);
    expect(paused([busy, quiet])).toEqual([true, true]);
  });

  it('everybody waits once it is overfull, newcomers too', () => {
    const intake = new Intake(window, () => 0);
    const [busy, other, silent] = attached(intake, 3) as [
      FakeConnection & Connection,
      FakeConnection & Connection,
      FakeConnection & Connection,
    ];
    intake.read(busy, window);
    const [early] = attached(intake, 1);
    expect(paused([busy, other, silent, early])).toEqual([true, false, false, false]);
    intake.read(other, window);
    const [late] = attached(intake, 1);
    expect(paused([busy, other, silent, early, late])).toEqual([true, true, true, true, true]);
  });
});

describe('those who wait', () => {
  it('go on in their order, as many as there is room for', () => {
    let time = 0;
    const intake = new Intake(1024 * 1024, () => time);
    const all = attached(intake, 4);
    // A quick host: the window grows to two chunks. Then as quick as it should be: it stays so.
    intake.read(all[0], window);
    intake.consumed(window);
    for (const each of all) intake.read(each, chunk);
    time += 10;
    expect(paused(all)).toEqual([true, true, true, true]);
    intake.consumed(2 * chunk);
    expect(paused(all), 'it is still full').toEqual([true, true, true, true]);
    intake.consumed(1);
    expect(paused(all)).toEqual([false, true, true, true]);
  });

  it('do not wait for those who have nothing more to send', async () => {
    const intake = new Intake(window, () => 0);
    const all = attached(intake, 8);
    intake.read(all[0], 2 * window);
    expect(paused(all)).toEqual(Array(8).fill(true));
    intake.consumed(2 * window);
    expect(paused(all)).toEqual([false, ...Array<boolean>(7).fill(true)]);
    await expect.poll(() => intake.paused).toBe(false);
    expect(paused(all)).toEqual(Array(8).fill(false));
  });

  it('wait on when those before them fill the window again', async () => {
    const intake = new Intake(window, () => 0);
    const all = attached(intake, 3);
    intake.read(all[0], 2 * window);
    intake.consumed(2 * window);
    intake.read(all[0], window);
    await turn();
    await turn();
    expect(paused(all)).toEqual([true, true, true]);
    intake.consumed(window);
    expect(paused(all), 'the next in turn').toEqual([true, false, true]);
  });

  it('are quiet again when they have sent little twice while the host was not behind', async () => {
    const intake = new Intake(window, () => 0);
    const [busy, once] = attached(intake, 2) as [
      FakeConnection & Connection,
      FakeConnection & Connection,
    ];
    intake.read(once, 30_000);
    const fill = async (): Promise<boolean> => {
      intake.read(once, 19);
      intake.read(busy, window);
      const { paused: waits } = once;
      intake.consumed(2 * window);
      await expect.poll(() => intake.paused).toBe(false);
      return waits;
    };
    expect([await fill(), await fill(), await fill()]).toEqual([true, true, false]);
  });

  it('who were noisy wait from the beginning, whoever fills the window', () => {
    const intake = new Intake(1024 * 1024, () => 0);
    const all = attached(intake, 4);
    for (const each of all.slice(0, 3)) intake.read(each, 10_000);
    intake.consumed(30_000);
    intake.read(all[0], window);
    expect(paused(all)).toEqual([true, true, true, false]);
  });
});
