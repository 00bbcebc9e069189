import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type LoadResult, type PhaseName, runLoad } from '@peerloom/load';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenarioOf } from '../src/load/loadOptions.ts';
import { summaryLines } from '../src/load/loadSummary.ts';
import { makeProgram } from '../src/program.ts';
import { inProcess, peerloom, RunningCommand } from './commandLine.ts';
import { RunningDaemon } from './runningDaemon.ts';
import { TemporaryDirectory } from './temporary.ts';

const directory = new TemporaryDirectory();
let daemon: RunningDaemon;
let target: string;

const device = {
  routerId: '192.0.2.1',
  localAs: 65_000,
  listen: [{ address: '127.0.0.1', port: 0 }],
  ranges: [{ prefix: '127.0.0.0/8', remoteAs: 'external', limit: 100 }],
};

beforeAll(async () => {
  daemon = await RunningDaemon.start(directory, 'device', device);
  target = `127.0.0.1:${daemon.port}`;
}, 30_000);

afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  directory[Symbol.dispose]();
});

let runs = 0;
/** An engine holds neighbors back that come and go often: each run has addresses of its own. */
const load = (...words: readonly string[]): string[] => [
  'load',
  '--target',
  target,
  '--source-address',
  `127.${130 + (process.pid % 60)}.${++runs}.1`,
  '--peers',
  '3',
  '--prefixes',
  '50',
  '--phases',
  'establish,announce',
  ...words,
];

function signalListeners(): unknown[] {
  return (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => process.listeners(name));
}

const somebodyElse = (): void => {};

describe('load', { timeout: 30_000 }, () => {
  it('prints two tables and a verdict, and writes a result that it can read again', async () => {
    const json = directory.file('result.json');
    const html = directory.file('result.html');
    const run = await peerloom(
      load('--json', json, '--html', html, '--threshold', 'established.p99<60s'),
    );
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^latency +p50 +p90/m);
    expect(run.stdout).toMatch(/^Established .* 3$/m);
    expect(run.stdout).toMatch(/^sessions +3$/m);
    expect(run.stdout).toMatch(/^✓ established\.p99<60s \(was /m);
    expect(run.stdout).toMatch(/^(PASS|INCONCLUSIVE)$/m);

    const again = await inProcess('load', 'report', json);
    expect(again).toEqual({ status: 0, stdout: run.stdout, stderr: '' });
    const page = readFileSync(html, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page.match(/<svg /g)!.length).toBeGreaterThan(4);
    expect(page).not.toMatch(/NaN|undefined|(?:src|href)="/);

    const comparison = directory.file('comparison.html');
    const both = [`${json},${json},${json}`, json, '--html', comparison];
    const compared = await inProcess('load', 'compare', ...both);
    expect(readFileSync(comparison, 'utf8')).toMatch(/^<!doctype html>/);
    expect(compared.stdout).toMatch(/^established\.p99 .* 1\.00 .*same$/m);
    expect(compared.stdout).toContain(`A: median of 3: ${json}, ${json}, ${json}\n`);
    expect(compared.stdout).toContain(`B: median of 1: ${json}\n`);
  });

  it('says loudly in a comparison what must be known of the runs', async () => {
    const [good, other] = ['good.json', 'other.json'].map((name) => directory.file(name));
    const { status } = await peerloom(load('--json', good!));
    expect(status).toBe(0);
    const result = JSON.parse(readFileSync(good!, 'utf8')) as LoadResult;
    const verdict = { ...result.verdict, status: 'fail', reasons: ['1 sessions were lost'] };
    const scenario = { ...result.scenario, seed: 2 };
    writeFileSync(other!, JSON.stringify({ ...result, interrupted: true, verdict, scenario }));
    const { stdout } = await inProcess('load', 'compare', good!, other!);
    expect(stdout).toContain(`\nFAIL (interrupted): ${other}: 1 sessions were lost\n`);
    expect(stdout).toContain('\nTHE RUNS DIFFER in: routes\n');
    const json = await inProcess('load', 'compare', good!, other!, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      a: [{ file: good, interrupted: false }],
      b: [{ file: other, status: 'fail', interrupted: true, reasons: ['1 sessions were lost'] }],
      differences: ['routes'],
      comparisons: expect.arrayContaining([expect.objectContaining({ measure: 'tester.cpu' })]),
    });
  });

  it('keeps the keys of its sessions to itself', async () => {
    const password = 's3cretKEY';
    const ranges = device.ranges.map((range) => ({ ...range, password }));
    await using keyed = await RunningDaemon.start(directory, 'keyed', { ...device, ranges });
    const [json, html] = ['keyed.json', 'keyed.html'].map((name) => directory.file(name));
    const own = ['--target', `127.0.0.1:${keyed.port}`, '--password', password];
    const run = await peerloom(load(...own, '--json', json!, '--html', html!));
    expect(run).toMatchObject({ status: 0, stderr: '' });
    for (const file of [json!, html!]) {
      const written = readFileSync(file, 'utf8');
      expect(written).not.toContain(password);
      expect(written).toContain('***');
    }
    expect(await inProcess('load', 'report', json!)).toMatchObject({ stdout: run.stdout });
    expect(await inProcess('load', 'compare', json!, json!)).toMatchObject({ status: 0 });
  });

  it('writes its files even when nobody reads what it prints', async () => {
    const json = directory.file('unread.json');
    await using command = new RunningCommand(load('--json', json));
    command.child.stdout!.destroy();
    expect(await command.outcome()).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(json, 'utf8')).toMatch(/^\{"format":"peerloom-load"/);
  });

  it('takes - for standard output', async () => {
    const { status, stdout } = await peerloom(load('--json', '-'));
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ format: 'peerloom-load' });
    expect(existsSync('-')).toBe(false);
  });

  it('says how much of a recording has no source', async () => {
    // TABLE_DUMP, a prefix of each of three peers: ORIGIN, AS_PATH, NEXT_HOP.
    const attributes = [0x40, 1, 1, 0, 0x40, 2, 4, 2, 1, 0xfd, 0xe9, 0x40, 3, 4, 192, 0, 2, 1];
    const records = [1, 2, 3].map((peer) => {
      const entry = [10, peer, 0, 0, 16, 1, 0, 0, 0, 0, 192, 0, 2, peer, 0xfd, 0xe9];
      const body = [0, 0, 0, peer, ...entry, 0, attributes.length, ...attributes];
      return Buffer.from([0, 0, 0, 5, 0, 12, 0, 1, 0, 0, 0, body.length, ...body]);
    });
    const table = directory.file('three-peers.mrt');
    writeFileSync(table, Buffer.concat(records));
    const scenario = (peers: string): string =>
      JSON.stringify({
        target: { address: '127.0.0.1', port: daemon.port },
        speakers: [{ sourceAddress: `127.${130 + (process.pid % 60)}.${++runs}.1` }],
        routes: { mrtTable: { file: table, ...(peers !== '' && { peers: peers.split(' ') }) } },
        phases: ['establish', 'announce'],
      });
    const file = directory.file('three-peers.json');
    for (const peers of ['', '192.0.2.3 192.0.2.1 192.0.2.2']) {
      writeFileSync(file, scenario(peers));
      const { stdout } = await peerloom(['load', '-c', file]);
      expect(stdout).toContain(
        '  2 × recorded peers or files have no source that takes their part: 2 routes or UPDATEs were left out\n',
      );
    }
  });

  it('exits with 1 when a threshold fails', async () => {
    const { status, stdout } = await peerloom(load('--threshold', 'established.p50<1us'));
    expect(stdout).toMatch(/^✗ established\.p50<1us/m);
    expect(stdout).toMatch(/^FAIL$/m);
    expect(status).toBe(1);
  });

  it('exits with 3 when the target refuses', async () => {
    const refused = ['load', '--target', '127.0.0.1:1', '--peers', '1'];
    const { status, stderr } = await peerloom(refused);
    expect(stderr).toMatch(/127\.0\.0\.1:1 refused/);
    expect(status).toBe(3);
  });

  it.for<[string, string[], number]>([
    ['went wrong', ['load', '--target', '127.0.0.1:1', '--quiet'], 3],
    ['went well', [], 0],
  ])('leaves signals as they were after a run that %s', async ([, words, expected]) => {
    process.on('SIGINT', somebodyElse);
    try {
      const before = signalListeners();
      const { status } = await inProcess(...(words.length > 0 ? words : load()));
      expect(status).toBe(expected);
      expect(signalListeners()).toEqual(before);
    } finally {
      process.off('SIGINT', somebodyElse);
    }
  });

  it.for<PhaseName>(['steady', 'churn'])(
    'does not wait in %s for a device that has ended',
    async (last) => {
      await using mortal = await RunningDaemon.start(directory, `mortal-${last}`, device);
      const { child } = mortal.command;
      const scenario = scenarioOf({
        target: `127.0.0.1:${mortal.port}`,
        dutPid: String(child.pid),
        peers: '3',
        prefixes: '50',
        phases: `establish,announce,${last}=600,withdraw`,
      });
      const result = await runLoad(scenario, {
        onProgress: ({ phase }) => void (phase === last && child.kill('SIGKILL')),
      });
      expect(result.phases.map(({ phase, ended }) => [phase, ended])).toEqual([
        ['establish', 'done'],
        ['announce', 'done'],
        [last, 'interrupted'],
      ]);
      expect(result.interrupted).toBe(false);
      expect(result.verdict.status).toBe('fail');
      expect(summaryLines(result).join('\n')).toMatch(
        /the process of the device has ended: what was left of the test was not run/,
      );
    },
  );

  it.for(['SIGINT', 'SIGHUP'] as const)(
    'exits with 130 when %s ends it, with the results so far',
    async (signal) => {
      const json = directory.file(`${signal}.json`);
      const words = load('--json', json).map((word) =>
        word === 'establish,announce' ? 'establish,announce,steady=60' : word,
      );
      await using command = new RunningCommand(words);
      // Nothing tells from outside that it is steady; the device knows when the routes are there.
      for (let tries = 0; tries < 200; tries++) {
        const { stdout } = await daemon.say('show', 'ip', 'bgp', 'summary');
        if ((stdout.match(/ 50$/gm) ?? []).length === 3) break;
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
      command.child.kill(signal);
      const { status, stdout } = await command.outcome();
      expect(status).toBe(130);
      expect(stdout).toMatch(/^INCONCLUSIVE \(interrupted\)$/m);
      const result = JSON.parse(readFileSync(json, 'utf8')) as { interrupted: boolean };
      expect(result.interrupted).toBe(true);
    },
  );

  it.for<[string, string[], RegExp]>([
    ['no target', ['load'], /--target is missing/],
    [
      'a word for a number',
      ['load', '--target', '127.0.0.1', '--peers', 'many'],
      /--peers many: it must be a number/,
    ],
    [
      'an unknown phase',
      ['load', '--target', '127.0.0.1', '--phases', 'rest'],
      /there is no phase "rest"; there are establish/,
    ],
    [
      'a number that means nothing to a phase',
      ['load', '--target', '127.0.0.1', '--phases', 'establish,announce=5'],
      /--phases: announce takes no number; there are steady=SECONDS, churn=SECONDS and flap=SESS/,
    ],
    [
      'a measure that is none',
      ['load', '--target', '127.0.0.1', '--threshold', 'joy>1'],
      /there is no measure joy/,
    ],
    [
      'a number out of range',
      ['load', '--target', '127.0.0.1', '--local-as', '0'],
      /^peerloom: --local-as is 0; it must be an AS number/,
    ],
    [
      'a target that is none',
      ['load', '--target', 'router.example:179'],
      /give an address and a port/,
    ],
    [
      'a process that is none',
      ['load', '--target', '127.0.0.1', '--dut-pid', '4194304'],
      /there is no process 4194304/,
    ],
    [
      'a result without a place to go',
      ['load', '--target', '127.0.0.1', '--json', '/nonexistent/result.json'],
      /cannot write \/nonexistent\/result\.json: ENOENT/,
    ],
    [
      'routes without a source',
      [
        'load',
        '--target',
        '127.0.0.1',
        '--peers',
        '0',
        '--sinks',
        '1',
        '--phases',
        'establish,announce',
      ],
      /no speaker is a source; leave these phases out/,
    ],
    [
      'a directory as the place for a result',
      ['load', '--target', '127.0.0.1', '--html', '/tmp'],
      /cannot write \/tmp: it is a directory/,
    ],
    [
      'a page on standard output',
      ['load', '--target', '127.0.0.1', '--html', '-'],
      /--html -: it is written to a file only; name one/,
    ],
    [
      'two recordings',
      ['load', '--target', '127.0.0.1', '--mrt', 'a', '--replay', 'b'],
      /--mrt cannot stand beside --replay/,
    ],
    [
      'generated routes beside recorded ones',
      ['load', '--target', '127.0.0.1', '--mrt', 'a', '--prefixes', '5'],
      /--prefixes cannot stand beside --mrt: it is for routes that are generated/,
    ],
    [
      'a speed of nothing',
      ['load', '--target', '127.0.0.1', '--speed', '5'],
      /--speed is for --replay/,
    ],
    [
      'a rate for what has a timing of its own',
      ['load', '--target', '127.0.0.1', '--replay', 'a', '--rate', '5'],
      /--rate cannot stand beside --replay in the phase announce: .*--speed/,
    ],
    [
      'fewer speakers than none',
      ['load', '--target', '127.0.0.1', '--peers=-3', '--sinks', '1'],
      /--peers -3: it must be a whole number from 0 to 100000/,
    ],
    [
      'two speakers at one address',
      ['load', '--target', '127.0.0.1', '--source-address', '127.2.0.1', '--sinks', '1'],
      /speakers 1 and 2 have one source address, 127\.2\.0\.1/,
    ],
    [
      'a distribution without the part of it',
      ['load', '--target', '127.0.0.1', '--threshold', 'established<2s'],
      /established is a distribution; take a part of it, such as established\.p99/,
    ],
    ['a result that is none', ['load', 'report', '/etc/hostname'], /cannot be read as JSON/],
    [
      'a result that is not there',
      ['load', 'compare', '/nonexistent.json', '/nonexistent.json'],
      /^peerloom: \/nonexistent\.json: there is no such file; give a file that load --json/,
    ],
    [
      'two sides with a comma between them',
      ['load', 'compare', 'a.json,', 'b.json'],
      /^peerloom: a file has no name; give those of a side with commas and without spaces, as in/,
    ],
    ['a scenario that is not there', ['load', '-c', '/nonexistent.yaml'], /there is no such file/],
    [
      'options that are the scenario\u2019s',
      ['load', '-c', 'x.yaml', '--peers', '3'],
      /--peers cannot stand beside --config/,
    ],
  ])('exits with 2 for %s', async ([, words, said]) => {
    const { status, stderr } = await inProcess(...words);
    expect(stderr).toMatch(said);
    expect(status).toBe(2);
  });
});

describe('a file of two uses', () => {
  const file = directory.file('twice');
  const link = directory.file('link');
  const inside = `${dirname(file)}/./twice`;
  const target127 = ['load', '--target', '127.0.0.1', '--check'];

  it.for<[string, string[], string]>([
    ['result and page', [...target127, '--json', file, '--html', file], '--html'],
    ['by two paths', [...target127, '--json', file, '--html', inside], '--html'],
    ['by two names', [...target127, '--json', link, '--html', file], '--html'],
    ['scenario and result', ['load', '-c', file, '--json', link], '--json'],
    ['result that is read, and page', ['load', 'report', file, '--html', inside], '--html'],
    ['compared, and page', ['load', 'compare', 'a', file, '--html', link], '--html'],
  ])('is not written over: %s', async ([, words, option]) => {
    // Nothing is there for the first two: what is yet to be written can be one file, too.
    const mustBe = words.includes(link) || words.includes('report');
    if (mustBe) {
      writeFileSync(file, 'kept');
      symlinkSync(file, link);
    }
    try {
      const { status, stderr } = await inProcess(...words);
      expect(stderr).toMatch(new RegExp(`^peerloom: ${option} .* is the file of .* would be lost`));
      expect(status).toBe(2);
      if (mustBe) expect(readFileSync(file, 'utf8')).toBe('kept');
    } finally {
      for (const path of [file, link]) rmSync(path, { force: true });
    }
  });

  it('may be what keeps nothing', async () => {
    const words = [...target127, '--json', '/dev/null', '--html', '/dev/null'];
    expect(await inProcess(...words)).toMatchObject({ status: 0 });
  });
});

/** Has a scenario checked, and nothing else. */
async function check(text: string, words: readonly string[] = []): ReturnType<typeof inProcess> {
  const file = directory.file('scenario.yaml');
  writeFileSync(file, text);
  return await inProcess('load', '-c', file, '--check', ...words);
}

/** An MRT record of a type, empty. */
function record(type: number): Buffer {
  return Buffer.from([0, 0, 0, 1, 0, type, 0, 1, 0, 0, 0, 0]);
}

const keepalive = Buffer.from([...Array.from({ length: 16 }, () => 255), 0, 19, 4]);
/** The recordings that the README names, as they begin. */
const recordings = {
  'rib.20260101.0000.bz2': gzipSync(record(13)),
  'updates.20260101.0000.gz': gzipSync(record(16)),
  'start.bin': keepalive,
  'other.bin': keepalive,
};

const readmeOfLoad = readFileSync(
  fileURLToPath(new URL('../../../packages/load/README.md', import.meta.url)),
  'utf8',
);

describe("the README's scenario", () => {
  const [scenario, routes] = [...readmeOfLoad.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, text]) => text!,
  );
  const kinds = routes!.trim().split('\n').slice(1);

  it('is in order', async () => {
    expect(await check(scenario!)).toMatchObject({ status: 0 });
  });

  it.for(kinds)('is in order with%s', async (kind) => {
    for (const [name, bytes] of Object.entries(recordings)) {
      writeFileSync(directory.file(name), bytes);
    }
    const other = scenario!.replace(/^ {2}generated: .*$/m, kind);
    expect(other).not.toBe(scenario);
    expect(await check(other)).toMatchObject({ status: 0 });
  });
});

describe('a value that was typed', () => {
  const some = ['--target', '127.0.0.1', '--check'];
  /** What can stand beside a scenario file, too. */
  const besideFile: [string, string[]][] = [
    ['--target is "127.0.0.999"; it must be an', ['--target', '127.0.0.999']],
    ['--threshold "fast" is no threshold: it must', ['--threshold', 'fast']],
    ['--dut-pid is -1;', ['--dut-pid=-1']],
    ['--seed is -1;', ['--seed=-1']],
    ['--workers is 1.5;', ['--workers', '1.5']],
  ];

  it.for<[string, string[]]>([
    ...besideFile,
    ['--remote-as is 0;', ['--remote-as', '0']],
    ['--local-as is 1.5;', ['--local-as', '1.5', '--sinks', '1']],
    ['--sink-as is 0;', ['--sinks', '1', '--sink-as', '0']],
    ['--sink-as is 0;', ['--peers', '0', '--sinks', '1', '--sink-as', '0']],
    ['--source-address is "here";', ['--source-address', 'here']],
    [
      '--source-address is ::1, an IPv6 address, and cannot reach the IPv4 target 127.0.0.1; give',
      ['--source-address', '::1'],
    ],
    ['--sink-address is ::1, an IPv6', ['--sinks', '1', '--sink-address', '::1']],
    ['--sink-address is "there";', ['--sinks', '1', '--sink-address', 'there']],
    ['--hold-time is 2; it must be 0, or 3 to', ['--hold-time', '2']],
    ['--hold-time is 2;', ['--peers', '0', '--sinks', '1', '--hold-time', '2']],
    ['--listen is 0;', ['--listen', '0', '--source-address', '127.1.0.1']],
    ['--prefixes is -1;', ['--prefixes=-1']],
    ['--ipv6-prefixes is -1;', ['--ipv6-prefixes=-1']],
    ['--mrt is "";', ['--mrt', '']],
    ['--replay is "";', ['--replay', '']],
    ['--speed is 0; it must be a factor above 0', ['--replay', 'x', '--speed', '0']],
    ['--concurrency is 0;', ['--concurrency', '0']],
    ['--rate is 0;', ['--rate', '0']],
    ['--rate is 0;', ['--phases', 'establish,restore', '--rate', '0']],
    ['--rate is 0;', ['--phases', 'establish,churn', '--rate', '0']],
    ['--phases: the duration of steady is -1;', ['--phases', 'establish,steady=-1']],
    ['--phases: the sessions of flap is 0;', ['--phases', 'establish,flap=0']],
  ])('is complained of by its option: %s', async ([said, words]) => {
    const { status, stderr } = await inProcess('load', ...some, ...words);
    expect(stderr.startsWith(`peerloom: ${said}`), stderr).toBe(true);
    expect(status).toBe(2);
  });

  it('can stand beside a scenario file where the help and the README say so', async () => {
    const { options } = makeProgram().commands.find((command) => command.name() === 'load')!;
    const scenarioFile = directory.file('beside.yaml');
    writeFileSync(scenarioFile, 'target: { address: 127.0.0.1 }\n');
    const values: Readonly<Record<string, string>> = {
      '--target': '127.0.0.1',
      '--distribution': 'same',
      '--threshold': 'lateness.p99<1s',
      '--html': directory.file('beside.html'),
    };
    const beside: string[] = [];
    for (const { long, required } of options) {
      if (long === '--config') continue;
      const words = required ? [long!, values[long!] ?? '1'] : [long!];
      const { stderr } = await inProcess('load', '-c', scenarioFile, '--check', ...words);
      if (stderr === 'peerloom: the scenario is in order\n') beside.push(long!);
      else expect(stderr).toContain(`${long} cannot stand beside --config`);
    }
    const { stdout: help } = await inProcess('load', '--help');
    for (const text of [help, readmeOfLoad]) {
      const [told] = /(?<=Beside (?:it|the file) can stand )[^.]*/.exec(text)!;
      expect(told.match(/--[a-z-]+/g)!.toSorted()).toEqual(beside.toSorted());
    }
  });

  it.for(besideFile)('is complained of beside a scenario file, too: %s', async ([said, words]) => {
    const { status, stderr } = await check('target: { address: 127.0.0.1 }\n', words);
    expect(stderr.startsWith(`peerloom: ${said}`), stderr).toBe(true);
    expect(status).toBe(2);
  });
});

describe('--check', () => {
  it.for<[string, string[]]>([
    ['table', ['--mrt', '/nonexistent.mrt']],
    ['replay', ['--replay', '/nonexistent.mrt']],
  ])('opens the recording of a %s', async ([, words]) => {
    const { status, stderr } = await inProcess(
      'load',
      '--target',
      '127.0.0.1',
      '--check',
      ...words,
    );
    expect(stderr).toMatch(/cannot read \/nonexistent\.mrt: ENOENT/);
    expect(status).toBe(2);
  });

  it('opens the files of raw UPDATEs', async () => {
    const { status, stderr } = await check(
      'target: { address: 127.0.0.1 }\nroutes: { rawUpdates: { files: [nowhere.bin] } }\n',
    );
    expect(stderr).toMatch(/cannot read .*nowhere\.bin: ENOENT/);
    expect(status).toBe(2);
  });
});

describe('a scenario file', () => {
  it('may say everything', async () => {
    const { status, stderr } = await check(`
name: full
target: { address: 127.0.0.1, port: 1790, remoteAs: 65000 }
speakers:
  - { role: source, count: 10, sourceAddress: 127.1.0.1, localAs: 65001, asStep: 1, families: [ipv4-unicast, ipv6-unicast] }
  - { role: sink, count: 2, sourceAddress: 127.2.0.1, localAs: 66001, holdTime: 30, password: secret, ttlSecurity: 1 }
  - { role: both, count: 1, sourceAddress: 127.3.0.1, localAs: 67001, addPath: both, extendedMessage: true }
routes: { generated: { prefixes: 1000, ipv6Prefixes: 100, distribution: overlapping, overlap: 0.2, prefixesPerUpdate: 50 } }
seed: 42
workers: 2
phases:
  - establish: { concurrency: 50, timeout: 20 }
  - announce: { rate: 1000 }
  - steady
  - churn: { duration: 3, rate: 100, gap: 0.5 }
  - flap: { sessions: 2, times: 2, reset: true, down: 0.5 }
  - withdraw
  - restore: { timeout: 10 }
expect: { oracle: true, transparent: false }
thresholds: ['established.p99<2s', 'oracle.missing==0']
`);
    expect(stderr).toMatch(/the scenario is in order/);
    expect(status).toBe(0);
  });

  it('that says what does not go together is not in order', async () => {
    const { status, stderr } = await check('target: { address: 127.0.0.1 }\nphases: [announce]\n');
    expect(stderr).toBe('peerloom: the first phase must be establish\n');
    expect(status).toBe(2);
  });

  it('with what is no key for TCP MD5 gets an error that does not show it', async () => {
    const long = '123456789'.repeat(10);
    for (const written of ['12345678', long]) {
      const { status, stderr } = await check(
        `target: { address: 127.0.0.1 }\nspeakers: [{ password: ${written} }]\n`,
      );
      expect(stderr).toMatch(
        /scenario\.yaml:2:14: speakers\[0\]\.password is no TCP MD5 key; it must be a text of 1/,
      );
      expect(stderr).not.toContain('2345');
      expect(status).toBe(2);
    }
  });

  it('that names a target is held to the one that was typed', async () => {
    const { status, stderr } = await check('target: { address: 127.0.0.1 }\n', ['--target', '::1']);
    expect(stderr).toMatch(
      /^peerloom: speakers\[0\]\.sourceAddress is 127\.1\.0\.1, .* the IPv6 target ::1/,
    );
    expect(status).toBe(2);
  });

  it.for<[string, string, RegExp]>([
    [
      'an unknown key',
      'target: { address: 127.0.0.1 }\nspeaker: []\n',
      /scenario\.yaml:2:1: speaker is no option; did you mean speakers\?/,
    ],
    ['no target', 'seed: 1\n', /target is missing/],
    [
      'a wrong phase',
      'target: { address: 127.0.0.1 }\nphases:\n  - establish\n  - sleep: 3\n',
      /scenario\.yaml:4:5: phases\[1\] .*must be one of establish, announce/,
    ],
    [
      'an option of a phase',
      'target: { address: 127.0.0.1 }\nphases:\n  - churn: { rate: -1 }\n',
      /scenario\.yaml:3:14: phases\[0\]\.churn\.rate is -1; it must be a number of UPDATEs a second above 0/,
    ],
    [
      'an unknown option of a phase',
      'target: { address: 127.0.0.1 }\nphases:\n  - churn: { rat: 1 }\n',
      /phases\[0\]\.churn\.rat is no option; did you mean rate\?/,
    ],
    [
      'two sources of routes',
      'target: { address: 127.0.0.1 }\nroutes: { mrtTable: { file: a }, rawUpdates: { files: [b] } }\n',
      /routes must have one of generated/,
    ],
    [
      'no peers of a recording',
      'target: { address: 127.0.0.1 }\nroutes: { mrtTable: { file: a, peers: [] } }\n',
      /scenario\.yaml:2:32: routes\.mrtTable\.peers is empty; name one peer or more/,
    ],
    [
      'a source address of another family than the target',
      'target: { address: "::1" }\nspeakers:\n  - { sourceAddress: "::1" }\n  - { sourceAddress: 127.0.0.1 }\n',
      /scenario\.yaml:4:7: speakers\[1\]\.sourceAddress is 127\.0\.0\.1, an IPv4 address, and cannot reach the IPv6 target ::1/,
    ],
    [
      'a threshold',
      'target: { address: 127.0.0.1 }\nthresholds: [fast]\n',
      /scenario\.yaml:2:14: thresholds\[0\] "fast" is no threshold: it must look like/,
    ],
  ])('with %s gets one clear error', async ([, text, said]) => {
    const { status, stderr } = await check(text);
    expect(stderr).toMatch(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  });
});

describe('mrt show', () => {
  it.for<[string, Buffer, string, RegExp]>([
    [
      'gzip that is not gzip',
      Buffer.from('plain text'),
      'table.gz',
      /named \.gz, but does not begin like such a file/,
    ],
    [
      'gzip that was cut',
      gzipSync(Buffer.alloc(100_000)).subarray(0, 60),
      'cut.gz',
      /cannot be decompressed as gzip/,
    ],
    [
      'a file that was cut',
      Buffer.from([0, 0, 0, 0, 0, 13, 0, 1, 0, 0, 0, 99, 1]),
      'cut.mrt',
      /the input ends within a record/,
    ],
  ])('says what is wrong with %s', async ([, bytes, name, said]) => {
    const file = directory.file(name);
    writeFileSync(file, bytes);
    const { status, stderr } = await inProcess('mrt', 'show', file);
    expect(stderr).toMatch(said);
    expect(status).toBe(1);
  });

  it('does not wait for more from a pipe in which it has found a fault', async () => {
    await using command = new RunningCommand(['mrt', 'show', '-']);
    command.child.stdin!.write(Buffer.alloc(100, 0xff));
    const { status, stderr } = await command.outcome();
    expect(stderr).toContain('standard input: a record claims');
    expect(status).toBe(1);
  });

  it('prints routes one a line, and records as JSON', async () => {
    // TABLE_DUMP, 10.0.0.0/8 of peer 192.0.2.1 in AS 65001: ORIGIN, AS_PATH, NEXT_HOP.
    const attributes = [0x40, 1, 1, 0, 0x40, 2, 4, 2, 1, 0xfd, 0xe9, 0x40, 3, 4, 192, 0, 2, 1];
    const entry = [10, 0, 0, 0, 8, 1, 0, 0, 0, 0, 192, 0, 2, 1, 0xfd, 0xe9, 0, attributes.length];
    const body = [0, 0, 0, 1, ...entry, ...attributes];
    const file = directory.file('table.mrt');
    const bytes = Buffer.from([0, 0, 0, 5, 0, 12, 0, 1, 0, 0, 0, body.length, ...body]);
    writeFileSync(file, bytes);
    const { stdout } = await inProcess('mrt', 'show', file);
    expect(stdout).toBe(
      'TABLE_DUMP|5|B|192.0.2.1|65001|10.0.0.0/8|65001|IGP|192.0.2.1|0|0||NAG||\n',
    );
    const piped = await peerloom(['mrt', 'show', '-'], { input: gzipSync(bytes) });
    expect(piped).toMatchObject({ status: 0, stdout, stderr: '' });
    const json = await inProcess('mrt', 'show', '--json', file);
    expect(JSON.parse(json.stdout)).toMatchObject({
      prefix: '10.0.0.0/8',
      nextHops: ['192.0.2.1'],
    });
  });
});
