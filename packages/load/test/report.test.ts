import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  compareResults,
  differencesOf,
  type NamedResult,
  verdictOf,
  warningsOf,
} from '../src/report/compare.ts';
import { comparisonPage } from '../src/report/comparePage.ts';
import { resultPage } from '../src/report/page.ts';
import { plotSvg } from '../src/report/plot.ts';
import { type LoadResult, type PhaseResult, readResult } from '../src/report/result.ts';
import { judge, type VerdictInput } from '../src/report/verdict.ts';
import type { Sample } from '../src/run/recorder.ts';
import { defaultGroup, type PhaseName } from '../src/scenario.ts';

/** A result in which nothing has happened. */
const emptyResult: LoadResult = {
  format: 'peerloom-load',
  version: 1,
  scenario: {
    name: '<b>"x"</b>',
    target: { address: '127.0.0.1', port: 179 },
    speakers: [],
    routes: undefined,
    seed: 1,
    phases: [],
    expect: { oracle: true, transparent: false },
    thresholds: [],
    workers: 1,
  },
  environment: {
    node: 'v24',
    platform: 'linux-x64',
    kernel: '6',
    cpuModel: 'any',
    cores: 2,
    memoryBytes: 1,
  },
  startedAt: '2026-01-01T00:00:00Z',
  seconds: 1,
  interrupted: false,
  routes: { prefixes: 0, updates: 0, octets: 0 },
  phases: [],
  measures: {},
  distributions: {},
  samples: [],
  arrivals: [],
  oracle: [],
  notifications: { sent: {}, received: {} },
  notes: {},
  threads: [],
  thresholds: [],
  verdict: { status: 'pass', reasons: [], bottleneck: 'unknown', phases: [] },
};

function resultWith(value: number): LoadResult {
  return { measures: { 'device.cpu': { value, unit: 's' } } } as unknown as LoadResult;
}

function runWith(seed: number, cores: number): LoadResult {
  const { scenario } = emptyResult;
  const environment = { ...emptyResult.environment, cores };
  return { ...emptyResult, scenario: { ...scenario, seed }, environment };
}

function named(name: string, result: LoadResult): NamedResult {
  return { name, result };
}

function compare(a: readonly number[], b: readonly number[]) {
  return compareResults(a.map(resultWith), b.map(resultWith))[0]!;
}

describe('a comparison', () => {
  it('is of medians, and shows the ranges', () => {
    expect(compare([1, 9, 2], [4, 3])).toEqual({
      measure: 'device.cpu',
      unit: 's',
      a: 2,
      b: 3.5,
      rangeA: [1, 9],
      rangeB: [3, 4],
      ratio: 1.75,
      chance: undefined,
    });
  });

  // Two-sided exact probabilities of the Mann–Whitney test, from its tables.
  it.for<[number[], number[], number]>([
    [[1, 2, 3], [4, 5, 6, 7, 8], 2 / 56],
    [[1, 2, 3, 4], [5, 6, 7, 8], 2 / 70],
    [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 2 / 252],
    [[1, 3, 5, 7], [2, 4, 6, 8], 0.685_714_285_7],
    [[1, 1, 1, 1], [1, 1, 1, 1], 1],
  ])('of %j and %j may be chance with %d', ([a, b, chance]) => {
    expect(compare(a, b).chance).toBeCloseTo(chance, 9);
    expect(compare(b, a).chance).toBeCloseTo(chance, 9);
  });

  it('leaves it open where even the greatest difference may be chance', () => {
    expect(compare([1, 2, 3], [4, 5, 6]).chance).toBeUndefined();
    expect(verdictOf(compare([1, 2, 3], [4, 5, 6]))).toBe('');
    expect(verdictOf(compare([1, 2, 3, 4], [5, 6, 7, 8]))).toBe('more');
    expect(verdictOf(compare([1, 2, 3, 8], [5, 6, 7, 4]))).toBe('may be chance');
    // Where there was nothing there is no ratio, and a difference all the same.
    expect(verdictOf(compare([0, 0, 0, 0], [5, 6, 7, 8]))).toBe('more');
  });

  it('says in what the runs were not alike', () => {
    expect(differencesOf([runWith(1, 2), runWith(1, 2)], [runWith(1, 2)])).toEqual([]);
    expect(differencesOf([runWith(1, 2)], [runWith(2, 2)])).toEqual(['routes']);
    expect(differencesOf([runWith(1, 2)], [runWith(1, 4)])).toEqual(['machine']);
    const { scenario } = emptyResult;
    const there = { ...scenario, target: { ...scenario.target, address: '127.0.0.2' } };
    // A device that was started again has another process, and is the same.
    const again = { ...scenario, target: { ...scenario.target, pid: 4711 } };
    expect(differencesOf([emptyResult], [{ ...emptyResult, scenario: there }])).toEqual(['target']);
    expect(differencesOf([emptyResult], [{ ...emptyResult, scenario: again }])).toEqual([]);
  });

  it('warns of runs that are no passes, and of differences', () => {
    const { verdict } = emptyResult;
    const cut = named('cut.json', {
      ...emptyResult,
      interrupted: true,
      verdict: { ...verdict, status: 'inconclusive', reasons: ['the run was interrupted'] },
    });
    const failed = named('failed.json', {
      ...runWith(2, 2),
      verdict: { ...verdict, status: 'fail', reasons: ['one', 'another'] },
    });
    const fine = named('fine.json', emptyResult);
    expect(warningsOf([fine, fine], [fine])).toEqual([]);
    expect(warningsOf([fine, cut], [cut, failed])).toEqual([
      'INCONCLUSIVE (interrupted): cut.json: the run was interrupted',
      'FAIL: failed.json: one; another',
      'THE RUNS DIFFER in: routes',
    ]);
  });
});

const idle: Sample = {
  time: 0,
  established: 1,
  present: [],
  octetsSent: 0,
  octetsReceived: 0,
  updatesSent: 0,
  updatesReceived: 0,
  deviceCpu: 0,
  deviceRss: 0,
  deviceThread: 0,
  testerCpu: 0,
  testerRss: 0,
  testerThread: 0,
  otherCpu: 0,
};
const announce: PhaseResult = {
  phase: 'announce',
  startedAt: 0,
  seconds: 3,
  ended: 'done',
  busySeconds: 3,
};

/** A run of three seconds in which each side uses so much of a core. */
function input(device: number, tester: number, other: number, more: Partial<VerdictInput> = {}) {
  const samples = Array.from({ length: 16 }, (_, index) => ({
    ...idle,
    time: index / 5,
    deviceThread: device,
    testerThread: tester,
    deviceCpu: (device * index) / 5,
    testerCpu: (tester * index) / 5,
    otherCpu: (other * index) / 5,
  }));
  return {
    phases: [announce],
    samples,
    measures: {},
    thresholds: [],
    oracle: [],
    blindSpots: 0,
    cores: 4,
    hasDevice: true,
    interrupted: false,
    ...more,
  };
}

describe('the verdict', () => {
  it.for<[string, number, number, number, string, string]>([
    ['a device at its limit', 0.97, 0.4, 0, 'device', 'pass'],
    ['a tester at its limit', 0.5, 0.98, 0, 'tester', 'inconclusive'],
    ['a machine at its limit', 0.5, 0.4, 3, 'machine', 'inconclusive'],
    ['nobody at a limit', 0.2, 0.2, 0.5, 'neither', 'pass'],
  ])('on %s', ([, device, tester, other, bottleneck, status]) => {
    expect(judge(input(device, tester, other))).toMatchObject({ bottleneck, status });
  });

  it('says loudly that the tester was the limit', () => {
    const { reasons } = judge(input(0.5, 0.98, 0));
    expect(reasons[0]).toMatch(/^THE TESTER WAS THE LIMIT in announce/);
  });

  it('says that the tester was late', () => {
    const phases = [{ ...announce, lateness: 0.2 }];
    const { status, reasons, bottleneck } = judge(input(0.5, 0.2, 0, { phases }));
    expect(status).toBe('inconclusive');
    expect(reasons).toEqual([
      'THE TESTER WAS LATE in announce: one UPDATE in a hundred left 200 ms or more after it was due; lower the rate, or use more workers',
    ]);
    expect(bottleneck).toBe('tester');
    expect(judge(input(0.97, 0.2, 0, { phases })).bottleneck).toBe('device');
    const timely = [{ ...announce, lateness: 0.01 }];
    expect(judge(input(0.5, 0.2, 0, { phases: timely }))).toMatchObject({
      bottleneck: 'neither',
      status: 'pass',
    });
  });

  it.for<[string, Partial<VerdictInput>, number, string, string[]]>([
    ['one where nobody else was at a limit', {}, 0.5, 'tester', ['neither', 'tester']],
    ['one of an unknown device', { hasDevice: false }, 0.5, 'tester', ['unknown', 'tester']],
    ['one where the device was', {}, 0.97, 'device', ['device', 'device']],
  ])('names the tester in the phase in which it was late: %s', ([, more, device, all, each]) => {
    const late: PhaseResult = { ...announce, phase: 'churn', busySeconds: 2, lateness: 0.2 };
    const verdict = judge(input(device, 0.2, 0, { ...more, phases: [announce, late] }));
    expect(verdict.bottleneck).toBe(all);
    expect(verdict.phases.map(({ bottleneck }) => bottleneck)).toEqual(each);
    expect(verdict.phases[0]!.evidence).not.toMatch(/late/);
    expect(verdict.phases[1]!.evidence).toMatch(/^the tester was late \(one UPDATE.* 200 ms/);
  });

  it('says loudly that it cannot be known what a sink must hold', () => {
    const { status, reasons } = judge(input(0.5, 0.2, 0, { blindSpots: 2 }));
    expect(status).toBe('inconclusive');
    expect(reasons[0]).toMatch(/^WHAT 2 SINKS MUST HOLD IS NOT KNOWN.*reflector/);
  });

  it.for<[PhaseName, PhaseResult['ended'], string]>([
    ['establish', 'interrupted', 'inconclusive'],
    ['flap', 'interrupted', 'inconclusive'],
    ['steady', 'interrupted', 'fail'],
    ['establish', 'timeout', 'fail'],
  ])('on sessions that are down in %s, %s', ([phase, ended, status]) => {
    const measures = { 'sessions.wanted': { value: 3, unit: 'count' } } as const;
    const phases = [{ ...announce, phase, ended }];
    expect(judge(input(0.1, 0.1, 0, { phases, measures, interrupted: true })).status).toBe(status);
  });

  it('goes by the phase alone, and by how long each share of it was', () => {
    // Idle before; half a second of work; the end of the phase and of the run right after it.
    const seen: readonly (readonly [number, number])[] = [
      [0.99, 0],
      [1.2, 0.95],
      [1.4, 0.95],
      [1.5, 0.95],
      [1.502, 0],
      [1.51, 0],
      [1.9, 0],
    ];
    const samples = seen.map(([time, testerThread]) => ({ ...idle, time, testerThread }));
    const phases = [{ ...announce, startedAt: 1, seconds: 0.5, busySeconds: 0.5 }];
    const [limit] = judge(input(0, 0, 0, { phases, samples })).phases;
    expect(limit?.bottleneck).toBe('tester');
    expect(limit?.evidence).toMatch(/the tester's 9[345] %/);
  });

  it('does not judge what was too short, or a device whose process is not known', () => {
    const short = { ...announce, busySeconds: 0.2 };
    expect(judge(input(0.97, 0.1, 0, { phases: [short] })).bottleneck).toBe('unknown');
    expect(judge(input(0.97, 0.1, 0, { hasDevice: false })).bottleneck).toBe('unknown');
  });

  it.for<[string, Partial<VerdictInput>, RegExp]>([
    [
      'sessions that are not up',
      {
        measures: {
          'sessions.wanted': { value: 3, unit: 'count' },
          'sessions.established': { value: 1, unit: 'count' },
        },
      },
      /2 of 3 sessions are not up/,
    ],
    [
      'lost sessions',
      { measures: { 'sessions.lost': { value: 1, unit: 'count' } } },
      /1 sessions were lost/,
    ],
    [
      'a phase that took too long',
      { phases: [{ ...announce, ended: 'timeout' }] },
      /announce did not come to its end/,
    ],
    [
      'a threshold',
      { thresholds: [{ text: 'a<1', measure: 'a', value: 2, passed: false }] },
      /threshold a<1 failed/,
    ],
    [
      'the oracle',
      {
        oracle: [
          {
            phase: 'announce',
            sinks: [
              {
                sink: 0,
                address: undefined,
                isKnown: true,
                expected: 2,
                held: 1,
                missing: 1,
                extra: 0,
                wrong: 0,
                findings: [],
              },
            ],
          },
        ],
      },
      /after announce, the sink does not hold what is right: 1 routes missing, 0 extra/,
    ],
  ])('is a failure for %s, whoever was the limit', ([, more, words]) => {
    const { status, reasons } = judge(input(0.1, 0.98, 0, more));
    expect(status).toBe('fail');
    expect(reasons.join()).toMatch(words);
  });
});

it('a plot of nothing is still a plot, and no text breaks out of it', () => {
  const svg = plotSvg({
    title: '<b>"x"</b>',
    x: 's',
    y: 'n',
    lines: [{ label: 'a&b', points: [] }],
  });
  expect(svg).toContain('&lt;b&gt;&quot;x&quot;&lt;/b&gt;');
  expect(svg).not.toMatch(/NaN|Infinity|<b>/);
});

describe('a page', () => {
  const failed = named('<i>a</i>', {
    ...emptyResult,
    verdict: { ...emptyResult.verdict, status: 'fail', reasons: ['<i>why</i>'] },
  });
  const pages: readonly (readonly [string, string])[] = [
    ['of a run', resultPage({ ...emptyResult, notes: { '<i>note</i>': 2 } })],
    [
      'of a comparison',
      comparisonPage([compare([1, 2], [3])], [failed], [named('b', runWith(2, 2))]),
    ],
  ];

  it.for(pages)('%s needs nothing from elsewhere, and no text breaks out of it', ([, html]) => {
    expect(html).not.toMatch(/<script|<link|src=|url\(|@import|https?:/);
    expect(html).not.toMatch(/<i>|<b>|NaN|Infinity|undefined/);
    expect(html).toMatch(/prefers-color-scheme:dark/);
  });
});

it('a logarithmic plot has a line for each power of ten', () => {
  const points = [1, 10, 1000].map((value, index) => [index, value] as const);
  const svg = plotSvg({
    title: 't',
    x: 'x',
    y: 'y',
    isLogarithmic: true,
    lines: [{ label: 'a', points }],
  });
  const texts = [...svg.matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) => text);
  expect(texts).toEqual(['1', '10', '100', '1,000']);
});

function inFile<T>(text: string, use: (file: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'peerloom-load-'));
  try {
    const file = join(directory, 'result.json');
    writeFileSync(file, text);
    return use(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What is said of a result; nothing of one that can be read. */
function complaintOf(text: string): string {
  try {
    inFile(text, readResult);
    return '';
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_LOAD_RESULT' });
    return (error as Error).message;
  }
}

it('a result from when keys were written in clear does not show them', () => {
  const group = { ...defaultGroup, routerId: '10.1.0.1' };
  const speakers = [group, { ...group, password: 'one' }, { ...group, password: 'another' }];
  const scenario = { ...emptyResult.scenario, speakers };
  const result = inFile(JSON.stringify({ ...emptyResult, scenario }), readResult);
  const passwords = result.scenario.speakers.map(({ password }) => password);
  expect(passwords).toEqual([undefined, '***', '***']);
  expect(resultPage(result)).not.toMatch(/another/);
});

describe('a result that is read again', () => {
  it.for<[string, string, RegExp]>([
    ['is whole', JSON.stringify(emptyResult), /^$/],
    ['lacks a part', JSON.stringify({ ...emptyResult, oracle: undefined }), /lacks oracle, so/],
    [
      'has a damaged part',
      JSON.stringify({ ...emptyResult, measures: { 'open.p99': null } }),
      /measures\["open\.p99"\] is damaged \(.*expected object, received null\), so/,
    ],
    [
      'lacks a piece of a part',
      JSON.stringify({ ...emptyResult, samples: [idle, { ...idle, present: undefined }] }),
      /lacks samples\[1\]\.present, so/,
    ],
    ['is cut', JSON.stringify(emptyResult).slice(0, 99), /cannot be read as JSON/],
    ['is of another program', '{}', /is not a result of a load test/],
    ['is of another version', '{"format":"peerloom-load","version":2}', /has version 2/],
  ])('%s', ([, text, words]) => {
    expect(complaintOf(text)).toMatch(words);
  });
});
