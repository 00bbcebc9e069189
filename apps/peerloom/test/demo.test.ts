import { checkEngineOptions } from '@peerloom/supervisor';
import { decodeNlri, familyKey } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import { Progress } from '../src/demo/progress.ts';
import { announcementsOf, neighborsOptions, speakerOptions } from '../src/demo/scenario.ts';

describe('the demonstration', () => {
  it('has neighbors that are all different, and routes that no two of them share', () => {
    const size = { peers: 600, routes: 60 };
    const options = neighborsOptions(size, 1790);
    const neighbors = options.neighbors!;
    for (const key of ['sourceAddress', 'localAs', 'routerId'] as const) {
      expect(new Set(neighbors.map((neighbor) => neighbor[key])).size).toBe(600);
    }
    const prefixes = neighbors.flatMap((_, index) =>
      announcementsOf(index, size).flatMap(({ nlri }) => {
        const decoded = decodeNlri(nlri, 0, nlri.length, familyKey(1, 1), false, 'reach');
        return decoded.ok ? decoded.nlri.map((each) => ('prefix' in each ? each.prefix : '')) : [];
      }),
    );
    expect(new Set(prefixes).size).toBe(600 * 60);
    expect(prefixes[0]).toBe('20.0.0.0/24');
  });

  it('is configured as anybody could', () => {
    const size = { peers: 3, routes: 1 };
    expect(checkEngineOptions(speakerOptions(size, 2))).toEqual([]);
    expect(checkEngineOptions(neighborsOptions(size, 1790))).toEqual([]);
  });
});

function written(isTTY: boolean): { texts: string[]; progress: Progress } {
  const texts: string[] = [];
  const target = { isTTY, write: (text: string) => texts.push(text) };
  return { texts, progress: new Progress(target, 200, 60_000, 0) };
}

describe('progress', () => {
  it('is one line that is drawn anew on a terminal', () => {
    const { texts, progress } = written(true);
    progress.show({ established: 50, routes: 0, updates: 0 }, 200);
    progress.show({ established: 200, routes: 60_000, updates: 2400 }, 1200);
    progress.end();
    progress.end();
    expect(texts).toEqual([
      '\r\u{1b}[K[######..................] 50/200 sessions  0/60000 routes  0 updates/s  0.2 s',
      '\r\u{1b}[K[########################] 200/200 sessions  60000/60000 routes  2400 updates/s  1.2 s',
      '\n',
    ]);
  });

  it('is a line now and then elsewhere', () => {
    const { texts, progress } = written(false);
    for (let now = 0; now <= 2000; now += 200) {
      progress.show({ established: 0, routes: 0, updates: 0 }, now);
    }
    progress.show({ established: 200, routes: 0, updates: 0 }, 2100, true);
    progress.end();
    expect(texts.map((line) => line.split('  ').at(-1))).toEqual([
      '0.0 s\n',
      '1.0 s\n',
      '2.0 s\n',
      '2.1 s\n',
    ]);
  });
});
