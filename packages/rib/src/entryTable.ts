const firstEntries = 8;
const firstSlotBits = 4;
/**
 * From so many slots (512 KiB) on an index grows fourfold: each growth fetches every entry again, and who has
 * 100,000 entries is taking in a full table. For a million, that is a quarter less to be moved.
 */
const longStepBits = 17;
/** Likewise from so many words of entries on; see `#growEntries`. */
const longStepWords = 1 << 15;

/** What all empty tables have in common, so that a table costs nothing until something is put into it. Never written. */
const noEntries = new Uint32Array(0);
const noSlotBits = 1;
const noSlots = new Uint32Array(1 << noSlotBits);

/**
 * A slot holds an entry's number and, in its lowest bits, as many bits of its hash: what stands in a slot of
 * somebody else is told by its tag, and nearly never looked up.
 */
export const tagBits: number = 6;
/** The bits of a hash that are its tag. */
export const tagMask: number = (1 << tagBits) - 1;

/** Entries that a table can have: what is left of 32 bits. */
export const entryLimit: number = 1 << (32 - tagBits);

/** Slots that a table that grows moves at a time. */
const lotLength = 128;
/** What is being moved, and under which hashes: one for all tables of a thread. */
const lotHeld = new Uint32Array(lotLength);
const lotHashes = new Int32Array(lotLength);

/** Entries are numbered from 1; 0 stands for none. Stable as long as the entry exists, then given to another. */
export type EntryId = number;

/**
 * What every table here stands on: entries of a fixed number of 32-bit words in one typed array,
 * numbered in the order they come, and an open-addressing index of 4 octets a slot from hash to number.
 * Subclasses give the words a meaning, and search.
 *
 * - An entry keeps its number while others come and go and while the table grows, so that a number is a
 *   name, and a walk over the numbers is a cursor that nothing disturbs.
 * - Freed numbers are used again, last freed first; the list of them runs through their first words.
 * - Slots hold numbers and tags and are taken from the upper bits of the hash, with linear probing and
 *   removal by shifting back: no tombstones, so long churn does not slow it down.
 * - Entries grow by half, slots double, and large ones of either grow fourfold. At most three quarters of the slots are
 *   used; right after they have grown it is more than a third, or more than a sixth of a large index.
 * - A table that has become empty gives its memory back.
 */
export abstract class EntryTable {
  /** Words an entry. */
  readonly stride: number;
  /** Entry `id` begins at word `id * stride`. */
  protected entries: Uint32Array = noEntries;
  protected slots: Uint32Array = noSlots;
  /** A hash's slot is `hash >>> slotShift`. */
  protected slotShift: number = 32 - noSlotBits;
  protected slotMask: number = noSlots.length - 1;
  #count = 0;
  /** Entries that there is room for. */
  #room = 0;
  #top = 1;
  #free: EntryId = 0;

  protected constructor(stride: number) {
    this.stride = stride;
  }

  /** Entries in the table. */
  get count(): number {
    return this.#count;
  }

  /** One more than the greatest number ever given out since the table was last empty: where a walk ends. */
  get end(): EntryId {
    return this.#top;
  }

  /** Octets of memory: of a long array of entries as far as any was ever used, for pages never touched are not there. */
  get byteLength(): number {
    const { entries, slots } = this;
    const words = entries.length < longStepWords ? entries.length : this.#top * this.stride;
    return words * entries.BYTES_PER_ELEMENT + slots.byteLength;
  }

  /** The hash of an entry that is linked: 32 bits, signed. */
  protected abstract hashOf(id: EntryId): number;

  /**
   * As `hashOf`, of the entries that the first `count` of `held` (what slots hold) stand for, to `into`. Entries
   * lie all over memory: a loop that does next to nothing but fetch them has the processor wait for many at
   * once, and not for each in turn.
   */
  protected abstract hashLot(held: Uint32Array, count: number, into: Int32Array): void;

  /** Takes a number for a new entry, whose words are undefined, and links it under `hash`. A `RangeError` tells that the table is full. */
  protected insert(hash: number): EntryId {
    this.reserve();
    const { slots, slotMask } = this;
    let slot = hash >>> this.slotShift;
    while (slots[slot] !== 0) slot = (slot + 1) & slotMask;
    return this.place(hash, slot);
  }

  /** Makes room for one entry more, so that `place` may follow. A `RangeError` tells that the table is full. */
  protected reserve(): void {
    if (this.#count >= this.#room) this.#grow(this.#count + 1);
  }

  /** As `insert`, where `reserve` has made room and a search for `hash` has ended at the empty `slot`. */
  protected place(hash: number, slot: number): EntryId {
    let id = this.#free;
    if (id === 0) {
      id = this.#top;
      this.#top = id + 1;
    } else this.#free = this.entries[id * this.stride]!;
    this.#count += 1;
    this.slots[slot] = (id << tagBits) | (hash & tagMask);
    return id;
  }

  /** Unlinks the entry, which was linked under `hash`, and frees its number. */
  protected remove(hash: number, id: EntryId): void {
    this.#unlink(hash, id);
    this.#count -= 1;
    if (this.#count === 0) return this.#reset();
    this.entries[id * this.stride] = this.#free;
    this.#free = id;
  }

  /** Makes room for so many entries in all. */
  #grow(wanted: number): void {
    // Free numbers are used before new ones, so this is where the numbers end then.
    if (wanted >= this.#numbers) this.#growEntries(wanted + 1);
    if (wanted > this.#usableSlots) this.#growSlots(wanted);
    this.#room = Math.min(this.#numbers - 1, this.#usableSlots);
  }

  /** Numbers that there is room for, 0 included. */
  get #numbers(): number {
    return Math.floor(this.entries.length / this.stride);
  }

  /** Three quarters: one probe more would cost more than the memory it saves. */
  get #usableSlots(): number {
    return this.slots === noSlots ? 0 : (this.slots.length / 4) * 3;
  }

  #growEntries(wanted: number): void {
    if (wanted > entryLimit) {
      throw new RangeError(`a table is full: it has ${this.#count} entries`);
    }
    const old = this.entries;
    // What is copied is paid for twice, in pages that the system has to hand out, and what nobody has used yet costs
    // none: so long steps where it is pages that count.
    const step = old.length < longStepWords ? 1.5 : 4;
    const entries = Math.max(firstEntries, Math.ceil((old.length / this.stride) * step), wanted);
    // Not a longer transfer of the old memory: that would write zeroes to what nobody has used yet.
    this.entries = new Uint32Array(Math.min(entries, entryLimit) * this.stride);
    this.entries.set(old);
    freeArray(old);
  }

  #growSlots(wanted: number): void {
    const old = this.slots;
    let bits = old === noSlots ? firstSlotBits : 32 - this.slotShift + 1;
    while (wanted * 4 > (1 << bits) * 3) bits += 1;
    if (bits > longStepBits && (bits - longStepBits) % 2 === 1) bits += 1;
    // All of it will be used. Pages that are read before they are written cost the system two steps each.
    this.#setSlots(new Uint32Array(1 << bits).fill(0), bits);
    // In the order of the old slots, which is that of the hashes: the new ones are written front to back.
    for (let slot = 0; slot < old.length; slot += lotLength) this.#moveLot(old, slot);
    freeArray(old);
  }

  /** Links what stands in the `lotLength` old slots from `first` on. */
  #moveLot(old: Uint32Array, first: number): void {
    const { slots, slotMask, slotShift } = this;
    const end = Math.min(first + lotLength, old.length);
    let count = 0;
    for (let slot = first; slot < end; slot += 1) {
      const held = old[slot]!;
      lotHeld[count] = held;
      count += held === 0 ? 0 : 1;
    }
    this.hashLot(lotHeld, count, lotHashes);
    for (let index = 0; index < count; index += 1) {
      let slot = lotHashes[index]! >>> slotShift;
      while (slots[slot] !== 0) slot = (slot + 1) & slotMask;
      slots[slot] = lotHeld[index]!;
    }
  }

  /** Closes the gap with entries from further on that would no longer be found past it. */
  #unlink(hash: number, id: EntryId): void {
    const slots = this.slots;
    const mask = this.slotMask;
    let gap = hash >>> this.slotShift;
    while (slots[gap]! >>> tagBits !== id) gap = (gap + 1) & mask;
    for (let slot = (gap + 1) & mask; ; slot = (slot + 1) & mask) {
      const candidate = slots[slot]!;
      if (candidate === 0) break;
      const home = this.hashOf(candidate >>> tagBits) >>> this.slotShift;
      // Its home is not between the gap and where it stands now, seen around the ring.
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        slots[gap] = candidate;
        gap = slot;
      }
    }
    slots[gap] = 0;
  }

  #reset(): void {
    this.#top = 1;
    this.#free = 0;
    // The first arrays stay: one entry that comes and goes should not cost new ones each time.
    if (this.slots.length <= 1 << firstSlotBits) return;
    this.entries = noEntries;
    this.#setSlots(noSlots, noSlotBits);
    this.#room = 0;
  }

  #setSlots(slots: Uint32Array, bits: number): void {
    this.slots = slots;
    this.slotShift = 32 - bits;
    this.slotMask = slots.length - 1;
  }
}

/** Frees the memory of an array at once, and not when it is next collected. */
function freeArray(array: Uint32Array): void {
  if (array !== noEntries && array !== noSlots) (array.buffer as ArrayBuffer).transfer(0);
}
