import type { PhaseName } from '../scenario.ts';

/** How far a run is: what a progress bar shows. */
export interface LoadProgress {
  readonly phase: PhaseName;
  /** From 1. */
  readonly number: number;
  readonly phases: number;
  /** Seconds since the phase began. */
  readonly seconds: number;
  /** 0–1, of the phase. */
  readonly done: number;
  readonly established: number;
  readonly speakers: number;
  /** Routes that the sinks hold, and that they must hold; 0 without sinks. */
  readonly held: number;
  readonly wanted: number;
  /** UPDATEs a second, now. */
  readonly updatesSent: number;
  readonly updatesReceived: number;
}
