import { type HashSecret, PlainUpdateScanner, type UpdateOptions } from '@peerloom/wire';
import type { AdjRibInFamily } from './adjRibInFamily.ts';
import { type AttributeStore, type BlockId, Verdict } from './attributeStore.ts';
import { Ipv4PrefixTable } from './ipv4PrefixTable.ts';
import type { UpdateOutcome } from './updateOutcome.ts';
import type { ValidationContext } from './validationContext.ts';

/** Octets that are scanned at first. Each scan copies them, so who is often interrupted should not scan much at a time. */
const firstReach = 2048;

/** Tables of NLRI with Path Identifiers have no use for the hashes of prefixes. */
const noSecret: HashSecret = { seed: 0, multiplier: 1 };

/** One for the thread, made when the first UPDATE comes: it takes memory of its own. `null`: there can be none. */
let threadScanner: PlainUpdateScanner | null | undefined;

/**
 * Applies plain UPDATEs (see `PlainUpdateScanner`), one after the other. It stands for what `UpdateReceiver` does
 * with one at a time, for less: there is no fault to be told, and nothing to be found out about the attributes.
 */
export class PlainReceiver {
  readonly #attributes: AttributeStore;
  /** Octets to be scanned next. */
  #reach = firstReach;

  /** `attributes`: of the store that the tables are of. */
  constructor(attributes: AttributeStore) {
    this.#attributes = attributes;
  }

  /**
   * Applies the UPDATEs that `bytes[start, end)` begins with to the table of the peer's IPv4 unicast routes, and adds
   * up in `outcome` what they change. Stops before the first that is not plain. `maximumLength`: of a message.
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
    const prefixes = keys instanceof Ipv4PrefixTable ? keys.secret : noSecret;
    let at = start;
    while (at < end) {
      // A message that is longer is scanned whole.
      const reach = Math.max(this.#reach, messageLength(bytes, at, end));
      const count = scanner.scan(
        bytes,
        at,
        Math.min(end, at + reach),
        hasPathIds,
        maximumLength,
        options,
        this.#attributes.secret,
        prefixes,
      );
      this.#reach = count === 0 ? firstReach : Math.min(reach * 2, PlainUpdateScanner.capacity);
      if (count === 0) return;
      this.#apply(scanner, count, table, outcome);
      at += scanner.octets;
      outcome.messages += count;
      outcome.octets += scanner.octets;
    }
  }

  #apply(
    scanner: PlainUpdateScanner,
    count: number,
    table: AdjRibInFamily,
    outcome: UpdateOutcome,
  ): void {
    const { context, keys } = table;
    const attributes = this.#attributes;
    let prefix = 0;
    for (let update = 0; update < count; update += 1) {
      const prefixesEnd = scanner.prefixesEnd(update);
      if (keys instanceof Ipv4PrefixTable) keys.beginScanned(scanner, prefix, prefixesEnd);
      else keys.begin(scanner.bytes, scanner.nlriStart(update), scanner.end(update), 'reach');
      prefix = prefixesEnd;
      const block = this.#soundBlock(scanner, update, context);
      try {
        table.announceWalked(block, outcome);
      } finally {
        attributes.release(block);
      }
    }
  }

  /** The block of a message's attributes, with a reference, which is the caller's. */
  #soundBlock(scanner: PlainUpdateScanner, update: number, context: ValidationContext): BlockId {
    const attributes = this.#attributes;
    const { words } = scanner;
    const start = scanner.attributesStart(update);
    const end = scanner.nlriStart(update);
    const hash = scanner.attributesHash(update);
    let block = attributes.find(words, start, end, context, hash);
    if (block === 0) block = attributes.add(words, start, end, context, hash);
    attributes.setVerdict(block, Verdict.validField);
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

/** What the header at `at` says of its message, where there is one. */
function messageLength(bytes: Uint8Array, at: number, end: number): number {
  return end - at < 18 ? 0 : (bytes[at + 16]! << 8) | bytes[at + 17]!;
}
