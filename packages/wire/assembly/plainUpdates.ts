// The walk over plain UPDATEs, in AssemblyScript: `src/plainUpdateScanner.ts` says what it is for. It knows where the
// parts of messages are; which attributes are sound is written into its memory, from the rules that all of the codec goes
// by, except for the four whose values it looks at.
//
// What is exported beside functions says how much there is room for, and where: the reader asks for it.

/** Octets that are walked at a time. */
export const capacity: u32 = 0x1_0000;
/** Messages of 23 octets and a route are as many as fit. */
export const mostUpdates: u32 = capacity / 24;
/** Prefixes that are kept at a time. A hundred octets of message mostly have four. */
export const mostPrefixes: u32 = 0x4000;
/** Attribute types from here on are not plain. */
export const mostRules: u8 = 64;

const headerLength: u32 = 19;
const shortestUpdate: u32 = headerLength + 4;
const update: u8 = 2;

/** A word is read for each address, so there must be one after the last. */
export const input = memory.data(<i32>capacity + 4, 16);
/**
 * Of each message: where its NLRI begin, with the uppermost bit for attributes that are not plainly sound; where it ends;
 * the hash of its attributes; and where its prefixes end.
 */
export const updates = memory.data(<i32>mostUpdates * 16, 16);
export const addresses = memory.data(<i32>mostPrefixes * 4, 16);
export const hashes = memory.data(<i32>mostPrefixes * 4, 16);
export const lengths = memory.data(<i32>mostPrefixes, 16);
/** By attribute type, up to `mostRules`: flags, least, most, and what the length is a multiple of. */
export const rules = memory.data(<i32>mostRules * 16, 16);
/** By first octet: whether an ORIGIN is known, and whether a NEXT_HOP can be a host's address. */
export const origins = memory.data(0x100);
export const hosts = memory.data(0x100);

const flagMask: u32 = 0xc0;
const extendedLength: u32 = 0x10;
const origin: u8 = 1;
const asPath: u8 = 2;
const nextHop: u8 = 3;
const aggregator: u8 = 7;
/** ORIGIN, AS_PATH and NEXT_HOP, as bits. */
const mandatory: u64 = 0b1110;
const asSet: u8 = 1;

const doubtBit: u32 = 0x8000_0000;

const longestPrefix: u32 = 32;
const mixer: i32 = 0x85eb_ca6b;

// Of the session: octets of an AS number, the segment that a path must begin with (0: any), the last type of segments.
let asNumberLength: u32 = 4;
let firstSegment: u8 = 0;
let lastSegment: u8 = 0;

export function configure(asNumbers: u32, first: u8, last: u8): void {
  asNumberLength = asNumbers;
  firstSegment = first;
  lastSegment = last;
}

/** Walks the first `length` octets of the input; returns how many plain UPDATEs they begin with. */
export function scan(
  length: u32,
  maximumLength: u32,
  hasPathIds: bool,
  attributeSeed: i32,
  attributeMultiplier: i32,
  prefixSeed: i32,
  prefixMultiplier: i32,
): u32 {
  const limit: usize = input + length;
  let start: usize = input;
  let found: u32 = 0;
  let prefixes: u32 = 0;
  while (limit - start >= shortestUpdate && found < mostUpdates) {
    if ((load<u64>(start) & load<u64>(start, 8)) !== u64.MAX_VALUE) break;
    if (load<u8>(start, 18) !== update) break;
    const messageLength: u32 = word16(start + 16);
    if (messageLength > maximumLength || <usize>messageLength > limit - start) break;
    if (load<u16>(start, headerLength) !== 0) break;
    const end: usize = start + messageLength;
    const attributes: usize = start + shortestUpdate;
    const nlri: usize = attributes + word16(start + headerLength + 2);
    if (nlri >= end) break;
    if (hasPathIds) {
      if (!arePathsSound(nlri, end)) break;
    } else {
      const after = readPrefixes(nlri, end, prefixes, prefixSeed, prefixMultiplier);
      if (after < 0) break;
      prefixes = after;
    }
    const record: usize = updates + (found << 4);
    const doubt: u32 = areAttributesSound(attributes, nlri) ? 0 : doubtBit;
    store<u32>(record, <u32>(nlri - input) | doubt);
    store<u32>(record, <u32>(end - input), 4);
    store<i32>(record, hashOf(attributes, nlri, attributeSeed, attributeMultiplier), 8);
    store<u32>(record, prefixes, 12);
    found += 1;
    start = end;
  }
  return found;
}

/** Whether all attributes are there that must be, each type once, known, and as its rule asks. */
function areAttributesSound(start: usize, end: usize): bool {
  let met: u64 = 0;
  let at: usize = start;
  while (at < end) {
    if (end - at < 3) return false;
    const flags: u32 = load<u8>(at);
    const code: u8 = load<u8>(at, 1);
    let length: u32 = load<u8>(at, 2);
    at += 3;
    if ((flags & extendedLength) !== 0) {
      if (at === end) return false;
      length = (length << 8) | load<u8>(at);
      at += 1;
    }
    if (<usize>length > end - at || code >= mostRules) return false;
    const rule: usize = rules + ((<usize>code) << 4);
    if ((flags & flagMask) !== load<u32>(rule)) return false;
    const bit: u64 = (<u64>1) << code;
    if ((met & bit) !== 0) return false;
    met |= bit;
    if (length < load<u32>(rule, 4) || length > load<u32>(rule, 8)) return false;
    const multiple: u32 = load<u32>(rule, 12);
    if (multiple !== 1 && length % multiple !== 0) return false;
    const valueEnd: usize = at + length;
    if (code === asPath) {
      if (!isAsPathSound(at, valueEnd)) return false;
    } else if (code === origin) {
      if (load<u8>(origins + load<u8>(at)) === 0) return false;
    } else if (code === nextHop) {
      if (load<u8>(hosts + load<u8>(at)) === 0) return false;
    } else if (code === aggregator) {
      if (isAsNumberZero(at)) return false;
    }
    at = valueEnd;
  }
  return (met & mandatory) === mandatory;
}

function isAsPathSound(start: usize, end: usize): bool {
  if (firstSegment !== 0 && (start === end || load<u8>(start) !== firstSegment)) return false;
  let at: usize = start;
  while (at < end) {
    if (end - at < 2) return false;
    const type: u8 = load<u8>(at);
    const count: u32 = load<u8>(at, 1);
    if (type < asSet || type > lastSegment || count === 0) return false;
    at += 2;
    if (<usize>(count * asNumberLength) > end - at) return false;
    const segmentEnd: usize = at + count * asNumberLength;
    for (; at < segmentEnd; at += asNumberLength) if (isAsNumberZero(at)) return false;
  }
  return true;
}

function isAsNumberZero(at: usize): bool {
  return asNumberLength === 4 ? load<u32>(at) === 0 : load<u16>(at) === 0;
}

/** Keeps the prefixes of a field, from number `first` on; returns the number after the last, -1 if they are not sound, or too many. */
function readPrefixes(start: usize, end: usize, first: u32, seed: i32, multiplier: i32): i32 {
  let at: usize = start;
  let number: u32 = first;
  for (; at < end; number += 1) {
    const length: u32 = load<u8>(at);
    if (length > longestPrefix || number === mostPrefixes) return -1;
    const mask: u32 = length === 0 ? 0 : 0xffff_ffff << (longestPrefix - length);
    const address: u32 = bswap<u32>(load<u32>(at, 1)) & mask;
    store<u32>(addresses + (number << 2), address);
    store<u8>(lengths + number, <u8>length);
    store<i32>(
      hashes + (number << 2),
      finishHash(mixWord(seed, address, multiplier) + <i32>length * multiplier),
    );
    at += 1 + ((length + 7) >>> 3);
  }
  return at === end ? <i32>number : -1;
}

/** Whether a field of prefixes with Path Identifiers (RFC 7911 §3) is sound. */
function arePathsSound(start: usize, end: usize): bool {
  let at: usize = start;
  while (at < end) {
    if (end - at < 5) return false;
    const length: u32 = load<u8>(at, 4);
    if (length > longestPrefix) return false;
    at += 5 + ((length + 7) >>> 3);
  }
  return at === end;
}

// As in src/seededHash.ts.

function hashOf(start: usize, end: usize, seed: i32, multiplier: i32): i32 {
  let hash: i32 = seed ^ <i32>(end - start);
  let at: usize = start;
  for (; at + 4 <= end; at += 4) hash = mixWord(hash, load<i32>(at), multiplier);
  let rest: i32 = 0;
  for (; at < end; at += 1) rest = (rest << 8) | load<u8>(at);
  return finishHash(mixWord(hash, rest, multiplier));
}

function mixWord(hash: i32, word: i32, multiplier: i32): i32 {
  const mixed: i32 = (hash ^ word) * multiplier;
  return mixed ^ (mixed >>> 15);
}

function finishHash(hash: i32): i32 {
  const mixed: i32 = hash * mixer;
  return mixed ^ (mixed >>> 13);
}

/** 16 bits, most significant octet first. */
function word16(at: usize): u32 {
  return bswap<u16>(load<u16>(at));
}
