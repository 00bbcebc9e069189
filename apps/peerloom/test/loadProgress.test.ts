import type { LoadProgress } from '@peerloom/load';
import { describe, expect, it } from 'vitest';
import { LoadProgressBar } from '../src/load/loadProgress.ts';

const halfway: LoadProgress = {
  phase: 'announce',
  number: 2,
  phases: 3,
  seconds: 1.25,
  done: 0.5,
  established: 9,
  speakers: 10,
  held: 40_000,
  wanted: 80_000,
  updatesSent: 1000,
  updatesReceived: 2000,
};

/** What is written to a terminal of that many columns; 0: to a file. */
function drawn(columns: number, ...progress: readonly LoadProgress[]): string {
  let text = '';
  const terminal = { isTTY: columns > 0, columns, write: (more: string) => (text += more) };
  const bar = new LoadProgressBar(terminal);
  bar.step('making the routes');
  for (const one of progress) bar.show(one);
  bar.end();
  return text;
}

describe('the progress of a load test', () => {
  it('is a line that is drawn over, and left where the next phase begins', () => {
    const lines = drawn(120, halfway, { ...halfway, phase: 'steady', number: 3 }).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]!.split('\r\u{1b}[K').slice(1)).toEqual([
      'making the routes ...',
      '2/3 announce  [##########..........] 1.3 s 9/10 up 40000/80000 routes 1000/s out 2000/s in',
    ]);
    expect(lines[1]).toContain('3/3 steady');
  });

  it('never fills a line, which would wrap', () => {
    for (const line of drawn(60, halfway).split('\r\u{1b}[K')) {
      expect(line.trimEnd().length).toBeLessThan(60);
    }
  });

  it('is silent where there is no terminal', () => {
    expect(drawn(0, halfway)).toBe('');
  });
});
