import { ByteArena } from './byteArena.ts';
import { EntryTable, entryLimit, tagBits, tagMask } from './entryTable.ts';
import { type HashSecret, hashBytes, hashSecret } from './hash.ts';

/** Name of an attribute block in its store: 1 and up, below 2^26; 0 stands for none. */
export type BlockId = number;

/** One more than the greatest block number: what tables pack beside a block's number begins at this bit. */
export const blockIdLimit: number = entryLimit;

/**
 * What is known about a block's validity. Faulty blocks are not kept, so the only verdict worth
 * remembering is that one was found sound.
 */
export const Verdict = { unknown: 0, valid: 1 } as const;
/** One of the values of `Verdict`. */
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** How much a store holds. */
export interface AttributeStoreStatistics {
  /** Distinct blocks. */
  readonly blocks: number;
  /** Octets of the blocks themselves, padding included. */
  readonly blockBytes: number;
  /** Octets of all memory that the store holds, indexes and free room included. */
  readonly bytes: number;
}

// Words of an entry.
const hashWord = 0;
const locationWord = 1;
const referencesWord = 2;
/** Length in bits 0–15, context in bits 16–23, verdict in bits 24–31. */
const formWord = 3;
const stride = 4;

const contextShift = 16;
const verdictShift = 24;
/** Length and context: what must agree, beside the bytes. */
const identityMask = 0x00ff_ffff;

/**
 * Path attribute blocks, each distinct one kept once: a million routes share a quarter as many, and 200
 * peers that send the same table share all of them.
 *
 * A block is the attributes' bytes as `attributeBlock.ts` makes them, decoded only when somebody asks.
 * The same bytes can mean different things to different kinds of session (2- or 4-octet AS numbers, for
 * one), so a context of 8 bits is part of what tells blocks apart.
 *
 * Blocks are counted: `intern` and `retain` add references, `release` takes them back, and the last one
 * frees the block. 16 octets and 5 to 11 of index a block, plus the bytes themselves.
 */
export class AttributeStore extends EntryTable {
  readonly #arena = new ByteArena();
  readonly #secret: HashSecret;

  /** `secret`: what hashes are seasoned with; random unless a test wants the same every time. */
  constructor(secret: HashSecret = hashSecret()) {
    super(stride);
    this.#secret = secret;
  }

  /**
   * The block that consists of `bytes[start, end)` (0–65535 octets) in `context` (0–255), made when it
   * is not there yet, with one reference more, which is the caller's. `bytes` are copied.
   *
   * A `RangeError` tells that 2^26 − 1 blocks are in use; that many do not fit into a worker's memory.
   */
  intern(bytes: Uint8Array, start: number, end: number, context: number): BlockId {
    const hash = hashBytes(bytes, start, end, this.#secret);
    const identity = (end - start) | (context << contextShift);
    const { entries, slots, slotMask } = this;
    let slot = hash >>> this.slotShift;
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      const id = held >>> tagBits;
      const at = id * stride;
      if (
        (held & tagMask) === (hash & tagMask) &&
        (entries[at + hashWord]! | 0) === hash &&
        (entries[at + formWord]! & identityMask) === identity &&
        this.#arena.equals(entries[at + locationWord]!, bytes, start, end)
      ) {
        entries[at + referencesWord]! += 1;
        return id;
      }
      slot = (slot + 1) & slotMask;
    }
    return this.#add(hash, identity, bytes, start, end);
  }

  /** Adds `count` references. */
  retain(id: BlockId, count: number = 1): void {
    this.entries[id * stride + referencesWord]! += count;
  }

  /** Takes `count` references back; the block is gone, and its number free for another, when none is left. */
  release(id: BlockId, count: number = 1): void {
    const at = id * stride;
    const left = this.entries[at + referencesWord]! - count;
    this.entries[at + referencesWord] = left;
    if (left !== 0) return;
    this.#arena.free(this.entries[at + locationWord]!, this.length(id));
    this.remove(this.hashOf(id), id);
  }

  /** References held; 0 for a number that names no block. */
  references(id: BlockId): number {
    return id > 0 && id < this.end ? this.entries[id * stride + referencesWord]! : 0;
  }

  /** Octets of the block. */
  length(id: BlockId): number {
    return this.entries[id * stride + formWord]! & 0xffff;
  }

  /** The context that it was interned with. */
  context(id: BlockId): number {
    return (this.entries[id * stride + formWord]! >>> contextShift) & 0xff;
  }

  /** The block's bytes, not copied: read only, and valid until the block is released. */
  bytes(id: BlockId): Uint8Array {
    return this.#arena.view(this.entries[id * stride + locationWord]!, this.length(id));
  }

  /** What was last said about the block's validity; `Verdict.unknown` for a new one. */
  verdict(id: BlockId): Verdict {
    return (this.entries[id * stride + formWord]! >>> verdictShift) as Verdict;
  }

  /** Remembers a verdict for as long as the block exists. */
  setVerdict(id: BlockId, verdict: Verdict): void {
    const at = id * stride + formWord;
    this.entries[at] = ((this.entries[at]! & identityMask) | (verdict << verdictShift)) >>> 0;
  }

  /** How much the store holds. */
  get statistics(): AttributeStoreStatistics {
    return {
      blocks: this.count,
      blockBytes: this.#arena.allocated,
      bytes: this.byteLength + this.#arena.capacity,
    };
  }

  protected override hashOf(id: BlockId): number {
    return this.entries[id * stride + hashWord]! | 0;
  }

  #add(hash: number, identity: number, bytes: Uint8Array, start: number, end: number): BlockId {
    const location = this.#arena.store(bytes, start, end);
    const id = this.insert(hash);
    const at = id * stride;
    this.entries[at + hashWord] = hash;
    this.entries[at + locationWord] = location;
    this.entries[at + referencesWord] = 1;
    this.entries[at + formWord] = identity;
    return id;
  }
}
