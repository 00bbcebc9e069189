import { LoadError } from '../loadError.ts';
import { distributionNames, isMeasureName, type Measures, measureNames } from './measure.ts';

/** A condition on a measure: `established.p99<2s`. */
export interface Threshold {
  /** As it was written. */
  readonly text: string;
  readonly measure: string;
  readonly comparison: '<' | '<=' | '>' | '>=' | '==' | '!=';
  /** In the unit of the measure: seconds, octets, shares or a plain number. */
  readonly limit: number;
}

/** What became of a threshold. */
export interface ThresholdResult {
  readonly text: string;
  readonly measure: string;
  /** `undefined`: the run has no such measure, and the threshold fails for it. */
  readonly value: number | undefined;
  readonly passed: boolean;
}

const factors: Readonly<Record<string, number>> = {
  '': 1,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  '%': 0.01,
  '/s': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/**
 * Reads a threshold: name, comparison, number with or without a unit (us, ms, s, m; B, KB, MB, GB, KiB,
 * MiB, GiB; %).
 *
 * @throws LoadError `ERR_LOAD_THRESHOLD` that says what would be right
 */
export function parseThreshold(text: string): Threshold {
  const match = /^\s*([a-zA-Z0-9.]+)\s*(<=|>=|==|!=|<|>)\s*([\d.]+)\s*(\S*)\s*$/.exec(text);
  if (match === null) {
    throw wrong(text, 'it must look like established.p99<2s or oracle.missing==0');
  }
  const [, measure, comparison, number, unit] = match;
  const factor = factors[unit!];
  const limit = Number(number) * (factor ?? Number.NaN);
  if (factor === undefined || Number.isNaN(limit)) {
    throw wrong(text, `"${number}${unit}" is no number with a unit such as ms, s, MB, GiB or %`);
  }
  if (distributionNames.includes(measure!)) {
    throw wrong(text, `${measure} is a distribution; take a part of it, such as ${measure}.p99`);
  }
  if (!isMeasureName(measure!)) {
    const known = Object.keys(measureNames).join(', ');
    throw wrong(
      text,
      `there is no measure ${measure}; there are ${known}, the distributions with .p50, .p90, .p99, .p99.9, .max or .count`,
    );
  }
  return { text: text.trim(), measure: measure!, comparison: comparison as '<', limit };
}

/** Holds a run to its thresholds. */
export function checkThresholds(
  thresholds: readonly Threshold[],
  measures: Measures,
): ThresholdResult[] {
  return thresholds.map(({ text, measure, comparison, limit }) => {
    const value = measures[measure]?.value;
    return { text, measure, value, passed: value !== undefined && holds(value, comparison, limit) };
  });
}

function holds(value: number, comparison: Threshold['comparison'], limit: number): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
    default:
      return value !== limit;
  }
}

function wrong(text: string, why: string): LoadError {
  return new LoadError('ERR_LOAD_THRESHOLD', `${JSON.stringify(text)} is no threshold: ${why}`);
}
