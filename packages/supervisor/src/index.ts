/**
 * A BGP speaker in a JavaScript program.
 *
 * ```ts
 * import { createEngine } from '@peerloom/supervisor';
 *
 * await using engine = await createEngine({
 *   routerId: '192.0.2.1',
 *   localAs: 65001,
 *   listen: [{ address: '127.0.0.1', port: 1790 }],
 *   neighbors: [{ address: '127.0.0.2', remoteAs: 65002 }],
 *   announce: [{ prefix: '198.51.100.0/24' }],
 * });
 *
 * for await (const session of engine.peer('127.0.0.2')!.sessions()) {
 *   for await (const update of session.updates()) {
 *     if (update.kind === 'update') console.log(update.message.nlri);
 *   }
 * }
 * ```
 *
 * @packageDocumentation
 */

// What a handler module is made of.
export type { HandlerAnswer, HandlerPeer, HandlerSession, PeerHandler } from '@peerloom/actor';
// What the names below are made of.
export type {
  Announcement,
  AnnounceResult,
  CapabilityOptions,
  ConnectionEnds,
  DelaySummary,
  EncodedAnnouncement,
  ErrorReport,
  FlightEntry,
  FlightRecording,
  GracefulRestartOptions,
  HostUsage,
  LongLivedGracefulRestartOptions,
  MaximumPrefixesOptions,
  NegotiatedSession,
  PeerOptions,
  PeerSnapshot,
  PeerStateName,
  RouteAnnouncement,
  RouteEntry,
  RoutesQuery,
  SessionEnd,
  Withdrawal,
} from '@peerloom/ipc';
export { checkEngineOptions } from './checkEngineOptions.ts';
export { type CreateOptions, createEngine } from './createEngine.ts';
export type { Engine } from './engine.ts';
export type * from './engineEvent.ts';
export {
  type CapabilitySettings,
  type EngineLimits,
  type EngineOptions,
  engineLimitDefaults,
  type ListenAddress,
  type NeighborOptions,
  type PeerSettings,
  type RangeOptions,
  type WorkerMemory,
  workerMemoryDefaults,
} from './engineOptions.ts';
export type {
  ApplyResult,
  ConnectionReport,
  EngineMetrics,
  WorkerMetrics,
} from './engineReport.ts';
export type { EventsOptions } from './eventHub.ts';
export type { RefusalReason, SupervisorCounters } from './metrics.ts';
export { formatOptionIssue, formatOptionPath, type OptionIssue } from './optionRule.ts';
export type { OneOrMany, Peer, SessionsOptions } from './peer.ts';
export { PeerloomError, type PeerloomErrorCode } from './peerloomError.ts';
export type { ReaderMetrics } from './readers.ts';
export type { ReceivedUpdate } from './receivedUpdate.ts';
export { resolvePeerOptions } from './resolvePeerOptions.ts';
export type { LostUpdates, Session, SessionUpdate } from './session.ts';
