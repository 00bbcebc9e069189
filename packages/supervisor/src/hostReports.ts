import {
  NoticeCode,
  peerStateNames,
  type SessionEnd,
  type ToSupervisorMessage,
} from '@peerloom/ipc';
import type { EngineEvent } from './engineEvent.ts';
import type { HostLink } from './hostLink.ts';
import type { HostPoolListener, HostSlot } from './hostPool.ts';
import { errorText, type PeerloomError } from './peerloomError.ts';
import type { PeerRecord } from './peerRecord.ts';
import { Session } from './session.ts';
import type { Supervisor } from './supervisor.ts';

/** What hosts tell, carried out: octets sent, connections opened and closed, sessions that come and go. */
export class HostReports implements HostPoolListener {
  readonly #supervisor: Supervisor;

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
  }

  onHostUp(slot: HostSlot): void {
    const { actors, events } = this.#supervisor;
    const { index: worker, peers } = slot;
    this.#emit({ kind: 'workerUp', worker, peers: peers.size });
    actors
      .onHostUp(slot)
      .catch((error: unknown) => events.notice('spawn-failed', errorText(error)));
  }

  onHostDown(slot: HostSlot, link: HostLink, reason: PeerloomError, restartIn: number): void {
    const { actors, traffic } = this.#supervisor;
    const { index: worker, peers } = slot;
    actors.onHostDown(slot);
    for (const record of peers) {
      traffic.drop(record);
      this.#lose(record, reason.message);
    }
    for (const connection of link.connections) connection.reset();
    const { message } = reason;
    this.#emit({ kind: 'workerDown', worker, peers: peers.size, reason: message, restartIn });
  }

  onBroken(link: HostLink, why: string): void {
    this.#supervisor.pool.kill(link, `it sent mail that cannot be read: ${why}`);
  }

  onSilent(link: HostLink): void {
    const { limits, pool } = this.#supervisor;
    const seconds = limits.workerAnswerTime;
    pool.kill(
      link,
      `it has answered nothing for ${seconds} s (limits.workerAnswerTime), as when a handler does not return`,
    );
  }

  onSend(_link: HostLink, connection: number, bytes: Uint8Array, batchLength: number): void {
    this.#supervisor.traffic.send(connection, bytes, batchLength);
  }

  onBatchEnd(): void {
    this.#supervisor.traffic.flush();
  }

  onUpdate(
    _link: HostLink,
    peer: number,
    session: number,
    bytes: Uint8Array,
    postFault: boolean,
  ): void {
    const current = this.#supervisor.peers.get(peer)?.session;
    if (current?.id === session) current.receive(bytes, postFault);
  }

  onMessage(_link: HostLink, message: ToSupervisorMessage): void {
    const { counters, events, peers, strangers, traffic } = this.#supervisor;
    const record = peers.get(message.peer);
    if (record === undefined) {
      if (message.kind === 'notice') events.notice(message.code, message.text, message);
      // A peer that has been removed may still end its connections.
      if (message.kind === 'close') traffic.close(message.connection, message.reset);
      return;
    }
    const peer = record.face;
    switch (message.kind) {
      case 'dial':
        traffic.dial(record, message.dial);
        break;
      case 'abortDial':
        traffic.abortDial(record, message.dial);
        break;
      case 'close':
        traffic.close(message.connection, message.reset);
        break;
      case 'collisionResolved': {
        const { survivor, loser, why } = message;
        counters.collisions += 1;
        traffic.close(loser, false);
        this.#emit({ kind: 'collision', peer, survivor, loser, why });
        break;
      }
      case 'transition': {
        const { connection, event, why, time } = message;
        const from = peerStateNames[message.from]!;
        const to = peerStateNames[message.to]!;
        record.state = to;
        events.emit(() => ({ kind: 'transition', peer, connection, from, to, event, why, time }));
        break;
      }
      case 'sessionUp':
        this.#sessionUp(record, message);
        break;
      case 'sessionDown':
        this.#sessionDown(record, JSON.parse(message.json) as SessionEnd, message.time);
        break;
      case 'notice':
        if (record.isStranger && message.code === NoticeCode.fault) {
          strangers.faulty(record, message);
        } else {
          events.notice(message.code, message.text, message, peer);
        }
        break;
      case 'stopped':
        record.onStopped?.();
        break;
    }
  }

  #sessionUp(
    record: PeerRecord,
    message: Extract<ToSupervisorMessage, { kind: 'sessionUp' }>,
  ): void {
    const { connection, time } = message;
    const { events, traffic } = this.#supervisor;
    const peer = record.face;
    const session = new Session(peer, message, this.#supervisor, peer.keepsUpdates);
    record.session = session;
    record.lastSession = Math.max(record.lastSession, session.id);
    traffic.established(connection);
    peer.sessionUp(session);
    events.emit(() => ({ kind: 'sessionUp', time, peer, session, negotiated: session.negotiated }));
  }

  #sessionDown(record: PeerRecord, end: SessionEnd, time: number): void {
    record.session?.end(end);
    record.session = undefined;
    const { face: peer } = record;
    this.#supervisor.events.emit(() => ({ kind: 'sessionDown', time, peer, end }));
  }

  /** The actor is gone without a word: what it would have said. */
  #lose(record: PeerRecord, why: string): void {
    const time = Date.now();
    const { session } = record;
    record.state = 'Idle';
    if (session === undefined) return;
    const uptime = (time - session.since) / 1000;
    const error = { time, direction: 'local', name: 'Worker lost', text: why } as const;
    this.#sessionDown(
      record,
      // TcpConnectionFails (RFC 4271 §8.1.4, event 18): what the state machine would have seen.
      { session: session.id, event: 18, why, error, uptime, stale: false },
      time,
    );
  }

  #emit(event: Untimed<EngineEvent>): void {
    this.#supervisor.events.emit(() => ({ ...event, time: Date.now() }));
  }
}

/** An event without its time. */
type Untimed<Event> = Event extends unknown ? Omit<Event, 'time'> : never;
