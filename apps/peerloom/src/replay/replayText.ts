import { isDeepStrictEqual } from 'node:util';
import { replayRecording } from '@peerloom/actor';
import type { FlightEntry, FlightRecording } from '@peerloom/ipc';
import { fromPlain, toPlain } from '../control/richJson.ts';
import { usageError } from '../exitCode.ts';

/** A step of a recording, played again. */
export interface ReplayedStep {
  /** With the outputs that the state machine gives now. */
  readonly entry: FlightEntry;
  /** Milliseconds since the UNIX epoch from which times within inputs and outputs count. */
  readonly epoch: number;
  /** State of the peer after the step. */
  readonly state: string;
  /** The outputs in the recording, where they are others. */
  readonly recorded?: readonly unknown[];
}

/** Plays the recording in a JSON text again. Throws a usage error for a text that is none. */
export function replayText(text: string, file: string): ReplayedStep[] {
  const recording = recordingIn(text, file);
  const steps: ReplayedStep[] = [];
  for (const { entry, fsm } of replayRecording(recording)) {
    const recorded = recording.entries[steps.length]!.outputs;
    const same = isDeepStrictEqual(toPlain(recorded), toPlain(entry.outputs));
    steps.push({ entry, epoch: recording.epoch, state: fsm.state, ...(!same && { recorded }) });
  }
  return steps;
}

function isRecording(recording: Partial<FlightRecording>): recording is FlightRecording {
  const { version, epoch, entries, start } = recording;
  return version === 2 && Number.isFinite(epoch) && Array.isArray(entries) && Boolean(start);
}

function recordingIn(text: string, file: string): FlightRecording {
  try {
    const recording = fromPlain(JSON.parse(text)) as Partial<FlightRecording> | null;
    if (recording !== null && isRecording(recording)) return recording;
  } catch {
    // Not even JSON.
  }
  throw usageError(
    `${file} is no recording of this version: it must be what show bgp recorder A printed`,
  );
}
