import type { FamilyKey } from '../addressFamily.ts';
import { readU32 } from '../text/number.ts';
import { longestWrittenKey, type NlriCodec, type NlriContext } from './codec.ts';
import { codecOf } from './familyCodec.ts';
import { pathIdOctets } from './field.ts';

/**
 * Walks the NLRI of any family as ranges of bytes, for a table that holds routes of families that it
 * knows nothing of. One walker serves any number of fields and allocates nothing after its construction.
 *
 * Of each NLRI there are two things to see: the bytes as they came, `bytes[start, end)`, to be kept and
 * sent or decoded again; and a key, `keyBytes[keyStart, keyEnd)`, equal for two NLRI exactly when they
 * are for the same route of the family (besides `pathId`, which is not in it):
 *
 * - prefixes: length and prefix, bits after the length cleared (RFC 4271 §4.3);
 * - labelled and VPN: the same with the route distinguisher and without the labels, which a later
 *   announcement replaces and a withdrawal does not name (RFC 8277 §2.4, §2.5);
 * - EVPN: the fields that RFC 7432 §7 and RFC 9136 §3.1 call part of the route, without labels, gateway
 *   and, in types 2 and 5, ESI;
 * - flow specifications: everything after the length;
 * - route targets: length and prefix;
 * - anything else: the bytes as they came.
 *
 * A family of unknown framing (`isDelimited` false) is one piece with `pathId` 0: announcements and
 * withdrawals in it cannot be matched.
 */
export class NlriWalker {
  /** Where the current NLRI begins: at its Path Identifier, if it has one. */
  start = 0;
  /** After the Path Identifier. */
  bodyStart = 0;
  /** After the current NLRI. */
  end = 0;
  /** 0–4294967295; 0 when there are no Path Identifiers. */
  pathId = 0;
  /** What the key stands in: the field itself, or a buffer of the walker's own. Valid until the next call of `next`. */
  keyBytes: Uint8Array = new Uint8Array(0);
  /** Where the key begins in `keyBytes`. */
  keyStart = 0;
  /** After the key. */
  keyEnd = 0;
  /** The walk ended early, at an NLRI that cannot be read. */
  malformed = false;
  /** The family's framing is known, so that each NLRI is one route. */
  isDelimited = true;

  #bytes: Uint8Array = new Uint8Array(0);
  #fieldEnd = 0;
  #codec: NlriCodec = codecOf(0, false);
  #context: NlriContext = 'reach';
  #pathOctets = 0;
  readonly #written: Uint8Array = new Uint8Array(longestWrittenKey);

  /** Begins the walk of `bytes[start, end)`; parameters as in `decodeNlri`. */
  reset(
    bytes: Uint8Array,
    start: number,
    end: number,
    family: FamilyKey,
    addPath: boolean,
    context: NlriContext,
    multipleLabels: boolean = false,
  ): this {
    this.#bytes = bytes;
    this.#fieldEnd = end;
    this.#codec = codecOf(family, multipleLabels);
    this.#context = context;
    this.isDelimited = !this.#codec.isWholeField;
    this.#pathOctets = addPath && this.isDelimited ? pathIdOctets : 0;
    this.start = start;
    this.bodyStart = start;
    this.end = start;
    this.pathId = 0;
    this.malformed = false;
    return this;
  }

  /** Goes to the next NLRI; false when there is none, or none that can be read. */
  next(): boolean {
    const start = this.end;
    if (start >= this.#fieldEnd || this.malformed) return false;
    const bytes = this.#bytes;
    const body = start + this.#pathOctets;
    const end = this.#codec.measure(bytes, body, this.#fieldEnd, this.#context);
    if (end < 0) {
      this.malformed = true;
      return false;
    }
    if (this.#pathOctets !== 0) this.pathId = readU32(bytes, start);
    this.start = start;
    this.bodyStart = body;
    this.end = end;
    const { key } = this.#codec;
    if ('start' in key) {
      this.keyBytes = bytes;
      this.keyStart = key.start(bytes, body);
      this.keyEnd = end;
    } else {
      this.keyBytes = this.#written;
      this.keyStart = 0;
      this.keyEnd = key.write(bytes, body, end, this.#context, this.#written);
    }
    return true;
  }
}
