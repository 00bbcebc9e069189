import type { Unit } from '../measure/measure.ts';
import { type LoadResult, statusText } from './result.ts';

/** The same measure on both sides. */
export interface Comparison {
  readonly measure: string;
  readonly unit: Unit;
  /** Medians. */
  readonly a: number;
  readonly b: number;
  /** Least and greatest value of each side. */
  readonly rangeA: readonly [number, number];
  readonly rangeB: readonly [number, number];
  /** b ÷ a; `undefined` where a is 0. */
  readonly ratio: number | undefined;
  /**
   * The probability that the two sides would be at least so far apart if nothing but chance made the
   * difference: Mann–Whitney U, exact, two-sided. `undefined` where there are too few samples (four a side will
   * do) for any difference to be taken for more than chance.
   */
  readonly chance: number | undefined;
}

/** Compares two lots of results, measure by measure, for all measures that both have. */
export function compareResults(a: readonly LoadResult[], b: readonly LoadResult[]): Comparison[] {
  const names = Object.keys(a[0]?.measures ?? {});
  return names.flatMap((measure): Comparison[] => {
    const left = valuesOf(a, measure);
    const right = valuesOf(b, measure);
    if (left.length === 0 || right.length === 0) return [];
    const [one, other] = [median(left), median(right)];
    return [
      {
        measure,
        unit: a[0]!.measures[measure]!.unit,
        a: one,
        b: other,
        rangeA: [left[0]!, left.at(-1)!],
        rangeB: [right[0]!, right.at(-1)!],
        ratio: one === 0 ? undefined : other / one,
        chance: chanceOf(left, right),
      },
    ];
  });
}

/** A result, and what it is called: its file, say. */
export interface NamedResult {
  readonly name: string;
  readonly result: LoadResult;
}

/** What people must know before they take a comparison for what it says; a sentence each. */
export function warningsOf(a: readonly NamedResult[], b: readonly NamedResult[]): string[] {
  const doubts = [...a, ...b].flatMap(({ name, result }) => {
    const { interrupted, verdict } = result;
    if (verdict.status === 'pass' && !interrupted) return [];
    return [`${statusText(result)}: ${name}: ${verdict.reasons.join('; ')}`];
  });
  const [left, right] = [a.map(({ result }) => result), b.map(({ result }) => result)];
  const differences = differencesOf(left, right);
  const difference =
    differences.length === 0 ? [] : [`THE RUNS DIFFER in: ${differences.join(', ')}`];
  // A file may stand on both sides.
  return [...new Set([...doubts, ...difference])];
}

/**
 * In what two lots of results were not alike: parts of their scenarios, or the machine. What is
 * compared between them may come from that.
 */
export function differencesOf(a: readonly LoadResult[], b: readonly LoadResult[]): string[] {
  const parts: readonly (readonly [string, (result: LoadResult) => unknown])[] = [
    ['target', ({ scenario: { target } }) => [target.address, target.port, target.remoteAs]],
    ['speakers', ({ scenario }) => scenario.speakers],
    ['routes', ({ scenario }) => [scenario.routes, scenario.seed]],
    ['phases', ({ scenario }) => scenario.phases],
    ['machine', ({ environment: { cpuModel, cores } }) => [cpuModel, cores]],
  ];
  return parts.flatMap(([name, of]) => {
    const kinds = new Set([...a, ...b].map((result) => JSON.stringify(of(result))));
    return kinds.size > 1 ? [name] : [];
  });
}

/** Below this probability of chance a difference is taken for one. */
const significant = 0.05;

/** What a comparison says, in a word; nothing where there are too few samples to say it. */
export function verdictOf({ a, b, chance }: Comparison): string {
  if (a === b) return 'same';
  if (chance === undefined) return '';
  return chance > significant ? 'may be chance' : b < a ? 'less' : 'more';
}

function valuesOf(results: readonly LoadResult[], measure: string): number[] {
  const values = results.flatMap(({ measures }) => {
    const value = measures[measure]?.value;
    return value === undefined ? [] : [value];
  });
  return values.toSorted((x, y) => x - y);
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Exact two-sided Mann–Whitney U test; ties count half. None where even the least chance would be too great. */
function chanceOf(left: readonly number[], right: readonly number[]): number | undefined {
  const [n, m] = [left.length, right.length];
  if (n * m > 2500) return undefined;
  let u = 0;
  for (const x of left) for (const y of right) u += x < y ? 1 : x === y ? 0.5 : 0;
  const ways = waysOf(n, m);
  const total = ways.reduce((sum, count) => sum + count, 0);
  if (2 / total > significant) return undefined;
  const distance = Math.abs(u - (n * m) / 2);
  const asFar = ways.reduce(
    (sum, count, value) => (Math.abs(value - (n * m) / 2) >= distance - 1e-9 ? sum + count : sum),
    0,
  );
  return asFar / total;
}

/** How many orders of n and m samples have each value of U: coefficients of the Gaussian binomial. */
function waysOf(n: number, m: number): number[] {
  let ways = [1];
  for (let i = 1; i <= n; i++) {
    // Multiply by (1 − q^(m+i)), divide by (1 − q^i).
    const raised = Array.from({ length: ways.length + m + i }, (_, k) => ways[k] ?? 0);
    for (let k = raised.length - 1; k >= m + i; k--) raised[k]! -= ways[k - m - i] ?? 0;
    for (let k = i; k < raised.length; k++) raised[k]! += raised[k - i]!;
    ways = raised.slice(0, i * m + 1);
  }
  return ways;
}
