import {
  type FsmCheckpoint,
  type FsmInput,
  type FsmOptions,
  type FsmOutput,
  type FsmTimer,
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

/** One step as it is kept: what went in. What came out follows from it. `time`: as the FSM counts. */
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

/** State of the numbers that the FSM which takes a step draws; 32 bits, and it can be kept. */
let randomState = 0;

/**
 * Uniform numbers in [0, 1): mulberry32. One function for the FSMs of all peers, since they take their steps in
 * turn: whoever has one take a step lends its state for it. A generator for each would weigh 140 octets a peer.
 */
function drawRandom(): number {
  randomState = (randomState + 0x6d2b79f5) | 0;
  let mixed = Math.imul(randomState ^ (randomState >>> 15), 1 | randomState);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
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
 *
 * The FSM, and what is kept of it, counts whole milliseconds since an epoch of their own: numbers that small (24
 * days, and they only cost more after that) take no memory of their own, and every peer has dozens.
 */
export class FlightRecorder {
  /** The FSM that is recorded. */
  readonly fsm: PeerFsm;
  readonly #peer: number;
  /** Milliseconds since the UNIX epoch from which the FSM counts; whole. */
  readonly #epoch: number;
  /** Of the FSM's jitter; 32 bits. */
  #random: number;
  /** The stretch before. */
  #older: Segment | undefined = undefined;
  #segment: Segment;
  /** Steps at the end of the stretch that are but timers of a quiet session. */
  #quiet = 0;
  /** Steps no longer held: before `#older`, and between it and `#segment`. */
  #dropped = 0;
  #gap = 0;
  #notes: Notes | undefined = undefined;

  /**
   * @param seed - of the jitter; 32 bits
   * @param epoch - milliseconds since the UNIX epoch, whole; no time that is told is before it
   */
  constructor(peer: number, options: FsmOptions, firstId: number, seed: number, epoch: number) {
    this.#peer = peer;
    this.#epoch = epoch;
    this.#random = seed;
    this.fsm = new PeerFsm(options, drawRandom, firstId);
    this.#segment = { seed, options: this.fsm.options, firstId, steps: [] };
  }

  /** Gives the FSM an input. All times here are milliseconds since the UNIX epoch. */
  step(now: number, input: FsmInput): readonly FsmOutput[] {
    const time = this.#timeOf(now);
    const { steps } = this.#segment;
    if (steps.length >= segmentSteps || this.#quiet >= quietSteps) this.#beginSegment();
    const isQuiet = input.type === 'timer' && quietTimers.has(input.timer);
    this.#quiet = isQuiet ? this.#quiet + 1 : 0;
    // Not pushed: most sessions come up in five steps, and that leaves room for a dozen more.
    this.#segment.steps = this.#segment.steps.concat({ time, notes: this.#notes, input });
    this.#notes = undefined;
    randomState = this.#random;
    const outputs = this.fsm.step(time, input);
    this.#random = randomState;
    return outputs;
  }

  /** A message came in on the Established connection. */
  received(now: number, connection: number): void {
    const time = this.#timeOf(now);
    this.fsm.noteReceived(time, connection);
    const notes = this.#note();
    notes.receivedOn = connection;
    notes.receivedAt = time;
  }

  /** A message of the actor's own was handed over. */
  sent(now: number, connection: number): void {
    const time = this.#timeOf(now);
    this.fsm.noteSent(time, connection);
    const notes = this.#note();
    notes.sentOn = connection;
    notes.sentAt = time;
  }

  /** The kernel took octets of ours. */
  transmitted(now: number, connection: number, unsentBytes: number): void {
    const time = this.#timeOf(now);
    this.fsm.noteTransmitted(time, connection, unsentBytes);
    const notes = this.#note();
    notes.transmittedOn = connection;
    notes.transmittedAt = time;
    notes.unsentBytes = unsentBytes;
  }

  /** Milliseconds that a timer of a connection really has to run: see `PeerFsm.remaining`. */
  remaining(now: number, timer: FsmTimer, connection: number): number {
    return this.fsm.remaining(this.#timeOf(now), timer, connection);
  }

  /** The recording so far, with what the FSM gave out. It can be cloned, and replayed anywhere. */
  export(): FlightRecording {
    const { steps: first, ...start } = this.#older ?? this.#segment;
    const entries = first.map((step) => this.#entryOf(step));
    if (this.#older !== undefined) {
      const { steps, ...resumed } = this.#segment;
      const resume = { start: resumed, dropped: this.#gap };
      for (const [index, step] of steps.entries()) {
        const isAfterGap = index === 0 && this.#gap > 0;
        entries.push({ ...this.#entryOf(step), ...(isAfterGap && { resume }) });
      }
    }
    const recording = {
      version: 2 as const,
      peer: this.#peer,
      epoch: this.#epoch,
      start,
      entries,
      dropped: this.#dropped,
    };
    return { ...recording, entries: [...replayRecording(recording)].map(({ entry }) => entry) };
  }

  /** A time as the FSM counts it. What is due after whole milliseconds is due by whole ones, too. */
  #timeOf(now: number): number {
    return Math.floor(now - this.#epoch);
  }

  #entryOf(step: RecordedStep): FlightEntry {
    return { ...step, time: this.#epoch + step.time, outputs: [] };
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
      seed: this.#random,
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
  let { fsm, random } = begin(recording.start);
  for (const entry of recording.entries) {
    const { time, notes, input, resume } = entry;
    if (resume !== undefined) ({ fsm, random } = begin(resume.start));
    if (notes !== undefined) applyNotes(fsm, notes as Notes);
    randomState = random;
    const outputs = fsm.step(time - recording.epoch, input as FsmInput);
    random = randomState;
    yield { entry: { ...entry, outputs }, fsm };
  }
}

/** An FSM that is where the recording, or its second stretch, begins, and the state of the numbers that it draws. */
function begin(recorded: unknown): { readonly fsm: PeerFsm; readonly random: number } {
  const start = recorded as RecordingStart;
  const fsm =
    start.checkpoint === undefined
      ? new PeerFsm(start.options as FsmOptions, drawRandom, start.firstId)
      : PeerFsm.restore(start.checkpoint, drawRandom);
  return { fsm, random: start.seed };
}

function applyNotes(fsm: PeerFsm, notes: Notes): void {
  fsm.noteReceived(notes.receivedAt, notes.receivedOn);
  fsm.noteSent(notes.sentAt, notes.sentOn);
  fsm.noteTransmitted(notes.transmittedAt, notes.transmittedOn, notes.unsentBytes);
}
