import { bareMessage } from '@peerloom/fsm';
import { decodeNotification, decodeOpen, type Fault, MessageType } from '@peerloom/wire';
import type { Connection } from './connection.ts';
import type { PeerActor } from './peerActor.ts';

/**
 * Octets of input that a peer is served before the next one has its turn: what a read of a socket brings,
 * and the rest of the message that the read before broke off in. With less, each of many chunks would wait
 * for the first parts of all others.
 */
const sliceBytes = 68 * 1024;

/** Reads a slice of what has arrived on a connection, not beyond the time `until`. */
export function readInput(actor: PeerActor, connection: Connection, until: number): void {
  const { deframer } = connection;
  const { context, status } = actor;
  let budget = sliceBytes;
  let now = context.clock.now();
  /** The recorder has been told that something has come, since the last step. */
  let isNoted = false;
  // At least one message, however slow the clock: a slice that reads nothing would never end.
  do {
    const { session } = actor;
    const isEstablished = session?.connection === connection;
    const taken = isEstablished ? session.plainUpdates(budget) : 0;
    budget -= taken;
    if (taken > 0) {
      if (!isNoted) actor.recorder.received(now, connection.id);
      isNoted = true;
      now = context.clock.now();
      continue;
    }
    if (!connection.nextMessage()) return atEnd(actor, connection);
    const { type, start, end } = deframer;
    budget -= end - start;
    status.received.add(type, end - start);
    if (type === MessageType.update && isEstablished) {
      // Once for all that are read in a slice, which is short beside any timer.
      if (!isNoted) actor.recorder.received(now, connection.id);
      isNoted = true;
      session.update(deframer.bytes, start, end);
      // Only what may run an embedder's code can be slow enough to look at the clock each time.
      if (context.handler !== undefined) now = context.clock.now();
    } else {
      readMessage(actor, connection, now);
      now = context.clock.now();
      isNoted = false;
    }
  } while (budget > 0 && now < until && actor.connections.includes(connection));
}

/** Nothing more to read for now, or ever. */
function atEnd(actor: PeerActor, connection: Connection): void {
  const { fault } = connection.deframer;
  if (fault !== undefined) return faulty(actor, connection, fault);
  const { ended } = connection;
  if (ended === undefined) return;
  actor.drop(connection);
  const { errno, text } = ended;
  actor.step({ type: 'closed', connection: connection.id, errno, text });
}

function faulty(actor: PeerActor, connection: Connection, fault: Fault): void {
  actor.status.fault(fault);
  actor.notices.fault(fault);
  actor.fail(connection, fault);
  // Whatever the FSM makes of it, nothing after the fault can be read.
  connection.discard();
}

/** Any message but an UPDATE of the Established session. */
function readMessage(actor: PeerActor, connection: Connection, now: number): void {
  const { type } = connection.deframer;
  if (type === MessageType.open) return readOpen(actor, connection);
  if (type === MessageType.notification) return readNotification(actor, connection, now);
  const { session } = actor;
  if (session?.connection === connection) {
    actor.recorder.received(now, connection.id);
    const { bytes, start, end } = connection.deframer;
    if (type === MessageType.routeRefresh) session.routeRefresh(bytes, start, end);
    return;
  }
  const message = bareMessage(type);
  if (message !== undefined) actor.step({ type: 'message', connection: connection.id, message });
}

function readOpen(actor: PeerActor, connection: Connection): void {
  const { bytes, start, end } = connection.deframer;
  const result = decodeOpen(bytes, start, end);
  if (!result.ok) return faulty(actor, connection, result.fault);
  const answer = actor.handlerCalls?.open(result.message);
  if (answer !== undefined) return actor.refuse(connection, answer);
  const capabilities = actor.context.share(result.message.capabilities);
  const message = { ...result.message, capabilities };
  actor.step({ type: 'message', connection: connection.id, message });
}

function readNotification(actor: PeerActor, connection: Connection, now: number): void {
  const { bytes, start, end } = connection.deframer;
  const result = decodeNotification(bytes, start, end);
  if (!result.ok) return faulty(actor, connection, result.fault);
  const { message } = result;
  actor.status.notification(message, 'received', now, 'the peer sent a NOTIFICATION');
  actor.step({ type: 'message', connection: connection.id, message });
}
