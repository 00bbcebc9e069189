/**
 * A load tester for BGP speakers.
 *
 * @packageDocumentation
 */

/** The version of this package, as published. */
export const version = '0.1.0';

export { addressAfter, familyMismatch } from './addresses.ts';
export { LoadError, type LoadErrorCode } from './loadError.ts';
export { Histogram, type HistogramData } from './measure/histogram.ts';
export {
  distributionNames,
  distributionParts,
  type Measure,
  type Measures,
  measureNames,
  measureText,
  type Unit,
} from './measure/measure.ts';
export {
  checkThresholds,
  parseThreshold,
  type Threshold,
  type ThresholdResult,
} from './measure/thresholds.ts';
export type { SpeakerPlan } from './plan.ts';
export {
  type Comparison,
  compareResults,
  differencesOf,
  type NamedResult,
  verdictOf,
  warningsOf,
} from './report/compare.ts';
export { comparisonPage } from './report/comparePage.ts';
export { resultPage } from './report/page.ts';
export {
  type LoadResult,
  type PhaseResult,
  readResult,
  statusText,
  type ThreadResult,
} from './report/result.ts';
export type { Bottleneck, PhaseBottleneck, Verdict } from './report/verdict.ts';
export { checkRecordings } from './routes/checkRecordings.ts';
export { type GeneratorOptions, generateTable } from './routes/generator.ts';
export type { MessageStream } from './routes/messageStream.ts';
export type { Feed, RouteOwner, RouteTable } from './routes/routeTable.ts';
export type { SinkArrivals } from './run/arrivals.ts';
export { checkScenario } from './run/checkScenario.ts';
export type { OracleCheck, OracleFinding, SinkVerdict } from './run/oracle.ts';
export type { LoadProgress } from './run/progress.ts';
export type { Sample } from './run/recorder.ts';
export { type RunOptions, runLoad } from './run/runLoad.ts';
export * from './scenario.ts';
