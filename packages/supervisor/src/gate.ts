import type { Socket } from 'node:net';
import type { ConnectionEnds } from '@peerloom/ipc';
import { protectAccepted, SocketOptionError } from '@peerloom/sockets';
import type { Actors } from './actors.ts';
import { type Core, isShutDown } from './core.ts';
import type { DescriptorBudget } from './descriptorBudget.ts';
import type { RefusalReason } from './metrics.ts';
import type { PeerRecord, RangeRecord } from './peerRecord.ts';
import type { Roster } from './roster.ts';
import { tcpOptionsOf } from './tcpOptionsOf.ts';
import { endsOf, type Traffic } from './traffic.ts';

const ignore = (): void => {};

/** Why a connection is closed at once. */
interface Refusal {
  readonly reason: RefusalReason;
  readonly why: string;
  /** The neighbour of the configuration whose it is. */
  readonly listed: PeerRecord | undefined;
}

function refusal(reason: RefusalReason, why: string, listed?: PeerRecord): Refusal {
  return { reason, why, listed };
}

/** Neighbours of one range at a time, unless it says otherwise. */
const rangeLimit = 1000;

/**
 * Decides about inbound connections: a listed neighbour, else one of the longest range, else refused.
 * Whatever is refused is closed at once and counted, and reported without flooding anybody; it never
 * reaches an actor.
 */
export class Gate {
  readonly #core: Core;
  readonly #actors: Actors;
  readonly #traffic: Traffic;
  readonly #descriptors: DescriptorBudget;
  readonly #roster: Roster;

  constructor(
    core: Core,
    actors: Actors,
    traffic: Traffic,
    descriptors: DescriptorBudget,
    roster: Roster,
  ) {
    this.#core = core;
    this.#actors = actors;
    this.#traffic = traffic;
    this.#descriptors = descriptors;
    this.#roster = roster;
  }

  /** A connection that a listener has accepted, paused. */
  readonly onConnection = (socket: Socket): void => {
    // A socket without a listener for its errors would end the process.
    socket.on('error', ignore);
    const ends = endsOf(socket);
    if (ends === undefined) {
      socket.destroy();
      return;
    }
    const refused = this.#consider(socket, ends);
    if (refused !== undefined) this.#refuse(socket, ends, refused);
  };

  /** The actor of a peer is there: it gets the connections that came before it. */
  readonly onReady = (record: PeerRecord): void => {
    for (const { socket, ends } of record.takeWaiting()) {
      if (!socket.destroyed) this.#accept(record, socket, ends);
    }
  };

  #consider(socket: Socket, ends: ConnectionEnds): Refusal | undefined {
    const core = this.#core;
    if (core.closing) return refusal('closing', 'the engine is closing');
    const full = this.#descriptors.refusal(this.#traffic.size);
    if (full !== undefined) return refusal('descriptors', full);
    if (this.#traffic.pending >= core.limits.pendingConnections) {
      return refusal(
        'tooMany',
        `limits.pendingConnections, ${core.limits.pendingConnections}, are waiting`,
      );
    }
    const match = core.peers.match(ends.remoteAddress, ends.localAddress);
    if (match.kind === 'none') return refusal('noNeighbor', match.why);
    if (match.kind === 'peer') return this.#admit(match.peer, socket, ends);
    return this.#admitFromRange(match.range, socket, ends);
  }

  #admitFromRange(range: RangeRecord, socket: Socket, ends: ConnectionEnds): Refusal | undefined {
    const { limit = rangeLimit } = range.options;
    if (range.peers.size >= limit) this.#roster.forgetIdle(range);
    if (range.peers.size >= limit) {
      return refusal('rangeFull', `range ${range.range.text} has its limit of ${limit} neighbours`);
    }
    const record = this.#core.newRecord(ends.remoteAddress, range.typical, range);
    const refused = this.#admit(record, socket, ends);
    if (refused === undefined) this.#roster.enterDynamic(record);
    return refused;
  }

  #admit(record: PeerRecord, socket: Socket, ends: ConnectionEnds): Refusal | undefined {
    const { connectionsPerPeer } = this.#core.limits;
    const listed = record.range === undefined ? record : undefined;
    if (isShutDown(record)) {
      return refusal('shutdown', `neighbour ${record.key} is shut down`, listed);
    }
    if (record.connections.length + record.waiting.length >= connectionsPerPeer) {
      const why = `neighbour ${record.key} has ${connectionsPerPeer} connections already`;
      return refusal('tooMany', why, listed);
    }
    try {
      protectAccepted(socket, tcpOptionsOf(record.options));
    } catch (error) {
      if (!(error instanceof SocketOptionError)) throw error;
      // Nothing else tells the actor why a neighbour that keeps connecting never gets through.
      const { text, option, remedy = `change ${option} of this neighbour` } = error;
      this.#actors.linkOf(record)?.message({ kind: 'refused', peer: record.id, text, remedy });
      return refusal('ttl', error.message, listed);
    }
    if (this.#actors.linkOf(record) !== undefined) {
      this.#accept(record, socket, ends);
    } else if (record.slot !== undefined && record.slot.link === undefined) {
      const why = `the worker of neighbour ${record.key} is being replaced`;
      return refusal('workerDown', why, listed);
    } else {
      record.waiting = record.waiting.concat({ socket, ends });
    }
    return undefined;
  }

  #accept(record: PeerRecord, socket: Socket, ends: ConnectionEnds): void {
    // From here on its errors are the connection's.
    socket.off('error', ignore);
    this.#traffic.accept(record, socket, ends);
  }

  #refuse(socket: Socket, ends: ConnectionEnds, { reason, why, listed }: Refusal): void {
    socket.resetAndDestroy();
    this.#core.counters.connectionsRefused[reason] += 1;
    this.#core.strangers.refused(reason, ends, why, listed);
  }
}
