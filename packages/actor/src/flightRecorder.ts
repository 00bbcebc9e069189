import {
  type FsmCheckpoint,
  type FsmInput,
  type FsmOptions,
  type FsmOutput,
  PeerFsm,
  type ResolvedFsmOptions,
} from '@peerloom/fsm';
import type { FlightEntry, FlightRecording } from '@peerloom/ipc';

/** Steps between two checkpoints. The ring holds up to twice as many. */
const segmentSteps = 16;
/** Steps of nothing but timers between two checkpoints: that is all that happens in a quiet session. */
const quietSteps = 4;

/**
 * What `noteReceived` and its siblings left in the FSM since the step before: the last time of each, and
 * the connection; 0 for none. One object for all messages between two steps.
 */
interface Notes {
  receivedOn: number;
  receivedAt: number;
  sentOn: number;
  sentAt: number;
  transmittedOn: number;
  transmittedAt: number;
  unsentBytes: number;
}

/** One step as it is kept: what went in. What came out follows from it. */
interface RecordedStep {
  readonly time: number;
  readonly notes: Readonly<Notes> | undefined;
  readonly input: FsmInput;
}

/** A run of steps, and what makes an FSM that is where the first of them found it. */
type Segment = RecordingStart & { steps: readonly RecordedStep[] };

/** What stands in `FlightRecording.start`: an FSM that was new, or where one was. */
type RecordingStart = {
  /** Of the FSM's jitter. */
  readonly seed: number;
} & (
  | { readonly checkpoint: FsmCheckpoint }
  | { readonly checkpoint?: never; readonly options: ResolvedFsmOptions; readonly firstId: number }
);

/** Uniform numbers in [0, 1) from a 32-bit state that can be kept: mulberry32. */
class SeededRandom {
  state: number;
  constructor(seed: number) {
    this.state = seed;
  }
  readonly next = (): number => {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Timers that run out all the time in a session in which nothing happens. */
const quietTimers: ReadonlySet<string> = new Set(['keepalive', 'hold', 'sendHold']);

/**
 * The last things that one peer's FSM took in. The FSM is a pure function of these and of the seed of its
 * jitter, so nothing else is kept but a checkpoint of its state now and then; what it gave out is computed
 * when somebody asks. A step costs some hundred octets and no work; messages on an Established session are
 * no steps, and only leave the time of the last one.
 *
 * A quiet session does not wash away how it came up: of its timers only the last few are held, and the
 * stretch before them stays.
 */
export class FlightRecorder {
  /** The FSM that is recorded. */
  readonly fsm: PeerFsm;
  readonly #peer: number;
  readonly #random: SeededRandom;
  /** The stretch before. */
  #older: Segment | undefined = undefined;
  #segment: Segment;
  /** Steps at the end of the stretch that are but timers of a quiet session. */
  #quiet = 0;
  /** Steps no longer held: before `#older`, and between it and `#segment`. */
  #dropped = 0;
  #gap = 0;
  #notes: Notes | undefined = undefined;

  /** @param seed - of the jitter; 32 bits */
  constructor(peer: number, options: FsmOptions, firstId: number, seed: number) {
    this.#peer = peer;
    this.#random = new SeededRandom(seed);
    this.fsm = new PeerFsm(options, this.#random.next, firstId);
    this.#segment = { seed, options: this.fsm.options, firstId, steps: [] };
  }

  /** Gives the FSM an input. */
  step(time: number, input: FsmInput): readonly FsmOutput[] {
    const { steps } = this.#segment;
    if (steps.length >= segmentSteps || this.#quiet >= quietSteps) this.#beginSegment();
    const isQuiet = input.type === 'timer' && quietTimers.has(input.timer);
    this.#quiet = isQuiet ? this.#quiet + 1 : 0;
    // Not pushed: most sessions come up in five steps, and that leaves room for a dozen more.
    this.#segment.steps = this.#segment.steps.concat({ time, notes: this.#notes, input });
    this.#notes = undefined;
    return this.fsm.step(time, input);
  }

  /** A message came in on the Established connection. */
  received(time: number, connection: number): void {
    this.fsm.noteReceived(time, connection);
    const notes = this.#note();
    notes.receivedOn = connection;
    notes.receivedAt = time;
  }

  /** A message of the actor's own was handed over. */
  sent(time: number, connection: number): void {
    this.fsm.noteSent(time, connection);
    const notes = this.#note();
    notes.sentOn = connection;
    notes.sentAt = time;
  }

  /** The kernel took octets of ours. */
  transmitted(time: number, connection: number, unsentBytes: number): void {
    this.fsm.noteTransmitted(time, connection, unsentBytes);
    const notes = this.#note();
    notes.transmittedOn = connection;
    notes.transmittedAt = time;
    notes.unsentBytes = unsentBytes;
  }

  /** The recording so far, with what the FSM gave out. It can be cloned, and replayed anywhere. */
  export(): FlightRecording {
    const { steps: first, ...start } = this.#older ?? this.#segment;
    const entries: FlightEntry[] = first.map((step) => ({ ...step, outputs: [] }));
    if (this.#older !== undefined) {
      const { steps, ...resumed } = this.#segment;
      const resume = { start: resumed, dropped: this.#gap };
      for (const [index, step] of steps.entries()) {
        const isAfterGap = index === 0 && this.#gap > 0;
        entries.push({ ...step, outputs: [], ...(isAfterGap && { resume }) });
      }
    }
    const recording = {
      version: 1 as const,
      peer: this.#peer,
      start,
      entries,
      dropped: this.#dropped,
    };
    return { ...recording, entries: [...replayRecording(recording)].map(({ entry }) => entry) };
  }

  #note(): Notes {
    this.#notes ??= {
      receivedOn: 0,
      receivedAt: 0,
      sentOn: 0,
      sentAt: 0,
      transmittedOn: 0,
      transmittedAt: 0,
      unsentBytes: 0,
    };
    return this.#notes;
  }

  #beginSegment(): void {
    const { steps } = this.#segment;
    if (this.#older !== undefined && this.#quiet === steps.length) {
      this.#gap += steps.length;
    } else {
      this.#dropped += (this.#older?.steps.length ?? 0) + this.#gap;
      this.#gap = 0;
      this.#older = this.#segment;
    }
    this.#quiet = 0;
    this.#segment = {
      seed: this.#random.state,
      checkpoint: this.fsm.checkpoint(),
      steps: [],
    };
  }
}

/** One step of a replay. */
export interface ReplayStep {
  /** The entry, with the outputs that the FSM gives now. */
  readonly entry: FlightEntry;
  /** The FSM after the step. */
  readonly fsm: PeerFsm;
}

/** Plays a recording again on an FSM of its own, one step each time the caller goes on. */
export function* replayRecording(recording: FlightRecording): Generator<ReplayStep, void> {
  let fsm = fsmOf(recording.start);
  for (const entry of recording.entries) {
    const { time, notes, input, resume } = entry;
    if (resume !== undefined) fsm = fsmOf(resume.start);
    if (notes !== undefined) applyNotes(fsm, notes as Notes);
    const outputs = fsm.step(time, input as FsmInput);
    yield { entry: { ...entry, outputs }, fsm };
  }
}

function fsmOf(recorded: unknown): PeerFsm {
  const start = recorded as RecordingStart;
  const random = new SeededRandom(start.seed).next;
  return start.checkpoint === undefined
    ? new PeerFsm(start.options as FsmOptions, random, start.firstId)
    : PeerFsm.restore(start.checkpoint, random);
}

function applyNotes(fsm: PeerFsm, notes: Notes): void {
  fsm.noteReceived(notes.receivedAt, notes.receivedOn);
  fsm.noteSent(notes.sentAt, notes.sentOn);
  fsm.noteTransmitted(notes.transmittedAt, notes.transmittedOn, notes.unsentBytes);
}
