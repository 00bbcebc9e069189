import { PlainUpdateScanner, plainLength, type UpdateOptions } from '@peerloom/wire';
import type { AdjRibInFamily } from './adjRibInFamily.ts';
import { type AttributeStore, type BlockId, Verdict } from './attributeStore.ts';
import type { UpdateOutcome } from './updateOutcome.ts';
import type { ValidationContext } from './validationContext.ts';

/**
 * A scan copies what it looks at, so after something that is not plain it looks at the next message alone, then at so
 * many octets, and then at four times as many each time.
 */
const firstReach = 256;
const reachStep = 4;

/** One for the thread, made when the first UPDATE comes: it takes memory of its own. `null`: there can be none. */
let threadScanner: PlainUpdateScanner | null | undefined;

/**
 * Applies plain UPDATEs (see `PlainUpdateScanner`), one after the other, whose attributes are plainly sound or were found
 * to be before. It stands for what `UpdateReceiver` does with one at a time, for less: there is no fault to be told.
 */
export class PlainReceiver {
  readonly #attributes: AttributeStore;
  /** Octets to be scanned next, if the next message is not longer. */
  #reach = 0;
  // The message that was found not to be plain last. Its peer's next call is about it, and need not find it out again.
  #refused: Uint8Array | undefined;
  #refusedAt = 0;

  /** `attributes`: of the store that the tables are of. */
  constructor(attributes: AttributeStore) {
    this.#attributes = attributes;
  }

  /**
   * Applies the UPDATEs that `bytes[start, end)` begins with to the table of the peer's IPv4 unicast routes, and adds
   * up in `outcome` what they change. Stops before the first that others must look at. `maximumLength`: of a message.
   */
  receive(
    bytes: Uint8Array,
    start: number,
    end: number,
    maximumLength: number,
    table: AdjRibInFamily,
    options: UpdateOptions,
    outcome: UpdateOutcome,
  ): void {
    if (threadScanner === undefined) threadScanner = newScanner();
    const scanner = threadScanner;
    if (scanner === null) return;
    const { keys, hasPathIds } = table;
    let at = start;
    while (at < end) {
      const length = plainLength(bytes, at, end);
      if (length < 0) this.#reach = 0;
      if (length <= 0 || (at === this.#refusedAt && bytes === this.#refused)) return;
      const reach = Math.max(this.#reach, length);
      const count = scanner.scan(
        bytes,
        at,
        Math.min(end, at + reach),
        hasPathIds,
        maximumLength,
        options,
        this.#attributes.secret,
        keys.scanSecret,
      );
      const taken = this.#apply(scanner, count, table, outcome);
      const octets = taken === 0 ? 0 : scanner.end(taken - 1);
      at += octets;
      outcome.messages += taken;
      outcome.octets += octets;
      if (taken === count && count > 0) {
        // A scan goes no further than it can, and the reach must not grow without end.
        const next = Math.max(this.#reach * reachStep, firstReach);
        this.#reach = Math.min(next, scanner.capacity);
      } else this.#refuse(bytes, at);
    }
  }

  #refuse(bytes: Uint8Array, at: number): void {
    this.#reach = 0;
    this.#refused = bytes;
    this.#refusedAt = at;
  }

  /** Applies the UPDATEs that were found, up to the first whose attributes others must judge; returns how many those are. */
  #apply(
    scanner: PlainUpdateScanner,
    count: number,
    table: AdjRibInFamily,
    outcome: UpdateOutcome,
  ): number {
    const { context, keys } = table;
    const attributes = this.#attributes;
    for (let update = 0; update < count; update += 1) {
      // First of all: the processor fetches the prefixes' slots while it looks for the attributes.
      keys.beginScanned(scanner, update);
      const block = this.#soundBlock(scanner, update, context);
      if (block === 0) return update;
      try {
        table.announceWalked(block, outcome);
      } finally {
        attributes.release(block);
      }
    }
    return count;
  }

  /** The block of a message's attributes, with a reference, which is the caller's; 0: others must judge them. */
  #soundBlock(scanner: PlainUpdateScanner, update: number, context: ValidationContext): BlockId {
    const attributes = this.#attributes;
    const { words } = scanner;
    const start = scanner.attributesStart(update);
    const end = scanner.nlriStart(update);
    const hash = scanner.attributesHash(update);
    let block = attributes.find(words, start, end, context, hash);
    // Of block 0, which none is, nothing is known.
    if (attributes.verdict(block) !== Verdict.validField) {
      if (!scanner.areAttributesSound(update)) return 0;
      if (block === 0) block = attributes.add(words, start, end, context, hash);
      attributes.setVerdict(block, Verdict.validField);
    }
    attributes.retain(block);
    return block;
  }
}

/** `null` where there is no WebAssembly, as with `--jitless`, or in a page that forbids it: then nothing is plain, and all goes well. */
function newScanner(): PlainUpdateScanner | null {
  try {
    return new PlainUpdateScanner();
  } catch {
    return null;
  }
}
