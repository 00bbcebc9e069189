import type { OpenMessage } from '@peerloom/wire';
import type { NegotiatedSession } from './negotiatedSession.ts';
import { FsmState } from './state.ts';
import { noTimers, type TimerGenerations } from './timerGenerations.ts';

/** A track's members, as plain data. */
export type TrackCheckpoint = {
  readonly [Member in keyof Track as Track[Member] extends (...input: never) => unknown
    ? never
    : Exclude<Member, 'isOpening'>]: Track[Member];
};

/**
 * One run through the states of RFC 4271 §8.2.2, for one TCP connection: §8.2.1 asks for a state
 * machine for each. A peer has one track, and a second one while two connections are under way.
 */
export class Track {
  state: FsmState;
  /** The dial in flight, 0: none. */
  dial = 0;
  /** The TCP connection, 0: none. */
  connection = 0;
  /** The system has told that the connection is gone: there is nothing left to close. */
  isGone = false;
  /** Which side opened the connection. */
  initiator: 'local' | 'remote' = 'local';
  /** Our OPEN, once it is sent. */
  localOpen: OpenMessage | undefined = undefined;
  /** The peer's OPEN, once it is found acceptable. */
  peerOpen: OpenMessage | undefined = undefined;
  negotiated: NegotiatedSession | undefined = undefined;
  /** The session, once Established. */
  session = 0;
  establishedAt = 0;

  readonly timers: TimerGenerations = noTimers();
  /** What the timers were last set to, in milliseconds. */
  holdMilliseconds = 0;
  keepaliveMilliseconds = 0;
  sendHoldMilliseconds = 0;

  /** When the HoldTimer was last restarted: all that a received UPDATE or KEEPALIVE changes. */
  lastReceived = 0;
  /** When a message was last handed over. */
  lastSent = 0;
  /** When the system last took octets from us (-1: nobody has told), and how many it has not yet taken. */
  lastTaken = -1;
  unsentBytes = 0;

  constructor(state: FsmState) {
    this.state = state;
  }

  /** A track in the state that `checkpoint` was taken of. */
  static restore(checkpoint: TrackCheckpoint): Track {
    const { timers } = checkpoint;
    return Object.assign(new Track(checkpoint.state), checkpoint, { timers: { ...timers } });
  }

  checkpoint(): TrackCheckpoint {
    return Object.assign({}, this, { timers: { ...this.timers } });
  }

  /** Forgets the connection and all that it had, but not the state. */
  forgetConnection(): void {
    Object.assign(this, new Track(this.state));
  }

  /** Whether OPENs are being exchanged, or have been. */
  get isOpening(): boolean {
    return (
      this.state === FsmState.openSent ||
      this.state === FsmState.openConfirm ||
      this.state === FsmState.established
    );
  }
}
