import { plainUpdatesModule } from './generated/plainUpdatesModule.ts';
import { headerLength, MessageType } from './message.ts';
import {
  hostAddresses,
  knownOrigins,
  plainAttributeRules,
  wordsARule,
} from './plainAttributeRules.ts';
import { type HashSecret, wordsOf } from './seededHash.ts';
import { type UpdateOptions, validationKind } from './updateOptions.ts';
import { shortestUpdate } from './updateSplit.ts';

/** A `WebAssembly.Global` that does not change. */
interface Constant {
  readonly value: number;
}

/** What `assembly/plainUpdates.ts` exports. */
interface Module {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly capacity: Constant;
  readonly mostUpdates: Constant;
  readonly mostPrefixes: Constant;
  readonly mostRules: Constant;
  readonly input: Constant;
  readonly updates: Constant;
  readonly addresses: Constant;
  readonly hashes: Constant;
  readonly lengths: Constant;
  readonly rules: Constant;
  readonly origins: Constant;
  readonly hosts: Constant;
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

// What the module keeps of an UPDATE, as its source says.
const wordsAnUpdate = 4;
const nlriWord = 0;
const endWord = 1;
const hashWord = 2;
const prefixesWord = 3;
/** The bit above, the sign, is set where attributes are not plainly sound. */
const nlriMask = 0x7fff_ffff;

/** Up to so many octets, copying them four at a time takes less than making the view that `set` asks for. */
const fewOctets = 256;

/**
 * Finds the plain UPDATEs that a run of messages begins with: ones that announce sound IPv4 unicast routes in their
 * NLRI field, and withdraw none. That is what tables come as, a hundred thousand messages on end. Of each it says
 * whether its attributes are plainly sound, which those of nearly all are: then `splitUpdate`, `validateAttributes` and
 * `validateNlri` would have nothing more to say.
 *
 *     const count = scanner.scan(bytes, start, end, …);
 *     for (let update = 0; update < count; update += 1) … scanner.nlriStart(update) …
 *
 * It stops before anything else, be it another message, a faulty one, one that is not all there, or one with more
 * prefixes than there is room for (16,384 a scan). What it has found stands in its own memory until the next scan, as do
 * the prefixes, with hashes of both for tables to look them up by; so one does for a thread, and takes 256 KiB.
 *
 * It is WebAssembly, which does this in two thirds of the time, and the first time in two fifths: JavaScript has to be
 * run a thousand times, and compiled twice, until it is quick.
 */
export class PlainUpdateScanner {
  /** Octets that one scan can look at. */
  readonly capacity: number;
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
  readonly #module: Module;
  readonly #updates: Int32Array;
  readonly #rules: Uint32Array;
  /** Of the sessions that the rules in the module's memory are for. */
  #kind = -1;

  /** Throws what `WebAssembly` throws where the host does not let it compile, and a `ReferenceError` where there is none. */
  constructor() {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(plainUpdatesModule));
    const module = exports as Module;
    const { buffer } = module.memory;
    const { value: capacity } = module.capacity;
    const { value: mostPrefixes } = module.mostPrefixes;
    const updateWords = module.mostUpdates.value * wordsAnUpdate;
    const ruleWords = module.mostRules.value * wordsARule;
    this.#module = module;
    this.capacity = capacity;
    this.bytes = new Uint8Array(buffer, module.input.value, capacity);
    this.words = new DataView(buffer, module.input.value, capacity);
    this.#updates = new Int32Array(buffer, module.updates.value, updateWords);
    this.addresses = new Uint32Array(buffer, module.addresses.value, mostPrefixes);
    this.hashes = new Int32Array(buffer, module.hashes.value, mostPrefixes);
    this.lengths = new Uint8Array(buffer, module.lengths.value, mostPrefixes);
    this.#rules = new Uint32Array(buffer, module.rules.value, ruleWords);
    new Uint8Array(buffer, module.origins.value, knownOrigins.length).set(knownOrigins);
    new Uint8Array(buffer, module.hosts.value, hostAddresses.length).set(hostAddresses);
  }

  /**
   * Scans `bytes[start, end)`, of which it looks at no more than `capacity` octets, and returns how many plain UPDATEs
   * they begin with. `hasPathIds`: NLRI have Path Identifiers (RFC 7911 §3). `maximumLength`: of a message, in octets.
   * `options`: of the session. The secrets season the hashes of the attributes and the prefixes.
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
    const length = Math.min(end - start, this.capacity);
    this.#fill(bytes, start, length);
    const kind = validationKind(options);
    if (kind !== this.#kind) this.#configure(kind, options);
    return this.#module.scan(
      length,
      maximumLength,
      hasPathIds ? 1 : 0,
      attributes.seed,
      attributes.multiplier,
      prefixes.seed,
      prefixes.multiplier,
    );
  }

  /** Where a message's Path Attributes begin. `update`: its number, from 0. */
  attributesStart(update: number): number {
    return (update === 0 ? 0 : this.end(update - 1)) + shortestUpdate;
  }

  /** Where they end, and its NLRI begin. */
  nlriStart(update: number): number {
    return this.#updates[update * wordsAnUpdate + nlriWord]! & nlriMask;
  }

  /**
   * Whether they are plainly sound: all there that must be, each known, once, as its rule asks, and none an MP attribute.
   * If not, nothing is known but that others must judge: of an unknown one, for example, they have nothing to say against.
   */
  areAttributesSound(update: number): boolean {
    return this.#updates[update * wordsAnUpdate + nlriWord]! >= 0;
  }

  /** Where they, and the message, end. */
  end(update: number): number {
    return this.#updates[update * wordsAnUpdate + endWord]!;
  }

  /** The hash of its Path Attributes, see `hashBytes`. */
  attributesHash(update: number): number {
    return this.#updates[update * wordsAnUpdate + hashWord]!;
  }

  /** The number of its first prefix, from 0. With Path Identifiers none are kept. */
  prefixesStart(update: number): number {
    return update === 0 ? 0 : this.prefixesEnd(update - 1);
  }

  /** One more than the number of its last prefix. */
  prefixesEnd(update: number): number {
    return this.#updates[update * wordsAnUpdate + prefixesWord]!;
  }

  #fill(bytes: Uint8Array, start: number, length: number): void {
    const { bytes: own, words: ownWords } = this;
    if (length > fewOctets) return own.set(bytes.subarray(start, start + length));
    const words = wordsOf(bytes);
    let at = 0;
    for (; at < length - 3; at += 4) ownWords.setInt32(at, words.getInt32(start + at));
    for (; at < length; at += 1) own[at] = bytes[start + at]!;
  }

  #configure(kind: number, options: UpdateOptions): void {
    const { rules, asNumberLength, firstSegment, lastSegment } = plainAttributeRules(options);
    this.#rules.set(rules.subarray(0, this.#rules.length));
    this.#module.configure(asNumberLength, firstSegment, lastSegment);
    this.#kind = kind;
  }
}

/**
 * Octets of the message that begins at `start`, if it may be a plain UPDATE, and is worth a scan; 0 if it is not all
 * there before `end`, -1 if it is none: withdrawals, and routes of other families, are told at a glance.
 */
export function plainLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < shortestUpdate) return 0;
  const at = start + headerLength;
  if (bytes[at - 1] !== MessageType.update || bytes[at] !== 0 || bytes[at + 1] !== 0) return -1;
  const length = (bytes[at - 3]! << 8) | bytes[at - 2]!;
  const attributes = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  if (shortestUpdate + attributes >= length) return -1;
  return length > end - start ? 0 : length;
}
