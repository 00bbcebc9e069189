/**
 * The BGP-4 peer state machine of RFC 4271 §8 as a pure function of its inputs: {@link PeerFsm}.
 *
 * @module
 */

export { bareMessage } from './bareMessage.ts';
export * from './event.ts';
export * from './fsmOptionError.ts';
export type * from './input.ts';
export type { FsmCheckpoint } from './machine.ts';
export { negotiate } from './negotiate.ts';
export type * from './negotiatedSession.ts';
export * from './options.ts';
export { needsReset } from './optionsChange.ts';
export type * from './output.ts';
export * from './peerFsm.ts';
export type * from './profile.ts';
export type * from './sessionEnd.ts';
export * from './state.ts';
export * from './stuckReason.ts';
export * from './timer.ts';
