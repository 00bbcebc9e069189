import {
  baseSessionOptions,
  encodePathAttributes,
  encodeUpdate,
  familyKey,
  type Nlri,
  type PathAttribute,
  type SessionOptions,
} from '@peerloom/wire';

export const ipv4Unicast: number = familyKey(1, 1);
export const ipv6Unicast: number = familyKey(2, 1);

/** A session of today, with a neighbour of another AS. */
export const sessionOptions: SessionOptions = {
  ...baseSessionOptions,
  fourOctetAs: true,
  families: new Set([ipv4Unicast, ipv6Unicast]),
};

/** Pieces one after the other, as in a chunk from a socket; `ends[i]` is where piece `i` ends. */
export interface Stream {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

const prefixesPerUpdate = 4;

/** A table in UPDATEs of four prefixes each, no prefix twice; neighbours lie near each other. */
export function updateStream(updates: number, family: number = ipv4Unicast): Stream {
  const random = seeded();
  return streamOf(updates, (update) => {
    const nlri = Array.from({ length: prefixesPerUpdate }, (_, index): Nlri => {
      // An odd multiplier goes through all blocks of four before it comes back.
      const word = ((Math.imul(update, 0x9e3779b1) >>> 10) * prefixesPerUpdate + index) & 0xff_ffff;
      const prefix =
        family === ipv4Unicast
          ? `${word >>> 16}.${(word >>> 8) & 255}.${word & 255}.0/24`
          : `2a00:${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}::/48`;
      return { kind: 'prefix', prefix };
    });
    const attributes = pathAttributes(random);
    return encodeUpdate(
      family === ipv4Unicast
        ? { kind: 'update', withdrawn: [], attributes: [...attributes, nextHop], nlri }
        : {
            kind: 'update',
            withdrawn: [],
            attributes: [{ type: 'mpReachNlri', afi: 2, safi: 1, nextHops, nlri }, ...attributes],
            nlri: [],
          },
      sessionOptions,
    )[0]!;
  });
}

/** Attribute blocks, as a table store keeps them. */
export function blockStream(blocks: number): Stream {
  const random = seeded();
  return streamOf(blocks, () =>
    encodePathAttributes([...pathAttributes(random), nextHop], sessionOptions),
  );
}

/** Message after message by the length in its header, trusted. */
export function walkHeaders({ bytes }: Stream): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at += (bytes[at + 16]! << 8) | bytes[at + 17]!) count += 1;
  return count;
}

/** Adds up all octets. In short spans: a function that is called often is compiled early, and wholly. */
export function sumOctets(bytes: Uint8Array): number {
  let sum = 1;
  for (let at = 0; at < bytes.length; at += 1024) sum += sumSpan(bytes, at, at + 1024);
  return sum;
}

function sumSpan(bytes: Uint8Array, start: number, end: number): number {
  const until = Math.min(end, bytes.length);
  let sum = 0;
  for (let at = start; at < until; at += 1) sum += bytes[at]!;
  return sum;
}

const nextHop: PathAttribute = { type: 'nextHop', nextHop: '192.0.2.1' };
const nextHops = [{ address: '2001:db8::1' }];

/** Attributes as they come in a full table: ORIGIN, AS_PATH, and most often communities. */
function pathAttributes(random: (below: number) => number): PathAttribute[] {
  const asNumbers = Array.from({ length: 3 + random(4) }, () => 1 + random(400_000));
  const communities = Array.from({ length: random(6) }, () => random(0x7fffffff));
  return [
    { type: 'origin', origin: 'igp' },
    { type: 'asPath', segments: [{ kind: 'sequence', asNumbers }] },
    ...(communities.length > 0 ? [{ type: 'communities' as const, communities }] : []),
  ];
}

function streamOf(count: number, piece: (index: number) => Uint8Array): Stream {
  const pieces = Array.from({ length: count }, (_, index) => piece(index));
  let length = 0;
  const ends = Uint32Array.from(pieces, (bytes) => (length += bytes.length));
  const bytes = new Uint8Array(length);
  for (const [index, each] of pieces.entries()) bytes.set(each, ends[index]! - each.length);
  return { bytes, ends };
}

/** The same numbers in each run: whole ones, from 0 to `below` − 1. */
function seeded(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
}
