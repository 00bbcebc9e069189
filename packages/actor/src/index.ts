/**
 * The worker side of Peerloom: one actor a peer, one mailbox and one timer wheel a worker.
 *
 * @packageDocumentation
 */

export { ActorError, type ActorErrorCode } from './actorError.ts';
export { type Clock, systemClock } from './clock.ts';
export { type ReplayStep, replayRecording } from './flightRecorder.ts';
export { type FsmTimerOwner, FsmTimers } from './fsmTimers.ts';
export type {
  HandlerAnswer,
  HandlerPeer,
  HandlerSession,
  PeerHandler,
  ReceivedUpdate,
} from './handler.ts';
export { ActorHost } from './host.ts';
export { type HostPorts, runHost, startHost } from './runHost.ts';
export { SharedValues } from './sharedValues.ts';
export { Alarm, TimerWheel, WheelTimer, wheelTick } from './timerWheel.ts';
export type { HostTask } from './worker.ts';
