import { NlriWalker, parseFamilyName } from '@peerloom/wire';

/** What announcements and withdrawals have in common. */
interface Routes {
  readonly family?: string;
  readonly nlri?: Uint8Array;
  readonly addPath?: boolean;
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
        yield part;
        part = [];
        octets = 0;
      }
      part.push(piece);
      octets += nlri?.length ?? 0;
    }
  }
  if (part.length > 0) yield part;
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
