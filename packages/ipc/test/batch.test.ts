import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToHostMessage, ToSupervisorMessage } from '../src/index.ts';
import {
  batchLimit,
  CommandKind,
  generatedCodec,
  PeerState,
  ToHostReader,
  ToHostWriter,
  ToSupervisorReader,
  ToSupervisorWriter,
} from '../src/index.ts';

const uint32 = fc.oneof(
  fc.nat({ max: 300 }),
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.constantFrom(0, 0x7f, 0x80, 0x3fff, 0x4000, 0x1fffff, 0x200000, 0xfffffff, 0x10000000),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  fc.uint8Array({ minLength: 100, maxLength: 9000, size: 'max' }),
);
const time = fc.double({ noNaN: true });
const text = fc.string({ unit: 'grapheme' });

const state = fc.constantFrom(...Object.values(PeerState));

const data = fc.record({
  kind: fc.constant('data' as const),
  peer: uint32,
  connection: uint32,
  bytes,
});
const written = fc.record({
  kind: fc.constant('written' as const),
  peer: uint32,
  connection: uint32,
  bytes: uint32,
});
const ends = {
  localAddress: text,
  localPort: uint32,
  remoteAddress: text,
  remotePort: uint32,
};
const toHostMessage: fc.Arbitrary<ToHostMessage> = fc.oneof(
  fc.record({ kind: fc.constant('accepted' as const), peer: uint32, connection: uint32, ...ends }),
  fc.record({
    kind: fc.constant('connected' as const),
    peer: uint32,
    connection: uint32,
    dial: uint32,
    ...ends,
  }),
  fc.record({
    kind: fc.constant('dialFailed' as const),
    peer: uint32,
    dial: uint32,
    errno: text,
    text,
  }),
  fc.record({
    kind: fc.constant('closed' as const),
    peer: uint32,
    connection: uint32,
    errno: text,
    text,
  }),
  fc.record({ kind: fc.constant('refused' as const), peer: uint32, text, remedy: text }),
  fc.record({
    kind: fc.constant('command' as const),
    peer: uint32,
    action: fc.constantFrom(...Object.values(CommandKind)),
    text,
  }),
);
const toHost = fc.oneof(data, written, toHostMessage);

const send = fc.record({
  kind: fc.constant('send' as const),
  peer: uint32,
  connection: uint32,
  bytes,
});
const sendShared = fc.record({
  kind: fc.constant('sendShared' as const),
  peer: uint32,
  connection: uint32,
  buffer: uint32,
  start: uint32,
  end: uint32,
});
const consumed = fc.record({ kind: fc.constant('consumed' as const), bytes: uint32 });
const update = fc.record({
  kind: fc.constant('update' as const),
  peer: uint32,
  session: uint32,
  bytes,
  postFault: fc.boolean(),
});
const toSupervisorMessage: fc.Arbitrary<ToSupervisorMessage> = fc.oneof(
  fc.record({ kind: fc.constant('dial' as const), peer: uint32, dial: uint32 }),
  fc.record({ kind: fc.constant('abortDial' as const), peer: uint32, dial: uint32 }),
  fc.record({
    kind: fc.constant('close' as const),
    peer: uint32,
    connection: uint32,
    reset: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('collisionResolved' as const),
    peer: uint32,
    survivor: uint32,
    loser: uint32,
    why: text,
  }),
  fc.record({
    kind: fc.constant('transition' as const),
    peer: uint32,
    connection: uint32,
    from: state,
    to: state,
    event: uint32,
    why: text,
    time,
  }),
  fc.record({
    kind: fc.constant('sessionUp' as const),
    peer: uint32,
    session: uint32,
    connection: uint32,
    time,
    // Not empty: that stands for what the session before agreed on.
    json: fc.string({ unit: 'grapheme', minLength: 1 }),
    remoteAs: uint32,
    remoteRouterId: text,
    ...ends,
    dialled: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('sessionDown' as const),
    peer: uint32,
    session: uint32,
    time,
    json: text,
  }),
  fc.record({
    kind: fc.constant('notice' as const),
    peer: uint32,
    code: text,
    text,
    time,
    json: text,
  }),
  fc.record({ kind: fc.constant('stopped' as const), peer: uint32 }),
);
const toSupervisor = fc.oneof(send, sendShared, consumed, update, toSupervisorMessage);
type ToHost = typeof toHost extends fc.Arbitrary<infer T> ? T : never;
type ToSupervisor = typeof toSupervisor extends fc.Arbitrary<infer T> ? T : never;

function writeToHost(writer: ToHostWriter, envelope: ToHost): void {
  if (envelope.kind === 'data') writer.data(envelope.peer, envelope.connection, envelope.bytes);
  else if (envelope.kind === 'written') {
    writer.written(envelope.peer, envelope.connection, envelope.bytes);
  } else writer.message(envelope);
}

function writeToSupervisor(writer: ToSupervisorWriter, envelope: ToSupervisor): void {
  switch (envelope.kind) {
    case 'send':
      return writer.send(envelope.peer, envelope.connection, envelope.bytes);
    case 'sendShared': {
      const { peer, connection, buffer, start, end } = envelope;
      return writer.sendShared(peer, connection, buffer, start, end);
    }
    case 'consumed':
      return writer.consumed(envelope.bytes);
    case 'update': {
      const { peer, session, postFault } = envelope;
      return writer.update(peer, session, envelope.bytes, 0, envelope.bytes.length, postFault);
    }
    default:
      return writer.message(envelope);
  }
}

function readToHost(batch: Uint8Array): { envelopes: unknown[]; fault: string | undefined } {
  const reader = new ToHostReader();
  reader.open(batch);
  const envelopes: unknown[] = [];
  while (reader.next()) {
    const { kind, peer, connection, count } = reader;
    if (kind === 'data')
      envelopes.push({ kind, peer, connection, bytes: new Uint8Array(reader.bytes) });
    else if (kind === 'written') envelopes.push({ kind, peer, connection, bytes: count });
    else envelopes.push(reader.message);
  }
  return { envelopes, fault: reader.fault };
}

function readToSupervisor(batch: Uint8Array): { envelopes: unknown[]; fault: string | undefined } {
  const reader = new ToSupervisorReader();
  reader.open(batch);
  const envelopes: unknown[] = [];
  while (reader.next()) {
    const { kind, peer, connection, count, postFault } = reader;
    const copy = new Uint8Array(reader.bytes);
    if (kind === 'send') envelopes.push({ kind, peer, connection, bytes: copy });
    else if (kind === 'sendShared') {
      const { buffer, start, end } = reader;
      envelopes.push({ kind, peer, connection, buffer, start, end });
    } else if (kind === 'consumed') envelopes.push({ kind, bytes: count });
    else if (kind === 'update') {
      envelopes.push({ kind, peer, session: connection, bytes: copy, postFault });
    } else envelopes.push(reader.message);
  }
  return { envelopes, fault: reader.fault };
}

type Codec = typeof generatedCodec.ToHost | typeof generatedCodec.ToSupervisor;

/** A batch as the generated codec alone writes it. */
function generatedBatch(codec: Codec, envelopes: readonly { kind: string }[]): Uint8Array {
  return generatedBatchOf(
    envelopes.map((envelope) => codec.encode({ [envelope.kind]: envelope }).finish()),
  );
}

function generatedBatchOf(bodies: readonly Uint8Array[]): Uint8Array {
  const encoded = bodies.flatMap((body) => {
    const length: number[] = [];
    for (let rest = body.length; ; rest >>>= 7) {
      length.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
      if (rest < 0x80) break;
    }
    return [Uint8Array.from(length), body];
  });
  return new Uint8Array(Buffer.concat(encoded));
}

const stampLength = 12;

describe('a batch', () => {
  it('from the supervisor is octet for octet what the generated codec writes', () => {
    fc.assert(
      fc.property(fc.array(toHost, { minLength: 1 }), (envelopes) => {
        const writer = new ToHostWriter(() => 1_700_000_000_000.5);
        for (const envelope of envelopes) writeToHost(writer, envelope);
        const stamp = { kind: 'stamp', time: 1_700_000_000_000.5 };
        expect(writer.take()).toEqual(generatedBatch(generatedCodec.ToHost, [stamp, ...envelopes]));
      }),
      { numRuns: 200 },
    );
  });

  it('from a host is octet for octet what the generated codec writes', () => {
    fc.assert(
      fc.property(fc.array(toSupervisor, { minLength: 1 }), (envelopes) => {
        const writer = new ToSupervisorWriter();
        for (const envelope of envelopes) writeToSupervisor(writer, envelope);
        expect(writer.take()).toEqual(generatedBatch(generatedCodec.ToSupervisor, envelopes));
      }),
      { numRuns: 200 },
    );
  });

  it('from the supervisor is read as it was written, by whichever codec', () => {
    fc.assert(
      fc.property(fc.array(toHost), (envelopes) => {
        const batch = generatedBatch(generatedCodec.ToHost, envelopes);
        expect(readToHost(batch)).toEqual({ envelopes, fault: undefined });
      }),
      { numRuns: 200 },
    );
  });

  it('from a host is read as it was written, by whichever codec', () => {
    fc.assert(
      fc.property(fc.array(toSupervisor), (envelopes) => {
        const batch = generatedBatch(generatedCodec.ToSupervisor, envelopes);
        expect(readToSupervisor(batch)).toEqual({ envelopes, fault: undefined });
      }),
      { numRuns: 200 },
    );
  });

  it('is read where protobuf leaves a choice that our writers do not use', () => {
    const choices: [what: string, envelope: number[], expected: unknown][] = [
      ['fields in another order', [0x0a, 7, 0x1a, 1, 9, 0x10, 2, 0x08, 1], { peer: 1, bytes: [9] }],
      ['fields left out', [0x0a, 2, 0x08, 1], { peer: 1, connection: 0, bytes: [] }],
      ['an unknown field within', [0x0a, 7, 0x08, 1, 0x10, 2, 0x78, 1, 0], undefined],
      ['a longer varint', [0x0a, 8, 0x08, 0x81, 0, 0x10, 2, 0x1a, 1, 9], { peer: 1, bytes: [9] }],
      ['an unknown field beside', [0x78, 5, 0x0a, 2, 0x08, 3], { peer: 3 }],
    ];
    for (const [what, envelope, expected] of choices) {
      const reader = new ToHostReader();
      reader.open(Uint8Array.from([envelope.length, ...envelope]));
      if (expected === undefined) {
        // The last octet cannot be a field: the envelope is no protobuf message.
        expect(reader.next(), what).toBe(false);
        expect(reader.fault, what).toMatch(/octet 1 is no protobuf message/);
        continue;
      }
      expect(reader.next(), what).toBe(true);
      expect(reader.kind, what).toBe('data');
      expect(
        { peer: reader.peer, connection: reader.connection, bytes: [...reader.bytes] },
        what,
      ).toMatchObject(expected as object);
      expect(reader.next()).toBe(false);
      expect(reader.fault).toBeUndefined();
    }
  });

  it('skips envelopes that it does not know', () => {
    const unknown = [4, 0xfa, 0x01, 1, 0];
    const known = [...generatedBatch(generatedCodec.ToHost, [{ kind: 'data' }])];
    expect(readToHost(Uint8Array.from([...unknown, ...known, ...unknown])).envelopes).toHaveLength(
      1,
    );
  });

  it('of arbitrary octets ends, and never throws', () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      // Almost right: a good batch with one octet changed, cut anywhere.
      fc
        .tuple(
          fc.array(toHost, { minLength: 1, maxLength: 3 }),
          fc.nat(),
          fc.nat({ max: 255 }),
          fc.nat(),
        )
        .map(([envelopes, at, octet, cut]) => {
          const batch = generatedBatch(generatedCodec.ToHost, envelopes);
          batch[at % batch.length] = octet;
          return batch.subarray(0, cut % (batch.length + 1));
        }),
    );
    fc.assert(
      fc.property(garbage, (batch) => {
        for (const read of [readToHost, readToSupervisor]) {
          expect(read(batch).envelopes.length).toBeLessThanOrEqual(batch.length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('of arbitrary octets says what the generated codec says', () => {
    const envelope = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.tuple(fc.oneof(data, written), fc.nat(), fc.nat({ max: 255 })).map(([hot, at, octet]) => {
        const encoded = generatedCodec.ToHost.encode({ [hot.kind]: hot }).finish();
        encoded[at % Math.min(encoded.length, 20)] = octet;
        return encoded;
      }),
    );
    fc.assert(
      fc.property(envelope, (encoded) => {
        const batch = generatedBatchOf([encoded]);
        const { envelopes, fault } = readToHost(batch);
        let decoded: ReturnType<typeof generatedCodec.ToHost.decode> | undefined;
        try {
          decoded = generatedCodec.ToHost.decode(encoded);
        } catch {
          expect(fault).toMatch(/is no protobuf message/);
          return;
        }
        expect(fault).toBeUndefined();
        expect(envelopes).toHaveLength(decoded.body === undefined ? 0 : 1);
        if (decoded.body !== 'data' && decoded.body !== 'written') return;
        const { peer = 0, connection = 0, bytes: value } = decoded[decoded.body]!;
        const content = value instanceof Uint8Array ? new Uint8Array(value) : value;
        expect(envelopes[0]).toEqual({ kind: decoded.body, peer, connection, bytes: content });
      }),
      { numRuns: 3000 },
    );
  });
});

function up(session: number, json: string): ToSupervisorMessage {
  return {
    kind: 'sessionUp',
    peer: 7,
    session,
    connection: 3,
    time: 1_700_000_000_000,
    json,
    remoteAs: 65_001,
    remoteRouterId: '192.0.2.2',
    localAddress: '192.0.2.1',
    localPort: 179,
    remoteAddress: '192.0.2.2',
    remotePort: 40_000,
    dialled: false,
  };
}

describe('what a session agreed on', () => {
  // Beyond ASCII, it goes through the generated codec.
  const [plain, named] = ['{"holdTime":90}', '{"fqdn":"grüß.example"}'] as const;

  it('crosses once for those that agreed on the same one after the other', () => {
    const messages = [plain, plain, named, named, plain].map((json, index) => up(index + 1, json));
    const writer = new ToSupervisorWriter();
    const reader = new ToSupervisorReader();
    const lengths: number[] = [];
    const read = messages.map((message) => {
      writer.message(message);
      const batch = writer.take()!;
      lengths.push(batch.length);
      reader.open(batch);
      expect(reader.next()).toBe(true);
      return reader.message;
    });
    expect(read).toEqual(messages);
    const [first, second, third, fourth, fifth] = lengths;
    expect(second).toBe(first! - plain.length - 2);
    expect(third! - fourth!).toBe(Buffer.byteLength(named) + 2);
    expect(fourth).toBe(second);
    expect(fifth).toBe(first);
  });
});

describe('a writer', () => {
  it('hands out buffers that a port can take over, and starts anew', () => {
    const writer = new ToHostWriter();
    expect(writer.take()).toBeUndefined();
    for (const size of [1, 3000, 100_000, 300_000, 5]) {
      const content = new Uint8Array(size).fill(size & 0xff);
      writer.data(1, 2, content);
      expect(writer.full).toBe(size >= batchLimit);
      const batch = writer.take()!;
      expect(batch.byteOffset).toBe(0);
      const moved = structuredClone(batch, { transfer: [batch.buffer] });
      expect(readToHost(moved).envelopes.at(-1)).toEqual({
        kind: 'data',
        peer: 1,
        connection: 2,
        bytes: content,
      });
      expect(writer.byteLength).toBe(0);
    }
  });

  it('takes part of a buffer', () => {
    const source = Uint8Array.from({ length: 100 }, (_, index) => index);
    for (const [start, end] of [
      [0, 100],
      [10, 20],
      [5, 95],
      [50, 50],
    ] as const) {
      const writer = new ToSupervisorWriter();
      writer.send(1, 2, source, start, end);
      expect(readToSupervisor(writer.take()!).envelopes).toEqual([
        { kind: 'send', peer: 1, connection: 2, bytes: source.slice(start, end) },
      ]);
    }
  });

  it('uses the buffers of large batches again', () => {
    const writer = new ToHostWriter();
    const large = new Uint8Array(batchLimit).fill(7);
    const next = (): Uint8Array<ArrayBuffer> => {
      writer.data(1, 2, large);
      return writer.take()!;
    };
    const first = next();
    writer.reuse(first.buffer);
    next();
    const again = next();
    expect(again.buffer).toBe(first.buffer);
    expect(readToHost(again).envelopes.at(-1)).toMatchObject({ kind: 'data', bytes: large });
    // Buffers of any other size are not for it.
    writer.reuse(new ArrayBuffer(100));
    writer.reuse(new ArrayBuffer(10 * batchLimit));
    expect(next().buffer.byteLength).toBe(first.buffer.byteLength);
    expect(next().buffer.byteLength).toBe(first.buffer.byteLength);
  });

  it('lends few busy buffers to batches that do not fill them', () => {
    const writer = new ToHostWriter();
    const write = (octets: number): ArrayBuffer => {
      writer.data(1, 2, new Uint8Array(octets));
      return writer.take()!.buffer;
    };
    const busy = write(batchLimit).byteLength;
    expect(write(1000).byteLength).toBeLessThan(2000);
    const lent = Array.from({ length: 20 }, () => write(20_000));
    const away = lent.filter(({ byteLength }) => byteLength === busy);
    expect(away.length).toBeGreaterThan(0);
    expect(away.length).toBeLessThanOrEqual(8);
    expect(write(20_000).byteLength).toBeLessThan(busy);
    writer.reuse(away[0]!);
    expect(write(20_000).byteLength).toBe(busy);
  });

  it('stamps each batch with the time at which it was begun', () => {
    let now = 10;
    const writer = new ToHostWriter(() => now);
    writer.written(1, 1, 5);
    now = 20;
    writer.written(1, 1, 5);
    expect(readToHost(writer.take()!).envelopes[0]).toEqual({ kind: 'stamp', time: 10 });
    writer.message({ kind: 'closed', peer: 1, connection: 1, errno: '', text: '' });
    const batch = writer.take()!;
    expect(batch[0]).toBe(stampLength - 1);
    expect(readToHost(batch).envelopes[0]).toEqual({ kind: 'stamp', time: 20 });
  });
});
