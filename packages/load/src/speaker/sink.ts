import {
  copyAttributeBlock,
  endOfRibFamily,
  type FamilyKey,
  familyKey,
  isPrefixFamily,
  longestBlock,
  NlriCursor,
  noFamily,
  type SessionOptions,
  splitUpdate,
  UpdateView,
} from '@peerloom/wire';
import { now } from '../measure/clock.ts';
import type { Histogram } from '../measure/histogram.ts';
import { type AttributeDigest, digestAttributes } from '../routes/attributeDigest.ts';
import { formatBlock } from '../routes/formatBlock.ts';
import type { PrefixIndex } from '../routes/prefixIndex.ts';
import type { RouteTable } from '../routes/routeTable.ts';
import type { RunMemory, SinkMemory } from './runMemory.ts';

/** Routes whose attributes are kept to be shown. */
const mostSamples = 20;
const ipv4Unicast = familyKey(1, 1);
/** One for all sinks of the thread: they are served in turn. */
const view = new UpdateView();
const cursor = new NlriCursor();
const digest: AttributeDigest = { firstAs: 0, value: 0 };

/** What all sinks of a thread share. */
export interface SinkContext {
  readonly memory: RunMemory;
  readonly table: RouteTable;
  readonly prefixes: PrefixIndex;
  /** AS numbers of the sources: one of them must begin each path. */
  readonly sourceAses: ReadonlySet<number>;
  /** The device does not add its own AS to paths. */
  readonly transparent: boolean;
  /** From when an UPDATE was meant to be sent to when it came; recorded while `recording`. */
  readonly latency: Histogram;
  recording: boolean;
  /** Readable attributes of prefixes that came with others than they were sent with: the first few. */
  readonly samples: Map<number, string>;
  /** Tells of something that is wrong with what the device sent. */
  note(text: string): void;
}

/** Writes down what one receiving speaker gets: which prefix, when, with which attributes. */
export class Sink {
  readonly #context: SinkContext;
  readonly #memory: SinkMemory;
  readonly #index: number;
  /** The AS that the device puts in front of paths, 0 for none. */
  #prepended = 0;
  #addPath: ReadonlySet<FamilyKey> = new Set();
  #strangers = new Set<string>();

  constructor(context: SinkContext, index: number) {
    this.#context = context;
    this.#index = index;
    this.#memory = context.memory.sinks[index]!;
  }

  /** A session is up. */
  begin(options: SessionOptions, peerAs: number): void {
    const external = options.peerType === 'external';
    this.#prepended = external && !this.#context.transparent ? peerAs : 0;
    this.#addPath = options.addPathReceive;
  }

  /** It has ended: nothing that came on it counts any more. */
  end(): void {
    this.#memory.digests.fill(0);
    this.#context.memory.present[this.#index] = 0;
    this.#context.memory.strangers[this.#index] = 0;
    this.#strangers.clear();
  }

  /** Takes an UPDATE in, header included. Returns the family whose End-of-RIB it is, if it is one. */
  update(bytes: Uint8Array, start: number, end: number): FamilyKey | undefined {
    const fault = splitUpdate(view, bytes, start, end);
    if (fault !== undefined) {
      this.#context.note(`an UPDATE of the device is malformed: ${fault.text}`);
      if (fault.action === 'sessionReset') return undefined;
    }
    const time = now();
    this.#withdraw(view.withdrawnStart, view.withdrawnEnd, ipv4Unicast, time);
    if (view.mpUnreachFamily !== noFamily) {
      this.#withdraw(view.mpUnreachStart, view.mpUnreachEnd, view.mpUnreachFamily, time);
    }
    if (!view.hasReachableNlri) return endOfRibFamily(view);
    digestAttributes(bytes, view.attributesStart, view.attributesEnd, this.#prepended, digest);
    const { firstAs } = digest;
    const isFromUs = firstAs === 0 || this.#context.sourceAses.has(firstAs);
    const value = isFromUs ? digest.value : digest.value ^ 1 || 2;
    this.#announce(view.nlriStart, view.nlriEnd, ipv4Unicast, value >>> 0, time);
    if (view.mpReachFamily !== noFamily) {
      const { mpReachNlriStart, mpReachNlriEnd, mpReachFamily } = view;
      this.#announce(mpReachNlriStart, mpReachNlriEnd, mpReachFamily, value >>> 0, time);
    }
    return undefined;
  }

  #announce(start: number, end: number, family: FamilyKey, value: number, time: number): void {
    if (start === end || !isPrefixFamily(family)) return;
    const { memory, prefixes, table } = this.#context;
    const { messageOf, digests: sent } = table;
    const { digests, firstAt, changedAt } = this.#memory;
    cursor.reset(view.bytes, start, end, family, this.#addPath.has(family));
    while (cursor.next()) {
      const prefix = prefixes.find(cursor, family);
      if (prefix < 0) {
        this.#stranger(family);
        continue;
      }
      if (digests[prefix] === 0) {
        memory.present[this.#index]! += 1;
        this.#noteLatency(prefix, time);
      }
      if (firstAt[prefix] === 0) firstAt[prefix] = time;
      changedAt[prefix] = time;
      digests[prefix] = value;
      if (value !== sent[messageOf[prefix]!] && this.#context.samples.size < mostSamples) {
        this.#sample(prefix, family);
      }
    }
  }

  /** Keeps what a route came with, for the oracle to show if it stays so. */
  #sample(prefix: number, family: FamilyKey): void {
    const block = new Uint8Array(longestBlock(view));
    const routes = family === ipv4Unicast && view.nlriEnd > view.nlriStart ? 'nlri' : 'mpReach';
    const length = copyAttributeBlock(view, routes, block, 0);
    const text = formatBlock(block.subarray(0, length));
    this.#context.samples.set(prefix, text);
  }

  #withdraw(start: number, end: number, family: FamilyKey, time: number): void {
    if (start === end || !isPrefixFamily(family)) return;
    const { memory, prefixes } = this.#context;
    const { digests, changedAt } = this.#memory;
    cursor.reset(view.bytes, start, end, family, this.#addPath.has(family));
    while (cursor.next()) {
      const prefix = prefixes.find(cursor, family);
      if (prefix < 0 || digests[prefix] === 0) continue;
      memory.present[this.#index]! -= 1;
      digests[prefix] = 0;
      changedAt[prefix] = time;
      this.#noteLatency(prefix, time);
    }
  }

  #noteLatency(prefix: number, time: number): void {
    const { recording, latency, memory, table } = this.#context;
    if (!recording) return;
    const sent = memory.sentAt[table.messageOf[prefix]!]!;
    if (sent !== 0) latency.record(time - sent);
  }

  /** A prefix that nobody announced: counted once each, and the first few are named. */
  #stranger(family: FamilyKey): void {
    const { memory } = this.#context;
    const { word0, word1, word2, word3, prefixLength } = cursor;
    const key = `${family}:${word0}:${word1}:${word2}:${word3}/${prefixLength}`;
    if (this.#strangers.size >= 100_000 || this.#strangers.has(key)) return;
    this.#strangers.add(key);
    memory.strangers[this.#index]! += 1;
  }
}
