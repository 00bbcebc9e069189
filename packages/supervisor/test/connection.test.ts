import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Connection, type ConnectionOwner } from '../src/connection.ts';
import { type TcpPair, tcpPair } from './tcpPair.ts';

/** Longer than any test should take. */
const patience = 5000;
const ends = { localAddress: '', localPort: 0, remoteAddress: '', remotePort: 0 };

interface Recorded extends AsyncDisposable {
  readonly pair: TcpPair;
  readonly connection: Connection;
  /** What the owner heard, data joined. */
  readonly heard: string[];
  /** Octets that the kernel has taken. */
  progress: number;
  onProgress: (octets: number) => void;
}

async function record(): Promise<Recorded> {
  const pair = await tcpPair();
  const heard: string[] = [];
  const owner: ConnectionOwner = {
    onData: (_, chunk) => heard.push(`data ${Buffer.from(chunk).toString()}`),
    onProgress: (connection) => {
      const octets = connection.takeProgress();
      recorded.progress += octets;
      recorded.onProgress(octets);
    },
    onEnded: (_, errno, text) => heard.push(`ended ${errno || 'in order'}: ${text}`),
    onGone: () => heard.push('gone'),
  };
  const connection = new Connection(1, 7, pair.ours, ends, undefined, owner);
  const recorded: Recorded = {
    pair,
    connection,
    heard,
    progress: 0,
    onProgress: () => {},
    [Symbol.asyncDispose]: () => pair[Symbol.asyncDispose](),
  };
  return recorded;
}

/** All that a socket receives until its other end is closed. */
async function readAll(pair: TcpPair): Promise<Buffer> {
  const chunks: Buffer[] = [];
  pair.theirs.on('data', (chunk: Buffer) => chunks.push(chunk));
  pair.theirs.resume();
  await once(pair.theirs, 'end');
  return Buffer.concat(chunks);
}

describe('a connection', () => {
  it('reads only once it is resumed, and stops when it is paused', async () => {
    await using each = await record();
    each.pair.theirs.write('one');
    each.connection.resume();
    await expect.poll(() => each.heard).toEqual(['data one']);
    each.connection.pause();
    each.pair.theirs.write('two');
    await new Promise(setImmediate);
    expect(each.heard).toEqual(['data one']);
    each.connection.resume();
    await expect.poll(() => each.heard).toEqual(['data one', 'data two']);
  });

  it.each([
    ['little', 1],
    ['much', 10_000],
  ])(
    'sends %s in one go when it is flushed, and counts what the kernel has taken',
    async (_, times) => {
      await using each = await record();
      const [hello, there] = ['hello ', 'there'].map((text) => text.repeat(times)) as [
        string,
        string,
      ];
      expect(each.connection.send(Buffer.from(hello), 0)).toBe(true);
      expect(each.connection.send(Buffer.from(there), 0)).toBe(false);
      expect(each.progress).toBe(0);
      expect(each.connection.bytesSent).toBe(0);
      each.connection.flush();
      // What the kernel takes at once is told at once; so much it does.
      expect(each.progress).toBe(11 * times);
      each.connection.flush();
      expect(each.connection).toMatchObject({ bytesSent: 11 * times, unsent: 0 });
      each.connection.close(patience);
      expect((await readAll(each.pair)).toString()).toBe(hello + there);
    },
  );

  it('tells of what the kernel takes later, as often as there is more', async () => {
    await using each = await record();
    const part = Buffer.alloc(8 * 1024 * 1024, 7);
    each.connection.send(part, part.length);
    each.connection.flush();
    expect(each.connection.unsent).toBe(part.length);
    // Waits for what is on its way, which is told of by itself.
    each.connection.send(part, part.length);
    each.connection.flush();
    expect(each.progress).toBe(0);
    expect(each.connection.unsent).toBe(2 * part.length);
    const reports: number[] = [];
    each.onProgress = (octets) => reports.push(octets);
    each.pair.theirs.resume();
    await expect.poll(() => each.progress).toBe(2 * part.length);
    expect(reports[0]).toBe(part.length);
    expect(each.connection.unsent).toBe(0);
    each.connection.send(Buffer.from('more'), 4);
    each.connection.flush();
    await expect.poll(() => each.progress).toBe(2 * part.length + 4);
  });

  it('lets everything out before it closes, however slow the peer is', async () => {
    await using each = await record();
    const table = Buffer.alloc(8 * 1024 * 1024, 7);
    each.connection.send(table, table.length);
    each.connection.send(Buffer.from('goodbye'), 7);
    each.connection.close(patience);
    expect(each.connection.unsent).toBeGreaterThan(0);
    const received = await readAll(each.pair);
    expect(received.length).toBe(table.length + 7);
    expect(received.subarray(-7).toString()).toBe('goodbye');
    each.pair.theirs.end();
    await expect.poll(() => each.heard).toEqual(['gone']);
  });

  it('takes no more notice of what comes in after it was closed', async () => {
    await using each = await record();
    each.connection.close(patience);
    each.pair.theirs.write('too late');
    each.pair.theirs.end();
    each.pair.theirs.resume();
    await expect.poll(() => each.heard).toEqual(['gone']);
  });

  it('resets a connection whose peer never closes', async () => {
    await using each = await record();
    each.connection.close(20);
    each.pair.theirs.resume();
    await expect.poll(() => each.heard).toEqual(['gone']);
  });

  it('drops what is unsent when it is reset', async () => {
    await using each = await record();
    each.connection.send(Buffer.alloc(8 * 1024 * 1024), 1);
    each.connection.flush();
    const reset = once(each.pair.theirs, 'error').catch((error: unknown) => error);
    each.connection.reset();
    each.pair.theirs.resume();
    expect(await reset).toMatchObject([{ code: 'ECONNRESET' }]);
    await expect.poll(() => each.heard).toEqual(['gone']);
  });

  it('tells of an orderly end after the last data', async () => {
    await using each = await record();
    each.connection.resume();
    each.pair.theirs.end('last words');
    await expect
      .poll(() => each.heard)
      .toEqual(['data last words', 'ended in order: the neighbour closed the connection', 'gone']);
    expect(each.connection.open).toBe(false);
  });

  it('tells of a reset, and throws nothing', async () => {
    await using each = await record();
    each.connection.resume();
    each.pair.theirs.resetAndDestroy();
    await expect
      .poll(() => each.heard)
      .toEqual(['ended ECONNRESET: the neighbour reset the connection', 'gone']);
    expect(each.connection.send(Buffer.from('to nobody'), 9)).toBe(false);
    each.connection.flush();
    each.connection.close(patience);
    each.connection.reset();
  });

  it('keeps no large batch in memory for the sake of a few octets that wait', async () => {
    await using each = await record();
    const filler = Buffer.alloc(8 * 1024 * 1024);
    each.connection.send(filler, filler.length);
    each.connection.flush();
    const batch = new ArrayBuffer(262_144);
    each.connection.send(new Uint8Array(batch, 100, 19), batch.byteLength);
    // Overwriting the batch must not change what is sent: the octets were copied out of it.
    new Uint8Array(batch).fill(255);
    each.connection.flush();
    each.connection.close(patience);
    const received = await readAll(each.pair);
    expect(received.subarray(-19)).toEqual(Buffer.alloc(19));
  });
});
