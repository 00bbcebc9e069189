import { openAs } from '@peerloom/wire';
import { collisionReason, preferredInitiator, type Speaker } from './collision.ts';
import { FsmEvent } from './event.ts';
import { capabilitiesOf } from './families.ts';
import type { Machine } from './machine.ts';
import type { Signal } from './signal.ts';
import { FsmState } from './state.ts';
import type { Track } from './track.ts';

const established = 'the peer is Established on another connection';

/** Closes the loser with Cease/Connection Collision Resolution, by Event 23. */
function resolve(machine: Machine, survivor: Track, loser: Track, why: string): void {
  machine.emit({
    type: 'collisionResolved',
    survivor: survivor.connection,
    loser: loser.connection,
    why,
  });
  machine.signal(loser, { event: FsmEvent.openCollisionDump, why });
}

/**
 * Resolves a collision of this track, which has sent or received an OPEN, with the other one
 * (RFC 4271 §6.8). Returns whether this track goes on.
 *
 * The RFC compares when an OPEN comes in and the other connection is in OpenConfirm, and allows to do
 * so in OpenSent once the peer's identifier is known. We know it from an OPEN on either connection. A
 * connection that the peer opened is kept only when it has spoken on it: the peer, too, may have
 * found that it came too late (see `isTooLate`).
 */
export function settleCollision(machine: Machine, track: Track, signal: Signal): boolean {
  const other = machine.other(track);
  if (other === undefined || !other.isOpening) return true;
  if (other.state === FsmState.established) {
    return settleWithEstablished(machine, track, other, signal);
  }
  const peerOpen = track.peerOpen ?? other.peerOpen;
  if (peerOpen === undefined) return true;
  const local = localSpeaker(machine);
  const remote: Speaker = { identifier: peerOpen.bgpIdentifier, as: openAs(peerOpen) };
  const preferred = preferredInitiator(local, remote);
  const [survivor, loser] = track.initiator === preferred ? [track, other] : [other, track];
  if (preferred === 'remote' && survivor.peerOpen === undefined) return true;
  resolve(machine, survivor, loser, collisionReason(local, remote));
  return survivor === track;
}

const localSpeaker = ({ options }: Machine): Speaker => ({
  identifier: options.routerId,
  as: options.localAs,
});

/**
 * An Established session is kept until it is known who speaks on the new connection. Then it gives way
 * to a peer that has restarted (RFC 4724 §4.2), or, if CollisionDetectEstablishedState says so, to the
 * preferred connection (RFC 4271 §6.8).
 */
function settleWithEstablished(
  machine: Machine,
  track: Track,
  session: Track,
  signal: Signal,
): boolean {
  const { peerOpen } = track;
  if (peerOpen === undefined) return true;
  if (hasRestarted(machine, track, session)) {
    replaceSession(machine, track, session, signal);
    return true;
  }
  const local = localSpeaker(machine);
  const remote: Speaker = { identifier: peerOpen.bgpIdentifier, as: openAs(peerOpen) };
  if (
    machine.options.collisionDetectEstablishedState &&
    track.initiator !== session.initiator &&
    track.initiator === preferredInitiator(local, remote)
  ) {
    resolve(machine, track, session, collisionReason(local, remote));
    return true;
  }
  resolve(machine, session, track, established);
  return false;
}

/**
 * Milliseconds after a session's begin in which a connection of the peer may still be one that it
 * opened before: its SYN, and then its OPEN, were on their way while ours was established.
 */
const parallelTime = 10_000;

/**
 * RFC 4724 §4.2: a peer that agreed on graceful restart for some family and opens a subsequent
 * connection has lost the old one; so has one whose R bit says so. A connection that was opened in
 * parallel to ours is not a subsequent one, but an ordinary collision; and the R bit stands in both of
 * its OPENs when the peer restarted before either.
 */
function hasRestarted({ now }: Machine, track: Track, session: Track): boolean {
  const saysSo = isRestarting(track);
  if (saysSo && !isRestarting(session)) return true;
  const agreed = session.negotiated?.gracefulRestart?.families.size ?? 0;
  const isParallel = session.initiator === 'local' && now - session.establishedAt < parallelTime;
  return (saysSo || agreed > 0) && !isParallel;
}

/** The R bit of the peer's OPEN. */
function isRestarting({ peerOpen }: Track): boolean {
  const announced = peerOpen && capabilitiesOf(peerOpen.capabilities, 'gracefulRestart').at(-1);
  return announced?.restarting === true;
}

/** "No NOTIFICATION message should be sent -- the previous TCP session is simply closed" (RFC 4724 §4.2). */
function replaceSession(machine: Machine, track: Track, session: Track, signal: Signal): void {
  const why = 'the peer has restarted and opened a new connection';
  machine.emit({
    type: 'collisionResolved',
    survivor: track.connection,
    loser: session.connection,
    why,
  });
  machine.sessionDown(session, { ...signal, why }, 'connectionLost');
  machine.release(session, true);
  machine.remove(session);
  machine.connectRetryCounter = 0;
}

/**
 * Whether a connection that we dialled comes too late to be opened at all: the other one is in
 * OpenConfirm or further, so that the peer may already be Established on it. Opening this one would
 * be a collision that the two sides could decide differently, and both connections be lost. Before
 * its OPEN there is no collision (RFC 4271 §6.8: none "with connections that are in Idle, Connect, or
 * Active states"), so it is closed without a word.
 */
export function isTooLate(machine: Machine, track: Track): boolean {
  const other = machine.other(track);
  return (
    track.initiator === 'local' &&
    (other?.state === FsmState.openConfirm || other?.state === FsmState.established)
  );
}

/** The other connection, or the dial, is not needed any more: this one is about to be Established. */
export function dismissOther(machine: Machine, track: Track): void {
  const other = machine.other(track);
  if (other === undefined) return;
  if (other.isOpening) resolve(machine, track, other, established);
  else machine.signal(other, { event: FsmEvent.openCollisionDump, why: established });
}
