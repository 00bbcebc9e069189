import { NlriWalker, parseFamilyName } from '@peerloom/wire';

/** What announcements and withdrawals have in common. */
interface Routes {
  readonly family?: string;
  readonly nlri?: Uint8Array;
  readonly addPath?: boolean;
}

/** What an encoded announcement or withdrawal has to be copied. */
interface Octets {
  readonly nlri: Uint8Array;
  readonly attributes?: Uint8Array;
}

/** Announcements in one part, at most. */
const itemsAtOnce = 2000;
/** Octets of NLRI in one part: some ten thousand routes, a few milliseconds of work. */
const octetsAtOnce = 65_536;

/**
 * Routes in parts that a thread can take on between two turns of its event loop: a table handed over in
 * one piece would keep every KEEPALIVE waiting until all of it has been worked off.
 */
export function* routeParts<T extends object>(
  routes: Iterable<T>,
): Generator<T[], void, undefined> {
  let part: T[] = [];
  let octets = 0;
  for (const whole of routes) {
    for (const piece of piecesOf(whole)) {
      const { nlri } = piece as Routes;
      if (
        part.length >= itemsAtOnce ||
        (octets > 0 && octets + (nlri?.length ?? 0) > octetsAtOnce)
      ) {
        yield inOneBuffer(part);
        part = [];
        octets = 0;
      }
      part.push(piece);
      octets += nlri?.length ?? 0;
    }
  }
  if (part.length > 0) yield inOneBuffer(part);
}

/**
 * The same routes, with the octets of all in one buffer: a buffer each would cost more to hand over, and to
 * keep, than what is in them. Not for a single one, whose octets are in one already, or nearly.
 */
function inOneBuffer<T extends object>(part: T[]): T[] {
  const encoded = part.filter((each): each is T & Octets => 'nlri' in each);
  if (encoded.length < 2) return part;
  // Routes often come by the list with the same attributes.
  const places = new Map<Uint8Array, number>();
  let length = 0;
  for (const { nlri, attributes } of encoded) {
    for (const octets of [nlri, attributes]) {
      if (octets === undefined || places.has(octets)) continue;
      places.set(octets, length);
      length += octets.length;
    }
  }
  const bytes = new Uint8Array(length);
  const copies = new Map<Uint8Array, Uint8Array>();
  for (const [octets, place] of places) {
    bytes.set(octets, place);
    copies.set(octets, bytes.subarray(place, place + octets.length));
  }
  return part.map((each) => {
    if (!('nlri' in each)) return each;
    const { nlri, attributes } = each as Octets;
    const own = { ...each, nlri: copies.get(nlri)! };
    return attributes === undefined ? own : { ...own, attributes: copies.get(attributes)! };
  });
}

/** Encoded routes that are too many for one part, cut between two of them; anything else as it is. */
function* piecesOf<T extends object>(whole: T): Generator<T, void, undefined> {
  const { family: name = '', nlri, addPath = false } = whole as Routes;
  const family = parseFamilyName(name);
  if (nlri === undefined || nlri.length <= octetsAtOnce || family === undefined) {
    yield whole;
    return;
  }
  const walker = new NlriWalker();
  walker.reset(nlri, 0, nlri.length, family, addPath, 'reach');
  let start = 0;
  let end = 0;
  while (walker.next()) {
    if (walker.end - start > octetsAtOnce && end > start) {
      // A copy: a view would take the buffer of the whole table along to the other thread.
      yield { ...whole, nlri: nlri.slice(start, end) };
      start = end;
    }
    end = walker.end;
  }
  // What cannot be read stays in one piece, for the actor to say what is wrong with it.
  if (start < nlri.length) yield { ...whole, nlri: nlri.slice(start) };
}
