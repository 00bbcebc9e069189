import { isDeepStrictEqual } from 'node:util';
import type { CommonPeerOptions, PeerOptions } from '@peerloom/ipc';
import { isShutDown } from './core.ts';
import type { RangeOptions } from './engineOptions.ts';
import type { ListenedNeighbor } from './listener.ts';
import { type Listeners, listenedKey, listenedPeer, listenedRange } from './listeners.ts';
import { errorText, PeerloomError } from './peerloomError.ts';
import type { PeerRecord, RangeRecord } from './peerRecord.ts';
import { type PeerDefaults, resolveRangeOptions } from './resolvePeerOptions.ts';
import type { Supervisor } from './supervisor.ts';

/** A peer that has been given other options; `reset`: its session had to end for them. */
export interface ChangedPeer {
  readonly record: PeerRecord;
  readonly result: 'kept' | 'reset';
}

/** Peers and ranges that come, change and go, in all places that must know of them. */
export class Roster {
  readonly #supervisor: Supervisor;
  readonly #listeners: Listeners;
  readonly #sweep: NodeJS.Timeout;
  /** Peers of ranges whose actors are still to be made. */
  #coming: PeerRecord[] = [];
  /** Some are being made. */
  #starting = false;

  constructor(supervisor: Supervisor, listeners: Listeners) {
    this.#supervisor = supervisor;
    this.#listeners = listeners;
    const { dynamicPeerTime } = supervisor.limits;
    this.#sweep = setInterval(() => this.#sweepRanges(), Math.max(20, dynamicPeerTime * 250));
    this.#sweep.unref();
  }

  /** No peer of a range is forgotten any more. */
  stop(): void {
    clearInterval(this.#sweep);
  }

  /**
   * Has the listeners know what is to come, or, when the system refuses any of it, as much as before.
   * Returns how to take it back.
   *
   * @throws PeerloomError `ERR_PEERLOOM_SOCKET_OPTION`
   */
  prepare(neighbors: ReadonlyMap<string, ListenedNeighbor>): () => void {
    const steps: (() => void)[] = [];
    const undo = (): void => {
      for (const step of steps.toReversed()) step();
    };
    try {
      for (const [key, neighbor] of neighbors) {
        const before = this.#listeners.get(key);
        this.#listeners.set(key, neighbor);
        steps.push(() => {
          if (before === undefined) this.#listeners.remove(key);
          else this.#listeners.set(key, before);
        });
      }
    } catch (error) {
      undo();
      throw error;
    }
    return undo;
  }

  /**
   * Makes peers known; they have no actors yet. One that has come from a range before it was listed is
   * removed.
   *
   * @throws PeerloomError `ERR_PEERLOOM_PEER_EXISTS`, `ERR_PEERLOOM_SOCKET_OPTION`, `ERR_PEERLOOM_CLOSED`
   */
  async enter(options: PeerOptions): Promise<PeerRecord> {
    const { peers } = this.#supervisor;
    const { address, ...common } = options;
    const record = this.#supervisor.newRecord(address, common, undefined);
    // Again and again: one that is removed may come back from its range before this one is listed.
    for (;;) {
      this.#supervisor.assertOpen();
      const other = peers.find(address, options.sourceAddress);
      if (other?.key !== record.key) break;
      if (other.range === undefined) {
        throw new PeerloomError(
          'ERR_PEERLOOM_PEER_EXISTS',
          `there is a peer ${record.key} already; change it with updatePeer, or give this one another sourceAddress`,
        );
      }
      await this.remove(other, 'listed as a neighbour now');
    }
    this.#listeners.set(listenedKey(record), listenedPeer(options));
    this.#known(record);
    return record;
  }

  /**
   * Makes the actors of peers that are known, and starts them. A peer that its host refuses is forgotten.
   *
   * @throws PeerloomError `ERR_PEERLOOM_HOST`
   */
  async start(records: readonly PeerRecord[]): Promise<void> {
    try {
      await this.#supervisor.actors.spawn(records);
    } catch (error) {
      const refused = records.filter(({ slot, status }) => status === 'absent' && slot?.link);
      await Promise.all(refused.map((record) => this.remove(record, '')));
      throw error;
    }
  }

  /**
   * A peer that has connected from a range: known at once. Its actor comes after. While the hosts are making
   * some, the next ones gather: to ask costs more than an actor does.
   */
  readonly enterDynamic = (record: PeerRecord): void => {
    this.#known(record);
    this.#coming.push(record);
    if (!this.#starting) void this.#startComing();
  };

  /** Other options for a peer, on its listeners and in its actor. @throws PeerloomError */
  async change(record: PeerRecord, options: CommonPeerOptions): Promise<'kept' | 'reset'> {
    this.#supervisor.assertThere(record);
    if (record.range === undefined) {
      const { address } = record;
      this.#listeners.set(listenedKey(record), listenedPeer({ ...options, address }));
    }
    const result = await this.#supervisor.actors.update(record, options);
    const { face: peer } = record;
    const reset = result === 'reset';
    this.#supervisor.events.emit(() => ({ kind: 'peerChanged', time: Date.now(), peer, reset }));
    return result;
  }

  /** Ends a peer's session with Cease/Peer De-configured, and forgets the peer. */
  async remove(record: PeerRecord, text: string): Promise<void> {
    const { actors, events, peers, traffic } = this.#supervisor;
    peers.retire(record);
    if (record.range === undefined) this.#listeners.remove(listenedKey(record));
    for (const { socket } of record.takeWaiting()) socket.resetAndDestroy();
    await actors.remove(record, text);
    traffic.release(record);
    peers.remove(record);
    record.face.end();
    events.emit(() => ({ kind: 'peerRemoved', time: Date.now(), peer: record.face }));
  }

  /** @throws PeerloomError `ERR_PEERLOOM_SOCKET_OPTION` */
  enterRange(defaults: PeerDefaults, options: RangeOptions): RangeRecord {
    this.#supervisor.assertOpen();
    const { peers } = this.#supervisor;
    const typical = typicalOptions(defaults, options);
    const record = peers.addRange(options, typical);
    try {
      this.#listeners.set(listenedKey(record), listenedRange(record.range, typical));
    } catch (error) {
      peers.removeRange(record);
      throw error;
    }
    return record;
  }

  /** Other options for a range, and for the peers that have come from it; returns what that meant for each. */
  async changeRange(
    defaults: PeerDefaults,
    record: RangeRecord,
    options: RangeOptions,
  ): Promise<ChangedPeer[]> {
    const typical = typicalOptions(defaults, options);
    this.#listeners.set(listenedKey(record), listenedRange(record.range, typical));
    const isSame = isDeepStrictEqual(record.typical, typical);
    record.options = options;
    record.typical = typical;
    // Only how many may come has changed.
    if (isSame) return [];
    return await Promise.all(
      [...record.peers].map(async (peer) => ({
        record: peer,
        result: await this.change(peer, typical),
      })),
    );
  }

  /** A range goes, and the peers that have come from it, which are returned. */
  async removeRange(record: RangeRecord): Promise<PeerRecord[]> {
    this.#supervisor.peers.removeRange(record);
    this.#listeners.remove(listenedKey(record));
    const removed = [...record.peers];
    await Promise.all(removed.map((peer) => this.remove(peer, 'the range was removed')));
    return removed;
  }

  async #startComing(): Promise<void> {
    this.#starting = true;
    while (this.#coming.length > 0) {
      // One may have been removed in the meantime.
      const coming = this.#coming.filter(({ status }) => status === 'absent');
      this.#coming = [];
      try {
        await this.start(coming);
      } catch (error) {
        this.#supervisor.events.notice('spawn-failed', errorText(error));
      }
    }
    this.#starting = false;
  }

  #known(record: PeerRecord): void {
    this.#supervisor.peers.add(record);
    const { face: peer } = record;
    this.#supervisor.events.emit(() => ({ kind: 'peerAdded', time: Date.now(), peer }));
  }

  /** Forgets the peers of a range that have had no connection since then. One that is shut down stays so, and is kept. */
  forgetIdle(range: RangeRecord, since: number = Number.POSITIVE_INFINITY): void {
    for (const record of range.peers) {
      const idle = record.connections.length + record.waiting.length === 0;
      if (idle && !isShutDown(record) && record.idleSince < since) void this.remove(record, '');
    }
  }

  #sweepRanges(): void {
    const { limits, peers } = this.#supervisor;
    const since = Date.now() - limits.dynamicPeerTime * 1000;
    for (const range of peers.ranges()) this.forgetIdle(range, since);
  }
}

/** What all peers of a range are told: the address is each one's own. */
function typicalOptions(defaults: PeerDefaults, range: RangeOptions): CommonPeerOptions {
  const { address: _, ...typical } = resolveRangeOptions(defaults, range);
  return typical;
}
