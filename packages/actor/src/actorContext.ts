import type { ToSupervisorWriter } from '@peerloom/ipc';
import type { AnnouncementTable, RibStore } from '@peerloom/rib';
import type { Clock } from './clock.ts';
import type { ChunkReader } from './connection.ts';
import type { PeerHandler } from './handler.ts';
import type { Served } from './mailbox.ts';
import type { TimerWheel } from './timerWheel.ts';

/** What the actors of one host share. */
export interface ActorContext extends ChunkReader {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  /** What goes to the supervisor. */
  readonly writer: ToSupervisorWriter;
  /** What the routes of all peers share. */
  readonly store: RibStore;
  /** What is announced to every peer of the host. */
  readonly everyone: AnnouncementTable;
  /** `everyone` alone: all the tables of a peer that nothing is announced to but what all are told. */
  readonly toAll: readonly AnnouncementTable[];
  /** The embedder's code, while there is some. */
  readonly handler: PeerHandler | undefined;
  /** Has whole messages sent on a connection. They are copied, unless they stand in shared memory. */
  send(peer: number, connection: number, bytes: Uint8Array): void;
  /** One object for all equal ones; nobody may change it. */
  share<Value extends object>(value: Value): Value;
  /** Uniform in [0, 1). */
  random(): number;
  /** Has someone served who has work. */
  enqueue(served: Served): void;
  /** Notes how long a handler call took, in milliseconds. */
  handlerTook(milliseconds: number): void;
}
