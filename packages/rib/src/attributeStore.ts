import { type HashSecret, hashBytes, hashSecret, wordsOf } from '@peerloom/wire';
import { ByteArena } from './byteArena.ts';
import { EntryTable, entryLimit, tagBits, tagMask } from './entryTable.ts';

/** Name of an attribute block in its store: 1 and up, below 2^26; 0 stands for none. */
export type BlockId = number;

/** One more than the greatest block number: what tables pack beside a block's number begins at this bit. */
export const blockIdLimit: number = entryLimit;

/**
 * What is known about a block's validity. Faulty blocks are not kept, so what is worth remembering is that
 * one was found sound, and that it was so as the whole Path Attributes field of an UPDATE that announces
 * routes in its NLRI field and nowhere else: such a field, seen again, holds nothing to be found out.
 */
export const Verdict = { unknown: 0, valid: 1, validField: 2 } as const;
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
 * frees the block. 16 octets and 5 to 21 of index a block, plus the bytes themselves.
 */
export class AttributeStore extends EntryTable {
  readonly #arena = new ByteArena();
  /** What the hashes of blocks are seasoned with. */
  readonly secret: HashSecret;
  /** Where the last search has ended. */
  #found = 0;

  /** `secret`: what hashes are seasoned with; random unless a test wants the same every time. */
  constructor(secret: HashSecret = hashSecret()) {
    super(stride);
    this.secret = secret;
  }

  /** Hash of a block that consists of `words[start, end)`: what `find` and `add` know it by. */
  hash(words: DataView, start: number, end: number): number {
    return hashBytes(words, start, end, this.secret);
  }

  /**
   * The block that consists of `words[start, end)` in `context`, as `intern` says; 0 when there is none. Then, and
   * before anything else is asked of the store, `add` may follow.
   */
  find(words: DataView, start: number, end: number, context: number, hash: number): BlockId {
    this.reserve();
    const slot = this.#search(words, start, end, context, hash);
    this.#found = slot;
    return this.slots[slot]! >>> tagBits;
  }

  /** A new block, of what `find` has just found none for, without a reference: `retain` it. */
  add(words: DataView, start: number, end: number, context: number, hash: number): BlockId {
    const location = this.#arena.store(words, start, end);
    const id = this.place(hash, this.#found);
    const at = id * stride;
    const { entries } = this;
    entries[at + hashWord] = hash;
    entries[at + locationWord] = location;
    entries[at + referencesWord] = 0;
    entries[at + formWord] = (end - start) | (context << contextShift);
    return id;
  }

  /**
   * The block that consists of `bytes[start, end)` (0–65535 octets) in `context` (0–255), made when it
   * is not there yet, with one reference more, which is the caller's. `bytes` are copied.
   *
   * A `RangeError` tells that 2^26 − 1 blocks are in use; that many do not fit into a worker's memory.
   */
  intern(bytes: Uint8Array, start: number, end: number, context: number): BlockId {
    const words = wordsOf(bytes);
    const hash = this.hash(words, start, end);
    const block =
      this.find(words, start, end, context, hash) || this.add(words, start, end, context, hash);
    this.retain(block);
    return block;
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

  protected override hashLot(held: Uint32Array, count: number, into: Int32Array): void {
    const { entries } = this;
    for (let index = 0; index < count; index += 1) {
      into[index] = entries[(held[index]! >>> tagBits) * stride + hashWord]!;
    }
  }

  /** The slot that holds the block, or the empty one where the search for it has ended. */
  #search(words: DataView, start: number, end: number, context: number, hash: number): number {
    const identity = (end - start) | (context << contextShift);
    const { entries, slots, slotMask } = this;
    let slot = hash >>> this.slotShift;
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      const at = (held >>> tagBits) * stride;
      if (
        (held & tagMask) === (hash & tagMask) &&
        (entries[at + hashWord]! | 0) === hash &&
        (entries[at + formWord]! & identityMask) === identity &&
        this.#arena.equals(entries[at + locationWord]!, words, start, end)
      ) {
        break;
      }
      slot = (slot + 1) & slotMask;
    }
    return slot;
  }
}

/**
 * V8 compiles functions for what it has seen them do. Of a table's first UPDATEs hardly one has attributes that were
 * there before, and with the first that has, the code of the whole receive path, made without, would be thrown away
 * and made anew: some 15 ms. So it gets to see such ones at once, for some microseconds.
 */
function showKnownBlocks(): void {
  const store = new AttributeStore();
  const block = Uint8Array.of(0, 0, 0, 0, 0);
  // A dozen calls are what it takes until V8 takes notice.
  for (let call = 0; call < 20; call += 1) store.intern(block, 0, block.length, 0);
}
showKnownBlocks();
