import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { planSpeakers } from '../src/plan.ts';
import { preflight } from '../src/run/preflight.ts';
import { defaultGroup, type Scenario, type SpeakerGroup } from '../src/scenario.ts';

function scenario(group: Partial<SpeakerGroup>, pid?: number): Scenario {
  return {
    name: 'test',
    target: { address: '127.0.0.1', port: 1, ...(pid !== undefined && { pid }) },
    speakers: [{ ...defaultGroup, routerId: '10.0.0.1', ...group }],
    routes: undefined,
    seed: 1,
    phases: [],
    expect: { oracle: true, transparent: false },
    thresholds: [],
    workers: 1,
  };
}

async function complaint(wanted: Scenario): Promise<string> {
  try {
    await preflight(wanted, planSpeakers(wanted));
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('before a test it is found out', () => {
  it.for<[string, Scenario, RegExp]>([
    [
      'that one address has too few local ports',
      scenario({ count: 66_000, sourceAddress: '127.9.0.1', addressStep: 0 }),
      /66000 sessions from 127\.9\.0\.1 need as many local ports, and there are \d+; give each/,
    ],
    [
      'that an address is not of this machine',
      scenario({ sourceAddress: '192.0.2.77' }),
      /192\.0\.2\.77, the source address of speaker 1, is not an address of this machine/,
    ],
    [
      'that the process of the device is not there',
      scenario({}, 4_194_304),
      /there is no process 4194304 on this machine/,
    ],
    ['that nobody listens', scenario({}), /127\.0\.0\.1:1 refused: no BGP speaker listens there/],
  ])('%s', async ([, wanted, words]) => {
    expect(await complaint(wanted)).toMatch(words);
  });

  it('that a passive speaker cannot listen, and not that nobody listens for it', async () => {
    await using server = createServer().listen(0, '127.9.0.2');
    await new Promise((resolve) => {
      server.once('listening', resolve);
    });
    const { port } = server.address() as { port: number };
    const passive = { passive: true, listenPort: port, sourceAddress: '127.9.0.2' };
    expect(await complaint(scenario(passive))).toMatch(
      new RegExp(`speaker 1 cannot listen on 127\\.9\\.0\\.2:${port} \\(EADDRINUSE\\)`),
    );
    expect(await complaint(scenario({ ...passive, sourceAddress: '127.9.0.3' }))).toBe('');
  });
});
