import * as z from 'zod';
import { defaultPhases, type PhaseName } from '../scenario.ts';
import type { LoadResult } from './result.ts';

/** Something that there is a number of. */
const count = z.number().nonnegative();
const bottleneck = z.enum(['device', 'tester', 'machine', 'neither', 'unknown']);

const phase = z.object({
  phase: z.enum(Object.keys(defaultPhases) as PhaseName[]),
  startedAt: count,
  seconds: count,
  ended: z.enum(['done', 'settled', 'timeout', 'interrupted']),
  busySeconds: count,
  lateness: count.optional(),
});

const sample = z.object({
  time: count,
  established: count,
  present: z.array(count),
  octetsSent: count,
  octetsReceived: count,
  updatesSent: count,
  updatesReceived: count,
  deviceCpu: z.number(),
  deviceRss: count,
  deviceThread: z.number(),
  testerCpu: z.number(),
  testerRss: count,
  testerThread: z.number(),
  otherCpu: count,
});

const arrival = z.object({
  phase: z.enum(['announce', 'restore']),
  sink: count,
  first: z.number().optional(),
  half: z.number().optional(),
  most: z.number().optional(),
  all: z.number().optional(),
});

const finding = z.object({
  kind: z.enum(['missing', 'extra', 'wrong']),
  prefix: z.string(),
  text: z.string(),
});

const sink = z.object({
  sink: count,
  address: z.string().optional(),
  isKnown: z.boolean(),
  expected: count,
  held: count,
  missing: count,
  extra: count,
  wrong: count,
  findings: z.array(finding),
});

/** Only what a report or a comparison looks into: the rest of a scenario they show, or compare, as it is. */
const scenario = z.object({
  target: z.object({ address: z.string(), port: count, pid: count.optional() }),
  speakers: z.array(z.object({ password: z.string().optional() })),
});

const parts = {
  scenario,
  environment: z.object({
    node: z.string(),
    platform: z.string(),
    kernel: z.string(),
    cpuModel: z.string(),
    cores: count,
    memoryBytes: count,
  }),
  startedAt: z.string(),
  seconds: count,
  interrupted: z.boolean(),
  routes: z.object({ prefixes: count, updates: count, octets: count }),
  phases: z.array(phase),
  measures: z.record(
    z.string(),
    z.object({ value: z.number(), unit: z.enum(['s', 'count', '1/s', 'bytes', 'share']) }),
  ),
  distributions: z.record(
    z.string(),
    z.object({ counts: z.array(z.tuple([count, count])), maximum: count }),
  ),
  samples: z.array(sample),
  arrivals: z.array(arrival),
  oracle: z.array(z.object({ phase: z.string(), sinks: z.array(sink) })),
  notifications: z.object({
    sent: z.record(z.string(), count),
    received: z.record(z.string(), count),
  }),
  notes: z.record(z.string(), count),
  threads: z.array(z.object({ name: z.string(), cpuSeconds: z.number(), utilization: z.number() })),
  thresholds: z.array(
    z.object({
      text: z.string(),
      measure: z.string(),
      value: z.number().optional(),
      passed: z.boolean(),
    }),
  ),
  verdict: z.object({
    status: z.enum(['pass', 'fail', 'inconclusive']),
    reasons: z.array(z.string()),
    bottleneck,
    phases: z.array(z.object({ phase: z.string(), bottleneck, evidence: z.string() })),
  }),
} satisfies Record<Exclude<keyof LoadResult, 'format' | 'version'>, z.ZodType>;

const schema = z.object(parts);

/** The first thing in a result that is not as it was written, in words; `undefined` when all is well. */
export function damageOf(result: object): string | undefined {
  const [issue] = schema.safeParse(result, { reportInput: true }).error?.issues ?? [];
  if (issue === undefined) return undefined;
  const place = z.core.toDotPath(issue.path);
  return issue.input === undefined ? `lacks ${place}` : `${place} is damaged (${issue.message})`;
}
