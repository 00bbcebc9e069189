import type { Measures } from '../measure/measure.ts';
import type { ThresholdResult } from '../measure/thresholds.ts';
import type { OracleCheck } from '../run/oracle.ts';
import type { Sample } from '../run/recorder.ts';
import type { PhaseResult } from './result.ts';

/** Share of a core, or of the machine, from which it counts as used up. */
const saturated = 0.85;
/** Seconds below which a phase is too short to say what held it up. */
const shortest = 0.5;
/** Seconds, and share of a phase, by which its first and last sample may lie outside of it. */
const slack = { most: 0.1, share: 0.05 };
/** Seconds of lateness (p99) from which the tester has not kept its own schedule. */
const tooLate = 0.05;

/** What held a phase up. `unknown`: it was too short, or the device's process is not known. */
export type Bottleneck = 'device' | 'tester' | 'machine' | 'neither' | 'unknown';

/** What held one phase up, and how that shows. */
export interface PhaseBottleneck {
  readonly phase: string;
  readonly bottleneck: Bottleneck;
  readonly evidence: string;
}

/** What a run comes to. */
export interface Verdict {
  readonly status: 'pass' | 'fail' | 'inconclusive';
  /** Why it is not a pass; empty when it is one. */
  readonly reasons: readonly string[];
  /**
   * Of the phase that took longest, among those that can be judged; the tester where nobody was at a limit in that
   * one, and the tester was late in another.
   */
  readonly bottleneck: Bottleneck;
  readonly phases: readonly PhaseBottleneck[];
}

/** What the verdict is made from. */
export interface VerdictInput {
  readonly phases: readonly PhaseResult[];
  readonly samples: readonly Sample[];
  readonly measures: Measures;
  readonly thresholds: readonly ThresholdResult[];
  readonly oracle: readonly OracleCheck[];
  /** Sinks of which the oracle cannot tell what they must hold. */
  readonly blindSpots: number;
  readonly cores: number;
  readonly hasDevice: boolean;
  readonly interrupted: boolean;
}

/**
 * Judges a run. Whatever is wrong with the device makes it fail; without that, a run in which the
 * tester or the machine was the limit says nothing about the device, and is inconclusive.
 */
export function judge(input: VerdictInput): Verdict {
  const failures = failuresOf(input);
  const limits = input.phases.map((phase) => bottleneckOf(phase, input));
  const phases = input.phases.map((phase, index) => withLateness(limits[index]!, phase));
  const judged = input.phases
    .map((phase, index) => ({ seconds: phase.busySeconds, ...phases[index]! }))
    .filter(({ phase, bottleneck }) => phase !== 'steady' && bottleneck !== 'unknown')
    .toSorted((a, b) => b.seconds - a.seconds);
  const busiest = judged[0]?.bottleneck ?? 'unknown';
  const isOnlyLate = phases.some(
    ({ bottleneck: which }, index) => which !== limits[index]!.bottleneck,
  );
  const bottleneck = isOnlyLate && isNobody(busiest) ? 'tester' : busiest;
  if (failures.length > 0) return { status: 'fail', reasons: failures, bottleneck, phases };
  const doubts = doubtsOf(input, limits);
  return {
    status: doubts.length > 0 ? 'inconclusive' : 'pass',
    reasons: doubts,
    bottleneck,
    phases,
  };
}

function failuresOf(input: VerdictInput): string[] {
  const { measures, thresholds, oracle, phases } = input;
  const failures: string[] = [];
  const value = (name: string): number => measures[name]?.value ?? 0;
  const missing = value('sessions.wanted') - value('sessions.established');
  if (missing > 0 && !isMidway(input))
    failures.push(`${missing} of ${value('sessions.wanted')} sessions are not up`);
  if (value('sessions.lost') > 0) failures.push(`${value('sessions.lost')} sessions were lost`);
  if (value('sources.unfit') > 0) {
    failures.push(`${value('sources.unfit')} sources could not send their routes: see the notes`);
  }
  for (const { phase, ended } of phases) {
    if (ended === 'timeout') failures.push(`the phase ${phase} did not come to its end in time`);
  }
  for (const { phase, sinks } of oracle) {
    const faulty = sinks.filter((sink) => sink.missing + sink.extra + sink.wrong > 0);
    if (faulty.length === 0) continue;
    const all = (of: 'missing' | 'extra' | 'wrong'): number =>
      faulty.reduce((sum, sink) => sum + sink[of], 0);
    const who =
      sinks.length === 1 ? 'the sink does' : `${faulty.length} of ${sinks.length} sinks do`;
    failures.push(
      `after ${phase}, ${who} not hold what is right: ${all('missing')} routes missing, ${all('extra')} extra and ${all('wrong')} with wrong attributes`,
    );
  }
  for (const { text, passed, value: measured } of thresholds) {
    // What an interrupted run has not come to was not missed.
    if (passed || (input.interrupted && measured === undefined)) continue;
    failures.push(`threshold ${text} failed`);
  }
  return failures;
}

/** Whether a run was interrupted where sessions are on their way or, on purpose, down. */
function isMidway({ interrupted, phases }: VerdictInput): boolean {
  const last = phases.at(-1);
  const isMoving = last === undefined || last.phase === 'establish' || last.phase === 'flap';
  return interrupted && isMoving && last?.ended !== 'timeout';
}

function doubtsOf(input: VerdictInput, limits: readonly PhaseBottleneck[]): string[] {
  const { blindSpots, interrupted } = input;
  const doubts = limits
    // Nothing is asked of anybody while the run is steady.
    .filter(({ phase }) => phase !== 'steady')
    .filter(({ bottleneck }) => bottleneck === 'tester' || bottleneck === 'machine')
    .map(({ phase, bottleneck, evidence }) =>
      bottleneck === 'tester'
        ? `THE TESTER WAS THE LIMIT in ${phase}, not the device: ${evidence}`
        : `THE MACHINE WAS THE LIMIT in ${phase}: ${evidence}`,
    );
  for (const result of input.phases) {
    if (!isLate(result)) continue;
    doubts.push(
      `THE TESTER WAS LATE in ${result.phase}: ${latenessText(result)}; lower the rate, or use more workers`,
    );
  }
  if (blindSpots > 0) {
    doubts.push(
      `WHAT ${blindSpots} SINKS MUST HOLD IS NOT KNOWN: they are internal neighbours of the device, as the sources are, and only a route reflector passes routes on between these; say whether it is one (expect.reflector, --reflector)`,
    );
  }
  if (interrupted) doubts.push('the run was interrupted');
  return doubts;
}

function isLate({ lateness = 0 }: PhaseResult): boolean {
  return lateness > tooLate;
}

function latenessText({ lateness = 0 }: PhaseResult): string {
  return `one UPDATE in a hundred left ${(lateness * 1000).toFixed(0)} ms or more after it was due`;
}

function isNobody(bottleneck: Bottleneck): boolean {
  return bottleneck === 'neither' || bottleneck === 'unknown';
}

/** Who does not keep the own schedule is at a limit, however much of a core is left. */
function withLateness(limit: PhaseBottleneck, result: PhaseResult): PhaseBottleneck {
  if (!isLate(result)) return limit;
  const { phase, bottleneck, evidence } = limit;
  return {
    phase,
    bottleneck: isNobody(bottleneck) ? 'tester' : bottleneck,
    evidence: `the tester was late (${latenessText(result)}); ${evidence}`,
  };
}

function bottleneckOf(result: PhaseResult, input: VerdictInput): PhaseBottleneck {
  const { phase, busySeconds } = result;
  const window = samplesOf(result, input.samples);
  const [first, last] = [window[0], window.at(-1)];
  if (busySeconds < shortest || window.length < 3 || first === undefined || last === undefined) {
    return { phase, bottleneck: 'unknown', evidence: 'too short to tell' };
  }
  const seconds = last.time - first.time;
  // Samples are also taken where phases begin and end, some a moment after the one before.
  const mean = (of: (sample: Sample) => number): number =>
    window.reduce((sum, sample, index) => {
      const before = window[index - 1] ?? sample;
      return sum + of(sample) * (sample.time - before.time);
    }, 0) / seconds;
  const used = (of: (sample: Sample) => number): number => of(last) - of(first);
  const device = mean(({ deviceThread }) => deviceThread);
  const tester = mean(({ testerThread }) => testerThread);
  const other =
    Math.max(
      0,
      used(({ otherCpu }) => otherCpu),
    ) / seconds;
  const machine =
    (used(({ deviceCpu }) => deviceCpu) + used(({ testerCpu }) => testerCpu)) / seconds + other;
  const evidence = [
    input.hasDevice
      ? `the device's busiest thread used ${share(device)} of a core`
      : "the device's process is not known (--dut-pid)",
    `the tester's ${share(tester)}`,
    `everything else${input.hasDevice ? '' : ', the device too if it runs here,'} ${share(other)}`,
    `the machine ${share(machine / input.cores)} of ${input.cores} cores`,
  ].join(', ');
  return { phase, bottleneck: whichOf(), evidence };

  function whichOf(): Bottleneck {
    if (input.hasDevice && device >= saturated) return 'device';
    if (tester >= saturated) return 'tester';
    if (machine / input.cores >= 0.95) return 'machine';
    return input.hasDevice ? 'neither' : 'unknown';
  }
}

/** What was seen while a phase had work to do; what the first one says is how things were before it. */
function samplesOf(
  { startedAt, busySeconds }: PhaseResult,
  samples: readonly Sample[],
): readonly Sample[] {
  const outside = Math.min(slack.most, slack.share * busySeconds);
  const from = samples.findLastIndex(({ time }) => time <= startedAt);
  const isClose = from >= 0 && startedAt - samples[from]!.time <= outside;
  return samples
    .slice(isClose ? from : from + 1)
    .filter(({ time }) => time <= startedAt + busySeconds + outside);
}

function share(value: number): string {
  return `${Math.round(value * 100)} %`;
}
