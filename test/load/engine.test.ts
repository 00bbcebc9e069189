import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPhases, LoadError, type LoadProgress, type Phase, runLoad } from '@peerloom/load';
import { createEngine, type Engine } from '@peerloom/supervisor';
import { baseSessionOptions, encodeUpdate } from '@peerloom/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../interop/speakers/port.ts';
import { network, scenario, type Transit } from './transit.ts';

const { establish, announce, steady, churn, flap, withdraw, restore } = defaultPhases;

let engine: Engine;
let device: Pick<Transit, 'address' | 'port' | 'network'>;

beforeEach(async () => {
  const prefix = network();
  const address = `${prefix}.254`;
  const port = await freePort(address);
  engine = await createEngine({
    routerId: '192.0.2.1',
    localAs: 65_000,
    workers: 0,
    listen: [{ address, port }],
    ranges: [{ prefix: '127.0.0.0/8', remoteAs: 'external', limit: 100 }],
    limits: { closeTime: 2 },
  });
  device = { address, port, network: prefix };
});

afterEach(() => engine.close());

/** Prefixes that the engine holds of all its peers together. */
async function prefixes(): Promise<number> {
  let count = 0;
  for (const snapshot of await engine.snapshot()) {
    for (const family of Object.values(snapshot.prefixes)) count += family.received;
  }
  return count;
}

describe('a load test of our own engine', { timeout: 40_000 }, () => {
  it('brings sessions up, announces, churns, flaps, withdraws and restores', async () => {
    const seen: LoadProgress[] = [];
    const counts: Record<string, number> = {};
    let phase = '';
    let looking: Promise<void> = Promise.resolve();
    const result = await runLoad(
      scenario(device, 5, 0, [
        establish,
        announce,
        { ...steady, duration: 0.5 },
        { ...churn, duration: 0.8, rate: 100, gap: 0.1 },
        // The same two of five again from the sixth round on.
        { ...flap, sessions: 2, down: 0.1, times: 8 },
        withdraw,
        { ...steady, duration: 0.5 },
        restore,
        { ...steady, duration: 0.5 },
      ]),
      {
        onProgress: (progress) => {
          seen.push(progress);
          if (progress.phase !== 'steady' || phase === String(progress.number)) return;
          phase = String(progress.number);
          const { number } = progress;
          looking = looking.then(async () => {
            await new Promise((resolve) => {
              setTimeout(resolve, 200);
            });
            counts[number] = await prefixes();
          });
        },
      },
    );
    await looking;
    const { measures, verdict, phases } = result;
    expect(verdict.status, verdict.reasons.join()).not.toBe('fail');
    expect(phases.map(({ ended }) => ended)).toEqual(Array.from({ length: 9 }, () => 'done'));
    expect(measures['sessions.established']).toEqual({ value: 5, unit: 'count' });
    expect(measures['sessions.lost']!.value).toBe(0);
    expect(measures['flap.established.count']!.value).toBe(16);
    expect(measures['established.count']!.value).toBe(5);
    // 200 prefixes of each source are there while they are announced, and none after.
    expect(counts).toEqual({ 3: 1000, 7: 0, 9: 1000 });
    expect(seen.map(({ done }) => done).every((done) => done >= 0 && done <= 1)).toBe(true);
  });

  it('makes thresholds that fail the verdict', async () => {
    const thresholds = ['sessions.established==2', 'established.p99<1us', 'oracle.missing==0'];
    const { thresholds: results, verdict } = await runLoad(
      scenario(device, 2, 0, [establish], { thresholds }),
    );
    expect(results.map(({ passed }) => passed)).toEqual([true, false, false]);
    expect(verdict.status).toBe('fail');
    expect(verdict.reasons).toContain('threshold established.p99<1us failed');
  });

  it('sends UPDATEs of a file as they are', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'peerloom-load-'));
    const file = join(directory, 'updates.bin');
    const updates = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].flatMap((prefix) =>
      encodeUpdate(
        {
          kind: 'update',
          withdrawn: [],
          nlri: [{ kind: 'prefix', prefix }],
          attributes: [
            { type: 'origin', origin: 'igp' },
            { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [1, 2, 3] }] },
            { type: 'nextHop', nextHop: '10.0.0.1' },
          ],
        },
        { ...baseSessionOptions, fourOctetAs: true },
      ),
    );
    writeFileSync(file, Buffer.concat(updates));
    try {
      let found = 0;
      await runLoad(
        scenario(device, 2, 0, [establish, announce, { ...steady, duration: 0.6 }], {
          routes: { kind: 'rawUpdates', files: [file] },
        }),
        {
          onProgress: ({ phase }) => {
            if (phase === 'steady')
              void prefixes().then((count) => (found = Math.max(found, count)));
          },
        },
      );
      expect(found).toBe(6);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('is ended by a signal while it makes a large table', async () => {
    const stop = new AbortController();
    const routes = { kind: 'generated', prefixes: 5_000_000, ipv6Prefixes: 0 } as const;
    const { interrupted, phases, verdict, seconds } = await runLoad(
      scenario(device, 2, 0, [establish, announce], {
        routes: { ...routes, distribution: 'disjoint', overlap: 0 },
      }),
      { signal: stop.signal, onStep: () => setTimeout(() => stop.abort(), 20) },
    );
    expect(interrupted).toBe(true);
    expect(phases).toEqual([]);
    expect(verdict.status).toBe('inconclusive');
    expect(seconds).toBeLessThan(5);
  });

  it('is ended by a signal, with the results so far', async () => {
    const stop = new AbortController();
    const running = runLoad(
      scenario(device, 2, 0, [establish, announce, { ...steady, duration: 60 }]),
      {
        signal: stop.signal,
        onProgress: ({ phase }) => {
          if (phase === 'steady') stop.abort();
        },
      },
    );
    const { interrupted, phases, measures } = await running;
    expect(interrupted).toBe(true);
    expect(phases.at(-1)).toMatchObject({ phase: 'steady', ended: 'interrupted' });
    expect(measures['announce.written']).toBeDefined();
  });

  it('does not measure what nobody could see', async () => {
    const phases = [establish, announce, withdraw];
    const { measures } = await runLoad(scenario(device, 2, 0, phases));
    expect(measures['announce.written']).toBeDefined();
    expect(measures['withdraw.written']).toBeDefined();
    // That TCP has taken the routes does not mean that the device has.
    for (const name of ['announce.duration', 'announce.rate', 'withdraw.duration']) {
      expect(measures[name], name).toBeUndefined();
    }
  });

  it('keeps the slower of phases that come again', async () => {
    const { measures, phases } = await runLoad(
      scenario(device, 5, 0, [establish, { ...steady, duration: 0.1 }, establish]),
    );
    expect(measures['establish.duration']!.value).toBeCloseTo(phases[0]!.busySeconds, 3);
    expect(measures['establish.rate']!.value).toBeCloseTo(5 / phases[0]!.busySeconds, 0);
  });
});

/** The code and the words of what a run throws. */
async function codeOf(running: Promise<unknown>): Promise<[string, string]> {
  try {
    await running;
  } catch (error) {
    if (error instanceof LoadError) return [error.code, error.message];
    throw error;
  }
  return ['', ''];
}

describe('a load test that is interrupted', { timeout: 40_000 }, () => {
  const slow = { ...announce, rate: 1 };
  it.for<[string, Phase[]]>([
    ['announce', [establish, slow]],
    ['steady', [establish, { ...steady, duration: 60 }]],
    ['churn', [establish, announce, { ...churn, duration: 60 }]],
    ['flap', [establish, { ...flap, down: 60 }]],
    ['restore', [establish, announce, withdraw, { ...slow, phase: 'restore' }]],
  ])('in %s has the phases before it, and says so', async ([name, phases]) => {
    const stop = new AbortController();
    const result = await runLoad(scenario(device, 2, 0, phases), {
      signal: stop.signal,
      onProgress: ({ phase }) => {
        if (phase === name) stop.abort();
      },
    });
    expect(result.interrupted).toBe(true);
    expect(result.phases.map(({ ended }) => ended)).toEqual(
      phases.map((_, index) => (index === phases.length - 1 ? 'interrupted' : 'done')),
    );
    expect(result.verdict.status).not.toBe('pass');
    expect(result.measures['messages.sent']!.value).toBeGreaterThan(0);
  });
});

describe('a load test that cannot begin', () => {
  it('says that the target refuses', async () => {
    const port = await freePort('127.0.0.1');
    const nobody = { address: '127.0.0.1', port, network: device.network };
    const [code, text] = await codeOf(runLoad(scenario(nobody, 2, 0, [establish])));
    expect(code).toBe('ERR_LOAD_UNREACHABLE');
    expect(text).toMatch(/refused: no BGP speaker listens there/);
  });

  it('says why no session comes up', async () => {
    // It accepts, and hangs up: what a router does with those whom it does not know.
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const rude = { address: '127.0.0.1', port, network: device.network };
    const [code, text] = await codeOf(
      runLoad(scenario(rude, 2, 0, [{ ...establish, timeout: 0.5 }])),
    );
    server.close();
    expect(code).toBe('ERR_LOAD_UNREACHABLE');
    expect(text).toMatch(/^none of 2 sessions .* came up; does the device know the speakers/);
    expect(text).toMatch(/\nit ends connections without a word: it does not know the speakers/);
    expect(text.split('\n').length).toBeGreaterThan(1);
  });

  it('names what a device that does not answer must know', async () => {
    const base = scenario(device, 1, 0, [{ ...establish, timeout: 0.5 }]);
    const speakers = [{ ...base.speakers[0]!, password: 'secret', ttlSecurity: 1 }];
    const [code, text] = await codeOf(runLoad({ ...base, speakers }));
    expect(code).toBe('ERR_LOAD_UNREACHABLE');
    expect(text).toMatch(/AS 65001, their TCP MD5 key, a TTL of 255, as GTSM has it\)/);
    expect(text).not.toMatch(/secret/);
  });

  it('says that a source address is not one of this machine', async () => {
    const base = scenario(device, 1, 0, [establish]);
    const speakers = [{ ...base.speakers[0]!, sourceAddress: '192.0.2.77' }];
    const [code, text] = await codeOf(runLoad({ ...base, speakers }));
    expect(code).toBe('ERR_LOAD_PREFLIGHT');
    expect(text).toMatch(/192\.0\.2\.77.*is not an address of this machine/);
  });

  it('says that there are more sessions than file descriptors', async () => {
    const base = scenario(device, 1, 0, [establish]);
    const speakers = [{ ...base.speakers[0]!, count: 2_000_000, addressStep: 0 }];
    const [code, text] = await codeOf(runLoad({ ...base, speakers }));
    expect(code).toBe('ERR_LOAD_PREFLIGHT');
    expect(text).toMatch(/file descriptors.*ulimit -n/);
  });

  it.for<[string, string, RegExp]>([
    ['that is not there', '/nonexistent/rib.gz', /ENOENT/],
    ['that is no MRT', 'test.mrt', /octets|within a record|MRT/],
    ['named gzip that is not', 'test.gz', /does not begin like such a file/],
  ])('says what is wrong with a file %s', async ([, name, words]) => {
    const directory = mkdtempSync(join(tmpdir(), 'peerloom-load-'));
    const file = name.startsWith('/') ? name : join(directory, name);
    if (!name.startsWith('/')) writeFileSync(file, 'this is no table of routes, but some text');
    const running = runLoad(
      scenario(device, 1, 0, [establish, announce], { routes: { kind: 'mrtTable', file } }),
    );
    const [code, text] = await codeOf(running);
    rmSync(directory, { recursive: true });
    expect(code).toBe('ERR_LOAD_ROUTES');
    expect(text).toMatch(words);
  });
});
