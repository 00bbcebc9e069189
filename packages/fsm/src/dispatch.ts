import { CeaseSubcode, ErrorCode } from '@peerloom/wire';
import { diagnose } from './diagnosis.ts';
import type { Machine } from './machine.ts';
import type { Signal } from './signal.ts';
import type { Track } from './track.ts';

/** The NOTIFICATION that decides a collision is no trouble as long as the survivor is there. */
function isCollisionNews(machine: Machine, track: Track, { notification }: Signal): boolean {
  return (
    machine.other(track) !== undefined &&
    notification?.code === ErrorCode.cease &&
    notification.subcode === CeaseSubcode.connectionCollisionResolution
  );
}

/** Lets an event do its work, and tells of the change of the peer's state that comes of it. */
export function dispatch(machine: Machine, track: Track, signal: Signal): void {
  const connection = track.connection === 0 ? (signal.connection ?? 0) : track.connection;
  const reason = diagnose(track, signal);
  if (reason !== undefined && !isCollisionNews(machine, track, signal)) machine.stuck(reason);
  machine.signal(track, signal);
  machine.report(signal, connection);
}
