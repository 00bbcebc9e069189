import { readFileSync } from 'node:fs';
import { LoadError } from '../loadError.ts';
import type { HistogramData } from '../measure/histogram.ts';
import type { Measures } from '../measure/measure.ts';
import type { ThresholdResult } from '../measure/thresholds.ts';
import type { SinkArrivals } from '../run/arrivals.ts';
import type { OracleCheck } from '../run/oracle.ts';
import type { Sample } from '../run/recorder.ts';
import type { PhaseName, Scenario } from '../scenario.ts';
import { withMaskedKeys } from './maskedKeys.ts';
import { damageOf } from './resultSchema.ts';
import type { Verdict } from './verdict.ts';

/** How one phase went. */
export interface PhaseResult {
  readonly phase: PhaseName;
  /** Seconds since the run began. */
  readonly startedAt: number;
  readonly seconds: number;
  /** `settled`: what was missing did not come any more. */
  readonly ended: 'done' | 'settled' | 'timeout' | 'interrupted';
  /** Seconds from its start in which there was work to do: what bottlenecks are looked for in. */
  readonly busySeconds: number;
  /** Seconds by which one UPDATE in a hundred, or more, left after it was due; absent where none had a time. */
  readonly lateness?: number;
}

/** CPU seconds of one thread of the tester over the whole run. */
export interface ThreadResult {
  readonly name: string;
  readonly cpuSeconds: number;
  /** Share of the run in which its event loop was busy. */
  readonly utilization: number;
}

/** Everything that is known of a run: what `--json` writes and `load report` reads. */
export interface LoadResult {
  readonly format: 'peerloom-load';
  readonly version: 1;
  /** With a mask in the place of each TCP MD5 key: a result is there to be passed around. */
  readonly scenario: Scenario;
  readonly environment: {
    readonly node: string;
    readonly platform: string;
    readonly kernel: string;
    readonly cpuModel: string;
    readonly cores: number;
    readonly memoryBytes: number;
  };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly interrupted: boolean;
  readonly routes: {
    readonly prefixes: number;
    readonly updates: number;
    readonly octets: number;
  };
  readonly phases: readonly PhaseResult[];
  readonly measures: Measures;
  /** By name, in milliseconds. */
  readonly distributions: Readonly<Record<string, HistogramData>>;
  readonly samples: readonly Sample[];
  /** When each sink had how much of its routes. */
  readonly arrivals: readonly SinkArrivals[];
  readonly oracle: readonly OracleCheck[];
  readonly notifications: {
    readonly sent: Readonly<Record<string, number>>;
    readonly received: Readonly<Record<string, number>>;
  };
  /** What else people must know, and how often it happened. */
  readonly notes: Readonly<Record<string, number>>;
  readonly threads: readonly ThreadResult[];
  readonly thresholds: readonly ThresholdResult[];
  readonly verdict: Verdict;
}

/** What a run came to, in a word: `PASS`, or `FAIL (interrupted)`. */
export function statusText({ verdict, interrupted }: LoadResult): string {
  return `${verdict.status.toUpperCase()}${interrupted ? ' (interrupted)' : ''}`;
}

/**
 * Reads a result that `--json` has written.
 *
 * @throws LoadError `ERR_LOAD_RESULT`
 */
export function readResult(file: string): LoadResult {
  const value = parsed(file, textOf(file));
  if (value?.format !== 'peerloom-load') {
    throw new LoadError(
      'ERR_LOAD_RESULT',
      `${file}: is not a result of a load test; give a file that load --json has written`,
    );
  }
  if (value.version !== 1) {
    throw new LoadError(
      'ERR_LOAD_RESULT',
      `${file}: has version ${String(value.version)} of the format; this program reads version 1`,
    );
  }
  const damage = damageOf(value);
  if (damage !== undefined) {
    throw new LoadError(
      'ERR_LOAD_RESULT',
      `${file}: ${damage}, so it is not as load --json has written it; run the test again`,
    );
  }
  const result = value as LoadResult;
  // Earlier results have keys in clear.
  return { ...result, scenario: withMaskedKeys(result.scenario) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new LoadError(
      'ERR_LOAD_RESULT',
      `${file}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${message})`}; give a file that load --json has written`,
    );
  }
}

function parsed(file: string, text: string): Partial<LoadResult> | null {
  try {
    return JSON.parse(text) as Partial<LoadResult> | null;
  } catch (error) {
    throw new LoadError(
      'ERR_LOAD_RESULT',
      `${file}: cannot be read as JSON (${(error as Error).message}); give a file that load --json has written`,
    );
  }
}
