import { plainUpdatesModule } from './generated/plainUpdatesModule.ts';
import { headerLength, MessageType } from './message.ts';
import {
  hostAddresses,
  knownOrigins,
  type PlainAttributeRules,
  plainAttributeRules,
} from './plainAttributeRules.ts';
import type { HashSecret } from './seededHash.ts';
import type { UpdateOptions } from './updateOptions.ts';
import { shortestUpdate } from './updateSplit.ts';

/** What `assembly/plainUpdates.ts` exports. */
interface Module {
  readonly memory: { readonly buffer: ArrayBuffer };
  inputAt(): number;
  updatesAt(): number;
  addressesAt(): number;
  hashesAt(): number;
  lengthsAt(): number;
  rulesAt(): number;
  originsAt(): number;
  hostsAt(): number;
  octets(): number;
  configure(asNumberLength: number, firstSegment: number, lastSegment: number): void;
  scan(
    length: number,
    maximumLength: number,
    hasPathIds: number,
    attributeSeed: number,
    attributeMultiplier: number,
    prefixSeed: number,
    prefixMultiplier: number,
  ): number;
}

// Every host has it, and ECMAScript's own types do not.
declare const WebAssembly: {
  readonly Module: new (octets: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

// As in the module's source.
const capacity = 0x1_0000;
const mostUpdates = Math.floor(capacity / 38);
const mostPrefixes = 0x4000;
const wordsAnUpdate = 4;
const nlriWord = 0;
const endWord = 1;
const hashWord = 2;
const prefixesWord = 3;

/** Up to so many octets, copying them one word after the other takes less than making the view that `set` asks for. */
const fewOctets = 512;

/**
 * Finds the plain UPDATEs that a run of messages begins with: ones that announce sound IPv4 unicast routes in their
 * NLRI field, withdraw none, and whose attributes are plainly sound: each known, once, as its rule asks, and none an MP
 * attribute. That is what tables come as, a hundred thousand messages on end, and all that `splitUpdate`,
 * `validateAttributes` and `validateNlri` would say of them is that they are sound.
 *
 *     const count = scanner.scan(bytes, start, end, …);
 *     for (let update = 0; update < count; update += 1) … scanner.nlriStart(update) …
 *
 * It stops before anything else, be it another message, a faulty one, one that is not all there, or one of which others
 * must judge. What it has found stands in its own memory until the next scan, as do the prefixes, with hashes of both
 * for tables to look them up by; so it has to be made once for a thread, and takes 256 KiB.
 *
 * It is WebAssembly, which does this in half the time, and from the first message on: JavaScript has to be run a
 * thousand times, and compiled twice, until it is quick.
 */
export class PlainUpdateScanner {
  /** Octets that one scan can look at. */
  static readonly capacity: number = capacity;

  /** The octets that were scanned: all places are in these. */
  readonly bytes: Uint8Array;
  /** The same, to be read several octets at a time. */
  readonly words: DataView;
  /** Addresses of the prefixes, without bits after their lengths; none with Path Identifiers. */
  readonly addresses: Uint32Array;
  /** Lengths of the prefixes, in bits. */
  readonly lengths: Uint8Array;
  /** Hashes of the prefixes, see `hashPrefix`. */
  readonly hashes: Int32Array;
  /** Octets of the messages that were found. */
  octets = 0;
  readonly #module: Module;
  readonly #updates: Int32Array;
  readonly #rules: Uint32Array;
  /** Rules are made once for each session's options. */
  readonly #rulesOf = new WeakMap<UpdateOptions, PlainAttributeRules>();
  #options: UpdateOptions | undefined;

  /** Throws what `WebAssembly` throws where the host does not let it compile, and a `ReferenceError` where there is none. */
  constructor() {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(plainUpdatesModule));
    const module = exports as Module;
    const { buffer } = module.memory;
    this.#module = module;
    this.bytes = new Uint8Array(buffer, module.inputAt(), capacity);
    this.words = new DataView(buffer, module.inputAt(), capacity);
    this.#updates = new Int32Array(buffer, module.updatesAt(), mostUpdates * wordsAnUpdate);
    this.addresses = new Uint32Array(buffer, module.addressesAt(), mostPrefixes);
    this.hashes = new Int32Array(buffer, module.hashesAt(), mostPrefixes);
    this.lengths = new Uint8Array(buffer, module.lengthsAt(), mostPrefixes);
    this.#rules = new Uint32Array(buffer, module.rulesAt(), 64 * 4);
    new Uint8Array(buffer, module.originsAt(), knownOrigins.length).set(knownOrigins);
    new Uint8Array(buffer, module.hostsAt(), hostAddresses.length).set(hostAddresses);
  }

  /**
   * Scans `bytes[start, end)`, of which it looks at no more than `capacity` octets, and returns how many plain UPDATEs
   * they begin with. `hasPathIds`: NLRI have Path Identifiers (RFC 7911 §3). `maximumLength`: of a message, in octets.
   * `options`: of the session, not changed later. The secrets season the hashes of the attributes and the prefixes.
   */
  scan(
    bytes: Uint8Array,
    start: number,
    end: number,
    hasPathIds: boolean,
    maximumLength: number,
    options: UpdateOptions,
    attributes: HashSecret,
    prefixes: HashSecret,
  ): number {
    this.octets = 0;
    if (!mayBePlain(bytes, start, end)) return 0;
    const length = Math.min(end - start, capacity);
    this.#fill(bytes, start, length);
    if (options !== this.#options) this.#configure(options);
    const found = this.#module.scan(
      length,
      maximumLength,
      hasPathIds ? 1 : 0,
      attributes.seed,
      attributes.multiplier,
      prefixes.seed,
      prefixes.multiplier,
    );
    this.octets = this.#module.octets();
    return found;
  }

  /** Where a message's Path Attributes begin. `update`: its number, from 0. */
  attributesStart(update: number): number {
    return (update === 0 ? 0 : this.end(update - 1)) + shortestUpdate;
  }

  /** Where they end, and its NLRI begin. */
  nlriStart(update: number): number {
    return this.#updates[update * wordsAnUpdate + nlriWord]!;
  }

  /** Where they, and the message, end. */
  end(update: number): number {
    return this.#updates[update * wordsAnUpdate + endWord]!;
  }

  /** The hash of its Path Attributes, see `hashBytes`. */
  attributesHash(update: number): number {
    return this.#updates[update * wordsAnUpdate + hashWord]!;
  }

  /** One more than the number of its last prefix; its first is the one after the last of the message before. */
  prefixesEnd(update: number): number {
    return this.#updates[update * wordsAnUpdate + prefixesWord]!;
  }

  #fill(bytes: Uint8Array, start: number, length: number): void {
    const own = this.bytes;
    if (length > fewOctets) own.set(bytes.subarray(start, start + length));
    else for (let index = 0; index < length; index += 1) own[index] = bytes[start + index]!;
  }

  #configure(options: UpdateOptions): void {
    let rules = this.#rulesOf.get(options);
    if (rules === undefined) {
      rules = plainAttributeRules(options);
      this.#rulesOf.set(options, rules);
    }
    this.#rules.set(rules.rules);
    this.#module.configure(rules.asNumberLength, rules.firstSegment, rules.lastSegment);
    this.#options = options;
  }
}

/** Whether it is worth a scan: most that is not plain, withdrawals and the routes of other families, is told at a glance. */
function mayBePlain(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < shortestUpdate) return false;
  if (bytes[start + headerLength - 1] !== MessageType.update) return false;
  const at = start + headerLength;
  if (bytes[at] !== 0 || bytes[at + 1] !== 0) return false;
  const attributes = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return shortestUpdate + attributes < ((bytes[at - 3]! << 8) | bytes[at - 2]!);
}
