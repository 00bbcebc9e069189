// How long an UPDATE takes on its way in, step by step, beside a floor: a walk over the same attribute
// headers and prefix lengths that checks nothing and notes nothing. Messages are like those of a full
// table: ORIGIN, AS_PATH, NEXT_HOP and most often communities, and four prefixes on average.

import {
  copyAttributeBlock,
  decodeUpdate,
  encodePathAttributes,
  encodeUpdate,
  familyKey,
  longestBlock,
  type Nlri,
  type PathAttribute,
  type SessionOptions,
  splitUpdate,
  type UpdateMessage,
  UpdatePacker,
  UpdateView,
  validateAttributes,
  validateNlriFields,
} from '@peerloom/wire';

const messageCount = 20_000;
const rounds = 15;

const none: ReadonlySet<number> = new Set();
const options: SessionOptions = {
  fourOctetAs: true,
  maximumReceiveLength: 4096,
  maximumSendLength: 4096,
  families: new Set([familyKey(1, 1), familyKey(2, 1)]),
  addPathReceive: none,
  addPathSend: none,
  extendedNextHop: none,
  peerType: 'external',
};

/** The same numbers in each run. */
let seed = 1;
function random(below: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % below;
}

function attributesOf(): PathAttribute[] {
  const asNumbers = Array.from({ length: 2 + random(5) }, () => 1 + random(400_000));
  const communities = Array.from({ length: random(6) }, () => random(0x7fffffff));
  return [
    { type: 'origin', origin: 'igp' },
    { type: 'asPath', segments: [{ kind: 'sequence', asNumbers }] },
    ...(communities.length > 0 ? [{ type: 'communities' as const, communities }] : []),
  ];
}

function ipv4Message(): UpdateMessage {
  const nlri = Array.from(
    { length: 1 + random(7) },
    (): Nlri => ({
      kind: 'prefix',
      prefix: `${1 + random(220)}.${random(256)}.${random(256)}.0/24`,
    }),
  );
  return {
    kind: 'update',
    withdrawn: [],
    attributes: [...attributesOf(), { type: 'nextHop', nextHop: '192.0.2.1' }],
    nlri,
  };
}

function ipv6Message(): UpdateMessage {
  const nlri = Array.from(
    { length: 1 + random(7) },
    (): Nlri => ({ kind: 'prefix', prefix: `2a0${random(10)}:${1 + random(9999)}::/48` }),
  );
  const nextHops = [{ address: '2001:db8::1' }];
  return {
    kind: 'update',
    withdrawn: [],
    attributes: [{ type: 'mpReachNlri', afi: 2, safi: 1, nextHops, nlri }, ...attributesOf()],
    nlri: [],
  };
}

/** Messages one after another, as they stand in a chunk from a socket; `ends[i]` is where message i ends. */
interface Stream {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

function streamOf(messages: readonly UpdateMessage[]): Stream {
  const encoded = messages.flatMap((message) => encodeUpdate(message, options));
  const ends = new Uint32Array(encoded.length);
  let at = 0;
  encoded.forEach((message, index) => {
    at += message.length;
    ends[index] = at;
  });
  const bytes = new Uint8Array(at);
  encoded.forEach((message, index) => bytes.set(message, ends[index]! - message.length));
  return { bytes, ends };
}

/** Attribute headers and prefix lengths, trusted; the sum keeps the walk from being optimized away. */
function walk({ bytes, ends }: Stream): number {
  let sum = 0;
  let at = 0;
  for (const end of ends) {
    at += 21;
    const attributesEnd = at + 2 + (bytes[at]! << 8) + bytes[at + 1]!;
    at += 2;
    while (at < attributesEnd) {
      const isExtended = (bytes[at]! & 0x10) !== 0;
      sum += bytes[at + 1]!;
      at += isExtended ? 4 + (bytes[at + 2]! << 8) + bytes[at + 3]! : 3 + bytes[at + 2]!;
    }
    while (at < end) {
      sum += bytes[at]!;
      at += 1 + ((bytes[at]! + 7) >> 3);
    }
  }
  return sum;
}

const view = new UpdateView();
const target = new Uint8Array(4096);

function each({ bytes, ends }: Stream, use: (start: number, end: number) => number): number {
  let sum = 0;
  let start = 0;
  for (const end of ends) {
    sum += use(start, end);
    start = end;
  }
  return sum + bytes.length;
}

function faulty(): number {
  throw new Error('a message of the benchmark has a fault');
}

function split(stream: Stream): number {
  return each(stream, (start, end) =>
    splitUpdate(view, stream.bytes, start, end) === undefined ? view.seen : faulty(),
  );
}

function splitAndWalkNlri(stream: Stream): number {
  return each(stream, (start, end) =>
    splitUpdate(view, stream.bytes, start, end) === undefined &&
    validateNlriFields(view, options) === undefined
      ? 1
      : faulty(),
  );
}

function validateAll(stream: Stream): number {
  return each(stream, (start, end) =>
    splitUpdate(view, stream.bytes, start, end) === undefined &&
    validateNlriFields(view, options) === undefined &&
    validateAttributes(view, options) === undefined
      ? 1
      : faulty(),
  );
}

function copyBlocks(stream: Stream): number {
  return each(stream, (start, end) => {
    splitUpdate(view, stream.bytes, start, end);
    const routes = view.mpReachNlriEnd > view.mpReachNlriStart ? 'mpReach' : 'nlri';
    return longestBlock(view) + copyAttributeBlock(view, routes, target, 0);
  });
}

function decode(stream: Stream): number {
  return each(stream, (start, end) =>
    decodeUpdate(stream.bytes, start, end, options).ok ? 1 : faulty(),
  );
}

/** The best of some rounds: what the machine can do when nothing else runs. */
function best(count: number, run: () => number): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    if (!(run() > 0)) throw new Error('nothing was measured');
    least = Math.min(least, ((performance.now() - start) * 1e6) / count);
  }
  return least;
}

function report(title: string, stream: Stream): void {
  const count = stream.ends.length;
  const octets = (stream.bytes.length / count).toFixed(0);
  console.log(`\n${title}: ${count} UPDATEs of ${octets} octets on average`);
  const floor = best(count, () => walk(stream));
  const steps: readonly (readonly [string, (stream: Stream) => number])[] = [
    ['splitUpdate', split],
    ['… and validateNlriFields', splitAndWalkNlri],
    ['… and validateAttributes', validateAll],
    ['splitUpdate, copyAttributeBlock', copyBlocks],
    ['decodeUpdate', decode],
  ];
  const line = (name: string, nanoseconds: number): string =>
    `${name.padEnd(34)} ${nanoseconds.toFixed(0).padStart(6)} ns  ${(nanoseconds / floor).toFixed(1).padStart(6)} × floor`;
  console.log(line('floor (headers and lengths alone)', floor));
  for (const [name, run] of steps)
    console.log(
      line(
        name,
        best(count, () => run(stream)),
      ),
    );
}

function reportPacking(): void {
  const prefixCount = 100_000;
  const nlri = new Uint8Array(prefixCount * 4);
  for (let at = 0; at < nlri.length; at += 4) nlri.set([24, 10, at >> 10, at >> 2], at);
  const block = encodePathAttributes(ipv4Message().attributes, options);
  const packer = new UpdatePacker(4096);
  const packed = best(prefixCount, () => {
    packer.announce(block);
    for (let at = 0; at < nlri.length; at += 4) packer.add(nlri, at, at + 4);
    return packer.finish().length;
  });
  console.log(`\nUpdatePacker                       ${packed.toFixed(1).padStart(6)} ns a prefix`);
}

const messages = <T>(make: () => T): T[] => Array.from({ length: messageCount }, make);
const ipv4 = messages(ipv4Message);
report('IPv4', streamOf(ipv4));
report('IPv6, in MP_REACH_NLRI', streamOf(messages(ipv6Message)));
reportPacking();
const encoding = best(messageCount, () => streamOf(ipv4).ends.length);
console.log(`encodeUpdate                       ${encoding.toFixed(0).padStart(6)} ns an UPDATE`);
