import { Afi, type FamilyKey, familyOfKey, Safi } from '../addressFamily.ts';
import { readU32 } from '../text/number.ts';
import { WireError } from '../wireError.ts';
import { pathIdOctets } from './field.ts';
import { measurePrefix } from './prefix.ts';
import { readWord } from './prefixBits.ts';

/** Whether `NlriCursor` walks the NLRI of this family: IPv4 or IPv6, unicast or multicast. */
export function isPrefixFamily(family: FamilyKey): boolean {
  const { afi, safi } = familyOfKey(family);
  return (
    (afi === Afi.ipv4 || afi === Afi.ipv6) && (safi === Safi.unicast || safi === Safi.multicast)
  );
}

/**
 * Walks the prefixes of a field of IPv4 or IPv6 unicast or multicast NLRI and shows each as numbers: what
 * tables take in. One cursor serves any number of fields and allocates nothing after its construction.
 *
 *     cursor.reset(bytes, start, end, family, addPath);
 *     while (cursor.next()) table.set(cursor.word0, cursor.prefixLength, …);
 *
 * It stays within the field whatever stands there, and stops with `malformed` set where `validateNlri`
 * would find a fault.
 */
export class NlriCursor {
  /** Where the next NLRI begins; after the last, `end`. */
  offset = 0;
  end = 0;
  /** Of the current NLRI, 0–4294967295; 0 when there are no Path Identifiers. */
  pathId = 0;
  /** In bits, 0–32 or 0–128. */
  prefixLength = 0;
  /** The address as unsigned 32-bit numbers, most significant first; bits after `prefixLength` are zero, and so are the last three of IPv4. */
  word0 = 0;
  word1 = 0;
  word2 = 0;
  word3 = 0;
  /** The walk ended early, at an NLRI that cannot be read. */
  malformed = false;

  #bytes: Uint8Array = new Uint8Array(0);
  #addressBits = 32;
  #pathOctets = 0;

  /** Begins the walk of `bytes[start, end)`; throws a `WireError` (`ERR_WIRE_WRONG_FAMILY`) unless `isPrefixFamily(family)`. */
  reset(bytes: Uint8Array, start: number, end: number, family: FamilyKey, addPath: boolean): this {
    if (!isPrefixFamily(family)) {
      throw new WireError(
        'ERR_WIRE_WRONG_FAMILY',
        `family ${family}: a prefix cursor walks IPv4 and IPv6, unicast and multicast; NlriWalker walks any`,
      );
    }
    this.#bytes = bytes;
    this.#addressBits = family < familyOfIpv6 ? 32 : 128;
    this.#pathOctets = addPath ? pathIdOctets : 0;
    this.offset = start;
    this.end = end;
    this.pathId = 0;
    this.malformed = false;
    this.word1 = 0;
    this.word2 = 0;
    this.word3 = 0;
    return this;
  }

  /** Goes to the next NLRI; false when there is none, or none that can be read. */
  next(): boolean {
    if (this.offset >= this.end || this.malformed) return false;
    const bytes = this.#bytes;
    const at = this.offset + this.#pathOctets;
    const next = measurePrefix(bytes, at, this.end, this.#addressBits);
    if (next < 0) {
      this.malformed = true;
      return false;
    }
    if (this.#pathOctets !== 0) this.pathId = readU32(bytes, this.offset);
    const length = bytes[at]!;
    this.prefixLength = length;
    this.word0 = readWord(bytes, at + 1, length);
    if (this.#addressBits === 128) {
      this.word1 = readWord(bytes, at + 5, length - 32);
      this.word2 = readWord(bytes, at + 9, length - 64);
      this.word3 = readWord(bytes, at + 13, length - 96);
    }
    this.offset = next;
    return true;
  }
}

const familyOfIpv6: FamilyKey = Afi.ipv6 * 256;
