import { diagnose, tellsMore } from './diagnosis.ts';
import type { Machine } from './machine.ts';
import { isCollisionCease } from './notices.ts';
import type { Signal } from './signal.ts';
import { FsmState } from './state.ts';
import type { Track } from './track.ts';

/** Lets an event do its work, and tells of the change of the peer's state that comes of it. */
export function dispatch(machine: Machine, track: Track, signal: Signal): void {
  const connection = track.connection === 0 ? (signal.connection ?? 0) : track.connection;
  // A collision that the peer decided is no trouble: it has another connection. Nor is what becomes of a
  // second connection beside a session.
  const isHarmless =
    isCollisionCease(signal.notification) || machine.other(track)?.state === FsmState.established;
  const reason = isHarmless ? undefined : diagnose(track, signal);
  if (reason !== undefined && tellsMore(reason, machine.stuckReason)) machine.stuck(reason);
  machine.signal(track, signal);
  machine.report(signal, connection);
}
