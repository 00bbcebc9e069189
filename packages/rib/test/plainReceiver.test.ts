import {
  Deframer,
  decodeUpdate,
  formatAttribute,
  formatNlri,
  type Nlri,
  type UpdateMessage,
  type UpdateOptions,
} from '@peerloom/wire';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { AdjRibIn } from '../src/adjRibIn.ts';
import { RibStore } from '../src/ribStore.ts';
import { InboundPeer } from './inboundPeer.ts';
import {
  announcement,
  attributesOf,
  endOfRib,
  ipv4Unicast,
  ipv6Unicast,
  prefixes,
  sessionOptions,
  withdrawal,
} from './sessions.ts';

/** What a stream has brought about. */
interface Result {
  /** Routes, one a line: prefix, Path Identifier and attributes. */
  readonly routes: string[];
  readonly messages: number;
  readonly octets: number;
  /** A message that resets the session ended it. */
  readonly isReset: boolean;
}

const text = (nlri: Nlri): string => `${formatNlri(nlri)} ${nlri.pathId}`;

/** The stream taken in as quickly as it can be, from chunks that end anywhere. */
function receive(chunks: readonly Uint8Array[], session: UpdateOptions): Result {
  const rib = new AdjRibIn(new RibStore());
  const deframer = new Deframer(session.maximumReceiveLength);
  rib.sessionUp(session);
  let [messages, octets, isReset] = [0, 0, false];
  for (const chunk of chunks) {
    if (isReset) break;
    deframer.push(chunk);
    while (!isReset && deframer.next()) {
      const one = rib.receive(deframer.bytes, deframer.start, deframer.end);
      isReset = one.fault?.action === 'sessionReset';
      messages += one.messages;
      octets += one.octets;
      if (isReset) break;
      const { chunk: rest, offset, unread } = deframer;
      const many = rib.receivePlain(rest, offset, offset + unread, deframer.maximumLength);
      expect(many.fault).toBeUndefined();
      messages += many.messages;
      octets += many.octets;
      deframer.skip(many.octets);
    }
  }
  const { routes } = rib.routes({ family: ipv4Unicast, limit: 10_000 });
  const lines = routes.map(({ nlri, attributes }) => line(nlri, attributes.map(formatAttribute)));
  return { routes: lines.toSorted(), messages, octets, isReset };
}

const line = (nlri: Nlri, attributes: string[]): string => `${text(nlri)} ${attributes.join()}`;

/** The same by the readable codec, and a map. */
function model(stream: readonly Uint8Array[], session: UpdateOptions): Result {
  const routes = new Map<string, string>();
  let [messages, octets] = [0, 0];
  const apply = ({ withdrawn, attributes, nlri }: UpdateMessage): void => {
    for (const each of withdrawn) routes.delete(text(each));
    const texts = attributes
      .filter(({ type }) => type !== 'mpReachNlri' && type !== 'mpUnreachNlri')
      .map(formatAttribute);
    for (const each of nlri) routes.set(text(each), line(each, texts));
  };
  let isReset = false;
  for (const message of stream) {
    const decoded = decodeUpdate(message, 0, message.length, session);
    messages += 1;
    octets += message.length;
    if (decoded.ok) apply(decoded.message);
    else if (decoded.fault.action === 'sessionReset') {
      isReset = true;
      break;
    } else if (decoded.remaining !== undefined) apply(decoded.remaining);
  }
  return { routes: [...routes.values()].toSorted(), messages, octets, isReset };
}

/** Octets of a stream, cut into chunks. */
function cut(stream: readonly Uint8Array[], lengths: readonly number[]): Uint8Array[] {
  const bytes = Uint8Array.from(stream.flatMap((message) => [...message]));
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    const end = at + lengths[index % lengths.length]!;
    chunks.push(bytes.slice(at, end));
    at = end;
  }
  return chunks;
}

// Not an octet that makes it an MP attribute, of which the model knows nothing.
const anotherOctet = fc
  .tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))
  .filter(([, octet]) => octet !== 14 && octet !== 15);

/** A message in short. */
interface Step {
  readonly kind: 'announce' | 'withdraw' | 'ipv6';
  readonly indexes: readonly number[];
  readonly seed: number;
  /** Where an octet of the attributes is another, and which. */
  readonly change: readonly [number, number] | null;
}
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('announce', 'announce', 'announce', 'announce', 'withdraw', 'ipv6'),
  indexes: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 6 }),
  seed: fc.nat({ max: 5 }),
  change: fc.oneof(
    { weight: 10, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: anotherOctet },
  ),
});

function messagesOf({ kind, indexes, seed, change }: Step, session: UpdateOptions): Uint8Array[] {
  if (kind === 'ipv6') {
    const nlri = prefixes(...indexes.map((index) => `2001:db8:${index}::/48`));
    return announcement(ipv6Unicast, nlri, attributesOf(seed), session);
  }
  const hasPathIds = session.addPathReceive.has(ipv4Unicast);
  const nlri = indexes.map((index): Nlri => {
    const path = hasPathIds ? { pathId: index & 1 } : {};
    return { kind: 'prefix', prefix: `10.${index >>> 1}.0.0/16`, ...path };
  });
  if (kind === 'withdraw') return withdrawal(ipv4Unicast, nlri, session);
  const messages = announcement(ipv4Unicast, nlri, attributesOf(seed), session);
  const message = messages[0]!;
  // Path Attributes begin at 23, after a Withdrawn Routes field without routes.
  const attributes = (message[21]! << 8) | message[22]!;
  if (change !== null) message[23 + (change[0] % attributes)] = change[1];
  return messages;
}

const options = sessionOptions();

/** The UPDATE that announces these prefixes, always with the same attributes. */
const one = (...texts: string[]): Uint8Array[] =>
  announcement(ipv4Unicast, prefixes(...texts), attributesOf(1), options);
const join = (...messages: Uint8Array[][]): Uint8Array => cut(messages.flat(), [1e9])[0]!;

describe('the quick way to receive', () => {
  test.each([false, true])(
    'holds what the readable codec says, whatever comes (ADD-PATH %s)',
    (addPath) => {
      const addPathReceive = new Set(addPath ? [ipv4Unicast] : []);
      const session = sessionOptions({ addPathReceive });
      const ends = { up: 0, reset: 0 };
      fc.assert(
        fc.property(
          fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
          fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 9 }),
          (steps, lengths) => {
            const stream = steps.flatMap((each) => messagesOf(each, session));
            const expected = model(stream, session);
            expect(receive(cut(stream, lengths), session)).toEqual(expected);
            ends[expected.isReset ? 'reset' : 'up'] += 1;
          },
        ),
        { numRuns: 300 },
      );
      // Both must happen, or the property holds for little.
      expect(Math.min(ends.up, ends.reset)).toBeGreaterThan(10);
    },
  );

  test('adds up what many UPDATEs change', () => {
    const { rib } = new InboundPeer();
    rib.receive(one('10.0.0.0/8')[0]!, 0, one('10.0.0.0/8')[0]!.length);
    const changed = announcement(ipv4Unicast, prefixes('10.0.0.0/8'), attributesOf(2), options);
    const more = join(one('10.1.0.0/16', '10.2.0.0/16'), one('10.3.0.0/16'));
    const bytes = join(one('10.0.0.0/8'), [more], changed);
    expect(rib.receivePlain(bytes, 0, bytes.length, 4096)).toMatchObject({
      messages: 4,
      octets: bytes.length,
      announced: 3,
      changed: 1,
      unchanged: 1,
      families: [ipv4Unicast],
      fault: undefined,
    });
  });

  test('stops before what is not plain, and before a message that is cut', () => {
    const peer = new InboundPeer();
    const { rib } = peer;
    const first = one('10.0.0.0/8');
    const { length } = first[0]!;
    peer.receive(first);
    for (const other of [
      endOfRib(ipv4Unicast),
      withdrawal(ipv4Unicast, prefixes('10.0.0.0/8'), options),
      announcement(ipv6Unicast, prefixes('2001:db8::/32'), attributesOf(1), options),
      [first[0]!.with(26, 9)],
      [first[0]!.subarray(0, length - 1)],
    ]) {
      const bytes = join(first, other);
      expect(rib.receivePlain(bytes, 0, bytes.length, 4096)).toMatchObject({
        messages: 1,
        octets: length,
      });
    }
    expect(rib.receivePlain(join(first), 0, length, length - 1)).toMatchObject({ messages: 0 });
  });

  test('takes in one call what takes many scans', () => {
    const { rib } = new InboundPeer();
    rib.receive(one('10.0.0.0/8')[0]!, 0, one('10.0.0.0/8')[0]!.length);
    const few = Array.from({ length: 3000 }, (_, index) =>
      one(`10.${index >> 8}.${index & 255}.0/24`),
    );
    // More prefixes than a scan keeps, in a message that is longer than the first scan reaches.
    const long = { ...options, maximumReceiveLength: 65535, maximumSendLength: 65535 };
    const texts = Array.from(
      { length: 15000 },
      (_, index) => `20.${index >> 8}.${index & 255}.0/24`,
    );
    const much = announcement(ipv4Unicast, prefixes(...texts), attributesOf(2), long);
    expect(much).toHaveLength(1);
    const bytes = join(...few, much, much, one('30.0.0.0/8'));
    expect(rib.receivePlain(bytes, 0, bytes.length, 65535)).toMatchObject({
      messages: 3003,
      octets: bytes.length,
      announced: 18001,
      unchanged: 15000,
    });
    expect(rib.routeCount).toBe(18002);
  });

  test('takes a message that is longer than the first scan reaches', () => {
    const { rib } = new InboundPeer();
    rib.receive(one('10.0.0.0/8')[0]!, 0, one('10.0.0.0/8')[0]!.length);
    const [end] = endOfRib(ipv4Unicast);
    // What is not plain has the next scan look at one message.
    expect(rib.receivePlain(end!, 0, end!.length, 4096)).toMatchObject({ messages: 0 });
    const texts = Array.from({ length: 800 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
    const [long] = one(...texts);
    expect(rib.receivePlain(long!, 0, long!.length, 4096)).toMatchObject({ messages: 1 });
  });

  test('begins anew after a walk that could not end', () => {
    const peer = new InboundPeer();
    peer.announce(ipv4Unicast, 2, '10.9.0.0/16');
    const texts = Array.from({ length: 80 }, (_, index) => `20.${index}.0.0/16`);
    const [message] = one(...texts);
    // With a withdrawal in front, so that it takes the general way.
    const bytes = Uint8Array.from([...message!.slice(0, 19), 0, 2, 8, 30, ...message!.slice(21)]);
    new DataView(bytes.buffer).setUint16(16, bytes.length);
    const { keys } = peer.rib.family(ipv4Unicast)!;
    const internNext = keys.internNext.bind(keys);
    const grow = vi.spyOn(keys, 'internNext').mockImplementation(() => {
      if (grow.mock.calls.length === 3) throw new RangeError('no memory');
      return internNext();
    });
    expect(() => peer.rib.receive(bytes, 0, bytes.length)).toThrow('no memory');
    grow.mockRestore();
    const plain = join(one('10.0.0.0/16'));
    expect(peer.rib.receivePlain(plain, 0, plain.length, 4096)).toMatchObject({ announced: 1 });
  });

  test('leaves all to the general way where there is no WebAssembly', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    try {
      const fresh = await import('../src/index.ts');
      const rib = new fresh.AdjRibIn(new fresh.RibStore());
      rib.sessionUp(options);
      const bytes = join(one('10.0.0.0/8', '10.1.0.0/16'));
      expect(rib.receive(bytes, 0, bytes.length)).toMatchObject({ messages: 1, announced: 2 });
      expect(rib.receivePlain(bytes, 0, bytes.length, 4096)).toMatchObject({ messages: 0 });
      expect(rib.receive(bytes, 0, bytes.length)).toMatchObject({ messages: 1, unchanged: 2 });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('takes nothing of a family that is disabled, or whose routes are only counted', () => {
    const bytes = join(one('10.0.0.0/8'));
    const counting = new InboundPeer({ storeRoutes: false }).rib;
    expect(counting.receivePlain(bytes, 0, bytes.length, 4096)).toMatchObject({ messages: 0 });
    const { rib } = new InboundPeer();
    rib.sessionUp(sessionOptions({ families: new Set([ipv6Unicast]) }));
    expect(rib.receivePlain(bytes, 0, bytes.length, 4096)).toMatchObject({ messages: 0 });
  });

  test('does not take for granted attributes that were sound for other routes', () => {
    const { rib, store } = new InboundPeer();
    rib.receive(one('10.9.0.0/16')[0]!, 0, one('10.9.0.0/16')[0]!.length);
    const [ipv6] = announcement(ipv6Unicast, prefixes('2001:db8::/32'), attributesOf(3), options);
    rib.receive(ipv6!, 0, ipv6!.length);
    // As they are kept for the IPv6 route: with MP_REACH_NLRI, without NEXT_HOP.
    const { column, keys } = rib.family(ipv6Unicast)!;
    const attributes = store.attributes.bytes(column.get(keys.end - 1));
    const message = [...new Uint8Array(16).fill(255), 0, 0, 2, 0, 0, 0, attributes.length];
    const bytes = Uint8Array.from([...message, ...attributes, 8, 10]);
    bytes[17] = bytes.length;
    expect(rib.receivePlain(bytes, 0, bytes.length, 4096)).toMatchObject({ messages: 0 });
    expect(rib.receive(bytes, 0, bytes.length)).toMatchObject({ announced: 0 });
    expect(rib.routeCount).toBe(2);
  });

  test('says of which families there are new routes', () => {
    const { rib } = new InboundPeer();
    const ipv6 = announcement(ipv6Unicast, prefixes('2001:db8::/32'), attributesOf(3), options);
    for (const [[message], families] of [
      [one('10.0.0.0/8'), [ipv4Unicast]],
      [one('10.0.0.0/8'), []],
      [ipv6, [ipv6Unicast]],
    ] as const) {
      expect(rib.receive(message!, 0, message!.length).families).toEqual(families);
    }
  });

  test('holds its blocks rightly when a table cannot grow half-way through a field', () => {
    const store = new RibStore();
    const [peer, other] = [new InboundPeer({}, store), new InboundPeer({}, store)];
    peer.announce(ipv4Unicast, 2, '10.9.0.0/16');
    const [message] = one('10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/16');
    const { keys } = peer.rib.family(ipv4Unicast)!;
    const internNext = keys.internNext.bind(keys);
    const grow = vi.spyOn(keys, 'internNext').mockImplementation(() => {
      if (grow.mock.calls.length === 3) throw new RangeError('no memory');
      return internNext();
    });
    expect(() => peer.rib.receive(message!, 0, message!.length)).toThrow('no memory');
    grow.mockRestore();
    // Were a block freed that routes still have, its number would be another's now.
    other.announce(ipv4Unicast, 7, '10.7.0.0/16');
    expect(peer.contents(ipv4Unicast)).toEqual(['10.0.0.0/16 1', '10.1.0.0/16 1', '10.9.0.0/16 2']);
    peer.rib.clear();
    peer.reclaimAll();
    expect(store.statistics).toMatchObject({ attributeBlocks: 1, routeKeys: 1 });
    other.rib.clear();
    other.reclaimAll();
    expect(store.statistics).toMatchObject({ attributeBlocks: 0, routeKeys: 0 });
  });

  test('goes on with attributes that were found sound in another kind of message', () => {
    const { rib, store } = new InboundPeer();
    const [mixed] = one('10.0.0.0/8');
    // With a withdrawal of 10.9.0.0/16 in front: the attributes are the same, the message is not plain.
    const withdrawn = [16, 10, 9];
    const bytes = Uint8Array.from([
      ...mixed!.slice(0, 19),
      0,
      3,
      ...withdrawn,
      ...mixed!.slice(21),
    ]);
    bytes[17]! += 3;
    expect(rib.receive(bytes, 0, bytes.length)).toMatchObject({ messages: 1, announced: 1 });
    const plain = join(one('10.1.0.0/16'));
    expect(rib.receivePlain(plain, 0, plain.length, 4096)).toMatchObject({ announced: 1 });
    expect(store.statistics.attributeBlocks).toBe(1);
  });
});
