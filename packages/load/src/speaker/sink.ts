import {
  copyAttributeBlock,
  endOfRibFamily,
  type FamilyKey,
  familyOfKey,
  ipv4Unicast,
  isPrefixFamily,
  longestBlock,
  NlriCursor,
  noFamily,
  type SessionOptions,
  splitUpdate,
  UpdateView,
} from '@peerloom/wire';
import type { Histogram } from '../measure/histogram.ts';
import type { SpeakerPlan } from '../plan.ts';
import {
  addressKey,
  digestAttributes,
  emptyDigest,
  withFirstAs,
} from '../routes/attributeDigest.ts';
import { formatBlock } from '../routes/formatBlock.ts';
import { type PrefixIndex, prefixText } from '../routes/prefixIndex.ts';
import type { RouteTable } from '../routes/routeTable.ts';
import { PassingRules, type SourceIdentities } from './passingRules.ts';
import type { RunMemory, SinkMemory } from './runMemory.ts';

/** Prefixes that nobody announced: those that are counted, and those that are shown, of each sink. */
const mostStrangers = 100_000;
const mostStrangersShown = 5;
/** Routes whose attributes are kept to be shown. */
const mostSamples = 20;
/** One for all sinks of the thread: they are served in turn. */
const view = new UpdateView();
const cursor = new NlriCursor();
const digest = emptyDigest();
/** The same of what a source has sent. */
const sentView = new UpdateView();
const sentDigest = emptyDigest();

/** What all sinks of a thread share. */
export interface SinkContext {
  readonly memory: RunMemory;
  readonly table: RouteTable;
  readonly prefixes: PrefixIndex;
  readonly sources: SourceIdentities;
  /** The device does not add its own AS to paths. */
  readonly transparent: boolean;
  /** From when an UPDATE was meant to be sent to when it came; recorded while `recording`. */
  readonly latency: Histogram;
  recording: boolean;
  /** Readable attributes of prefixes that came with others than they were sent with: the first few. */
  readonly samples: Map<number, string>;
  /** Prefixes that nobody announced, by sink: the first few. */
  readonly strangers: Map<number, string[]>;
  /** Tells of something that is wrong with what the device sent. */
  note(text: string): void;
}

/** Writes down what one receiving speaker gets: which prefix, when, with which attributes. */
export class Sink {
  readonly #context: SinkContext;
  readonly #memory: SinkMemory;
  readonly #index: number;
  readonly #as: number;
  readonly #isSource: boolean;
  /** The AS that the device puts in front of paths, 0 for none. */
  #prepended = 0;
  #rules: PassingRules | undefined;
  #addPath: ReadonlySet<FamilyKey> = new Set();
  /** With ADD-PATH (RFC 7911): the digest of each path, by prefix and Path Identifier. */
  readonly #paths = new Map<number, Map<number, number>>();
  #strangers = new Set<string>();

  constructor(context: SinkContext, { sink: index, source, localAs: as }: SpeakerPlan) {
    this.#context = context;
    this.#index = index;
    this.#as = as;
    this.#isSource = source >= 0;
    this.#memory = context.memory.sinks[index]!;
  }

  /** A session is up. */
  begin(options: SessionOptions, peerAs: number): void {
    const { transparent, sources, table } = this.#context;
    const toExternal = options.peerType === 'external';
    const fromInternal = sources.ases.includes(peerAs);
    const passage = { owner: table.owner, toExternal, fromInternal, transparent };
    this.#prepended = toExternal && !transparent ? peerAs : 0;
    this.#rules = new PassingRules(passage, sources);
    this.#addPath = options.addPathReceive;
  }

  /** It has ended: nothing that came on it counts any more. */
  end(): void {
    this.#memory.digests.fill(0);
    this.#context.memory.present[this.#index] = 0;
    this.#context.memory.strangers[this.#index] = 0;
    this.#context.memory.paths[this.#index] = 0;
    this.#context.strangers.delete(this.#index);
    this.#strangers.clear();
    this.#paths.clear();
  }

  /**
   * Takes an UPDATE in, header included. Returns the family whose End-of-RIB it is, if it is one.
   *
   * @param time when it came, as of `now`
   */
  update(bytes: Uint8Array, start: number, end: number, time: number): FamilyKey | undefined {
    const fault = splitUpdate(view, bytes, start, end);
    if (fault !== undefined) {
      this.#context.note(`an UPDATE of the device is malformed: ${fault.text}`);
      if (fault.action === 'sessionReset') return undefined;
    }
    this.#withdraw(view.withdrawnStart, view.withdrawnEnd, ipv4Unicast, time);
    if (view.mpUnreachFamily !== noFamily) {
      this.#withdraw(view.mpUnreachStart, view.mpUnreachEnd, view.mpUnreachFamily, time);
    }
    if (!view.hasReachableNlri) return endOfRibFamily(view);
    digestAttributes(bytes, view.attributesStart, view.attributesEnd, this.#prepended, digest);
    this.#announce(view.nlriStart, view.nlriEnd, ipv4Unicast, digest.nextHop, time);
    if (view.mpReachFamily !== noFamily) {
      const { mpReachNlriStart, mpReachNlriEnd, mpReachNextHopStart, mpReachNextHopEnd } = view;
      const nextHop = addressKey(bytes, mpReachNextHopStart, mpReachNextHopEnd);
      this.#announce(mpReachNlriStart, mpReachNlriEnd, view.mpReachFamily, nextHop, time);
    }
    return undefined;
  }

  /** Routes with the attributes of `digest`. */
  #announce(start: number, end: number, family: FamilyKey, nextHop: number, time: number): void {
    if (start === end || !isPrefixFamily(family)) return;
    const { owner } = this.#context.table;
    const breach = this.#rules?.breach(digest, nextHop);
    const whole = owner === 'external' ? digest.value : withFirstAs(digest.value, digest.firstAs);
    const wrong = (whole ^ 1 || 2) >>> 0;
    const { memory, prefixes, table } = this.#context;
    const { messageOf, digests: sent } = table;
    const { digests, firstAt, changedAt } = this.#memory;
    const addPath = this.#addPath.has(family);
    cursor.reset(view.bytes, start, end, family, addPath);
    while (cursor.next()) {
      const prefix = prefixes.find(cursor, family);
      if (prefix < 0) {
        this.#stranger(family);
        continue;
      }
      if (digests[prefix] === 0) {
        memory.present[this.#index]! += 1;
        this.#noteLatency(memory.churn.backAt, prefix, time);
      }
      if (firstAt[prefix] === 0) firstAt[prefix] = time;
      changedAt[prefix] = time;
      const broken = breach ?? this.#multiExitDiscBreach(messageOf[prefix]!);
      const value = broken === undefined ? whole : wrong;
      digests[prefix] = value;
      if (addPath) this.#keepPath(prefix, cursor.pathId, value);
      if (value !== sent[messageOf[prefix]!] && this.#context.samples.size < mostSamples) {
        this.#sample(prefix, family, broken);
      }
    }
  }

  #multiExitDiscBreach(message: number): string | undefined {
    // Hardly any route has one, and none need be looked for then.
    if (digest.multiExitDisc === 0) return undefined;
    const sent = (): number => {
      const { bytes, offsets } = this.#context.table.announcements;
      splitUpdate(sentView, bytes, offsets[message]!, offsets[message + 1]!);
      const { attributesStart, attributesEnd } = sentView;
      digestAttributes(bytes, attributesStart, attributesEnd, 0, sentDigest);
      return sentDigest.multiExitDisc;
    };
    return this.#rules?.multiExitDiscBreach(digest, this.#as, sent);
  }

  /** Keeps what a route came with, for the oracle to show if it stays so. */
  #sample(prefix: number, family: FamilyKey, breach: string | undefined): void {
    const block = new Uint8Array(longestBlock(view));
    const routes = family === ipv4Unicast && view.nlriEnd > view.nlriStart ? 'nlri' : 'mpReach';
    const length = copyAttributeBlock(view, routes, block, 0);
    const text = formatBlock(block.subarray(0, length));
    this.#context.samples.set(prefix, breach === undefined ? text : `${text}: ${breach}`);
  }

  #withdraw(start: number, end: number, family: FamilyKey, time: number): void {
    if (start === end || !isPrefixFamily(family)) return;
    const { memory, prefixes } = this.#context;
    const { digests, changedAt } = this.#memory;
    const addPath = this.#addPath.has(family);
    cursor.reset(view.bytes, start, end, family, addPath);
    while (cursor.next()) {
      const prefix = prefixes.find(cursor, family);
      if (prefix < 0 || digests[prefix] === 0) continue;
      const left = addPath ? this.#dropPath(prefix, cursor.pathId) : undefined;
      if (left !== undefined) {
        digests[prefix] = left;
        changedAt[prefix] = time;
        continue;
      }
      memory.present[this.#index]! -= 1;
      digests[prefix] = 0;
      changedAt[prefix] = time;
      this.#noteLatency(memory.churn.goneAt, prefix, time);
    }
  }

  #keepPath(prefix: number, pathId: number, value: number): void {
    const known = this.#paths.get(prefix);
    if (known?.has(pathId) !== true) this.#context.memory.paths[this.#index]! += 1;
    if (known === undefined) this.#paths.set(prefix, new Map([[pathId, value]]));
    else known.set(pathId, value);
  }

  /** The digest of a path to the prefix that is left, if one is. */
  #dropPath(prefix: number, pathId: number): number | undefined {
    const known = this.#paths.get(prefix);
    if (known?.delete(pathId) === true) this.#context.memory.paths[this.#index]! -= 1;
    if (known === undefined) return undefined;
    if (known.size === 0) this.#paths.delete(prefix);
    return known.values().next().value;
  }

  /** Under churn: how long it took until a prefix came, or went. `since`: when each was meant to. */
  #noteLatency(since: Float64Array, prefix: number, time: number): void {
    const { recording, latency, table, sources } = this.#context;
    if (!recording || since[prefix] === 0) return;
    // Who announces a prefix himself is told of the others' only, and when these were the last or first is not known.
    const isShared = table.isShared[prefix] === 1 || sources.routerIds.length > table.feeds.length;
    if (this.#isSource && isShared) return;
    latency.record(time - since[prefix]!);
  }

  /** A prefix that nobody announced: counted once each, and the first few are named. */
  #stranger(family: FamilyKey): void {
    const { memory } = this.#context;
    const { word0, word1, word2, word3, prefixLength } = cursor;
    const key = `${family}:${word0}:${word1}:${word2}:${word3}/${prefixLength}`;
    if (this.#strangers.size >= mostStrangers || this.#strangers.has(key)) return;
    this.#strangers.add(key);
    memory.strangers[this.#index]! += 1;
    if (this.#strangers.size > mostStrangersShown) return;
    const { afi } = familyOfKey(family);
    const shown = this.#context.strangers.get(this.#index) ?? [];
    shown.push(prefixText(afi, cursor));
    this.#context.strangers.set(this.#index, shown);
  }
}
