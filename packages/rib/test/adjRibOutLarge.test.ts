import { decodeUpdate, formatNlri, type UpdateOptions } from '@peerloom/wire';
import { expect, test } from 'vitest';
import { AdjRibOut } from '../src/adjRibOut.ts';
import { AnnouncementTable } from '../src/announcementTable.ts';
import { RibStore, type RibStoreOptions } from '../src/ribStore.ts';
import { attributesOf, ipv4Unicast, sessionOptions } from './sessions.ts';

const options = sessionOptions();
const routes = 30_000;
const blocks = 150;

/** 0–1, the same every time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

/** The NLRI of route `index`: 10.0.0.0/8 in /26s, with Path Identifier 0. */
function fieldOf(index: number): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0, 26, 10, index >>> 10, index >>> 2, (index & 3) << 6);
}

function textOf(index: number): string {
  return `10.${index >>> 10}.${(index >>> 2) & 255}.${(index & 3) << 6}/26`;
}

/** What a session has been told: prefix to the seed of its attributes. */
class Receiver {
  readonly told = new Map<string, number>();
  messages = 0;

  receive(bytes: Uint8Array, session: UpdateOptions): void {
    for (let at = 0; at < bytes.length; ) {
      const length = bytes[at + 16]! * 256 + bytes[at + 17]!;
      const decoded = decodeUpdate(bytes, at, at + length, session);
      if (!decoded.ok) throw new Error(decoded.fault.text);
      const { withdrawn, nlri, attributes } = decoded.message;
      for (const each of withdrawn) this.told.delete(formatNlri(each));
      const communities = attributes.find((each) => each.type === 'communities');
      const seed = (communities?.communities[0] ?? 0) & 0xffff;
      for (const each of nlri) this.told.set(formatNlri(each), seed);
      this.messages += 1;
      at += length;
    }
  }
}

class Setup {
  readonly store: RibStore;
  readonly table: AnnouncementTable;
  readonly desired = new Map<string, number>();
  readonly #blocks: readonly number[];

  constructor(storeOptions: RibStoreOptions = {}) {
    this.store = new RibStore(storeOptions);
    this.table = new AnnouncementTable(this.store);
    this.#blocks = Array.from({ length: blocks }, (_, seed) =>
      this.table.block(
        [...attributesOf(seed), { type: 'nextHop', nextHop: '192.0.2.1' }],
        ipv4Unicast,
      ),
    );
  }

  announce(index: number, seed: number): void {
    this.table.announceField(ipv4Unicast, fieldOf(index), 0, 9, this.#blocks[seed]!);
    this.desired.set(textOf(index), seed);
  }

  withdraw(index: number): void {
    this.table.withdraw([{ family: ipv4Unicast, nlri: { kind: 'prefix', prefix: textOf(index) } }]);
    this.desired.delete(textOf(index));
  }

  session(agreed: UpdateOptions = options): { out: AdjRibOut; receiver: Receiver } {
    const out = new AdjRibOut(this.store, { tables: [this.table] });
    out.sessionUp({ options: agreed, localAs: 65001, nextHopSelf: { ipv4: '192.0.2.1' } });
    return { out, receiver: new Receiver() };
  }
}

function pull(
  { out, receiver }: { out: AdjRibOut; receiver: Receiver },
  octets: number,
  agreed: UpdateOptions = options,
): number {
  let pulled = 0;
  while (pulled + 4096 <= octets) {
    const bytes = out.pull(octets - pulled);
    if (bytes === undefined) break;
    receiver.receive(bytes, agreed);
    pulled += bytes.length;
  }
  return pulled;
}

test('routes with the same attributes share UPDATEs, as many as fit, however they were announced', () => {
  const setup = new Setup();
  for (let index = 0; index < routes; index += 1) setup.announce(index, index % blocks);
  const session = setup.session();
  pull(session, Number.POSITIVE_INFINITY);
  expect(session.receiver.told).toEqual(setup.desired);
  // 200 routes of 5 octets each to a block: one message; and two End-of-RIBs.
  expect(session.receiver.messages).toBe(blocks + 2);
});

test('sessions that send the same share what was packed', () => {
  const setup = new Setup();
  for (let index = 0; index < routes; index += 1) setup.announce(index, index % blocks);
  const sessions = [setup.session(), setup.session(), setup.session()];
  const buffers = sessions.map(({ out }) => out.pull(4096)!.buffer);
  expect(new Set(buffers).size).toBe(1);
  for (const session of sessions) pull(session, Number.POSITIVE_INFINITY);
  const late = setup.session();
  expect(late.out.pull(4096)!.buffer).toBe(buffers[0]);
});

/** How often something is packed until sessions that have agreed on this have everything. */
function packedFor(agreed: readonly UpdateOptions[]): number {
  const setup = new Setup();
  for (let index = 0; index < routes; index += 1) setup.announce(index, index % blocks);
  const sessions = agreed.map((each) => ({ ...setup.session(each), agreed: each }));
  // Some quick and some slow.
  for (let turn = 0; sessions.some(({ out }) => out.isPending); turn += 1) {
    sessions.forEach((session, index) => {
      if (turn % (1 + (index % 3)) === 0) pull(session, 20_000, session.agreed);
    });
  }
  for (const { receiver } of sessions) expect(receiver.told).toEqual(setup.desired);
  return setup.table.family(ipv4Unicast)!.groups.packed;
}

test('a table is packed once for all sessions that agree, and once more for those that do not', () => {
  // Two octets for an AS number: other bytes.
  const old = sessionOptions({ fourOctetAs: false });
  const once = packedFor([options]);
  expect(once, 'more than one chunk, or there is nothing to prove').toBeGreaterThan(1);
  expect(packedFor(Array(50).fill(options) as UpdateOptions[])).toBe(once);
  expect(packedFor([options, old, options, old, options])).toBe(2 * once);
});

test('what was packed is where the store was told to keep it', () => {
  const kept: Uint8Array[] = [];
  const setup = new Setup({
    keepChunk: (bytes) => {
      const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
      shared.set(bytes);
      kept.push(shared);
      return shared;
    },
  });
  for (let index = 0; index < routes; index += 1) setup.announce(index, index % blocks);
  const session = setup.session();
  const pulled: Uint8Array[] = [];
  for (let bytes = session.out.pull(1 << 20); bytes; bytes = session.out.pull(1 << 20)) {
    // End-of-RIBs are no chunk.
    if (bytes.length > 30) pulled.push(bytes);
  }
  expect(kept.length).toBeGreaterThan(1);
  expect(pulled.map(({ buffer, length }) => [buffer, length])).toEqual(
    kept.map(({ buffer, length }) => [buffer, length]),
  );
});

test('slow and quick, early and late sessions all end with the latest state', () => {
  const random = randomFrom(7);
  const setup = new Setup();
  for (let index = 0; index < routes; index += 1) setup.announce(index, index % blocks);
  const sessions = [setup.session(), setup.session()];
  for (let round = 0; round < 30; round += 1) {
    // A block taken away at a time makes for gaps; single routes for change everywhere.
    for (let change = 0; change < 150; change += 1) {
      const index = Math.floor(random() * routes);
      if (random() < 0.5) setup.withdraw(index);
      else setup.announce(index, Math.floor(random() * blocks));
    }
    pull(sessions[0]!, 60_000);
    pull(sessions[1]!, 8192);
    if (round % 8 === 5) sessions.push(setup.session());
    for (const session of sessions.slice(2)) pull(session, Math.floor(random() * 60_000));
    if (round === 15) sessions[1]!.out.refresh();
  }
  for (const session of sessions) {
    pull(session, Number.POSITIVE_INFINITY);
    expect(session.out.isPending).toBe(false);
    expect(session.receiver.told).toEqual(setup.desired);
  }
});

test('what changes again before it is pulled is sent once', () => {
  const setup = new Setup();
  const session = setup.session();
  pull(session, Number.POSITIVE_INFINITY);
  const { messages } = session.receiver;
  for (let round = 0; round < 5000; round += 1) setup.announce(round % 10, round % blocks);
  setup.announce(11, 1);
  setup.withdraw(11);
  expect(session.out.backlog).toBeLessThan(5200);
  pull(session, Number.POSITIVE_INFINITY);
  // Ten routes with ten different blocks; nothing of the one that came and went.
  expect(session.receiver.messages - messages).toBe(10);
  expect(session.receiver.told).toEqual(setup.desired);
});

test('memory follows what is announced, not what has ever been', () => {
  const setup = new Setup();
  const session = setup.session();
  let first: number | undefined;
  for (let round = 0; round < 8; round += 1) {
    for (let index = 0; index < 5000; index += 1)
      setup.announce(round * 5000 + index, index % blocks);
    pull(session, Number.POSITIVE_INFINITY);
    for (let index = 0; index < 5000; index += 1) setup.withdraw(round * 5000 + index);
    pull(session, Number.POSITIVE_INFINITY);
    first ??= setup.table.family(ipv4Unicast)!.byteLength;
  }
  expect(setup.table.family(ipv4Unicast)!.byteLength).toBeLessThan(first! * 3);
  expect(session.receiver.told.size).toBe(0);
});
