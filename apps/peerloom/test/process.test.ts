import { EventEmitter } from 'node:events';
import { setImmediate as immediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { GatheredTarget } from '../src/daemon/gatheredTarget.ts';
import { openLog } from '../src/daemon/log.ts';
import { type SignalSource, untilStopSignal } from '../src/daemon/stopSignal.ts';

describe('a signal to stop', () => {
  class Source extends EventEmitter implements SignalSource {
    readonly exits: number[] = [];
    exit(status: number): void {
      this.exits.push(status);
    }
  }

  it('is one Ctrl-C, though a terminal and npm both deliver it; another one is impatience', async () => {
    const source = new Source();
    let now = 1000;
    const stopped = untilStopSignal(undefined, undefined, source, () => now);
    source.emit('SIGINT', 'SIGINT');
    now += 1;
    source.emit('SIGINT', 'SIGINT');
    now += 498;
    source.emit('SIGTERM', 'SIGTERM');
    expect(await stopped).toBe('SIGINT');
    expect(source.exits).toEqual([]);
    now += 1;
    source.emit('SIGINT', 'SIGINT');
    expect(source.exits).toEqual([1]);
  });

  it('is listened to until that is over, and others are not disturbed', () => {
    const source = new Source();
    const heard: string[] = [];
    source.on('SIGINT', (signal: string) => heard.push(signal));
    const over = new AbortController();
    void untilStopSignal(over.signal, undefined, source);
    expect(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM')).toBe(3);
    over.abort();
    expect(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM')).toBe(1);
    source.emit('SIGINT', 'SIGINT');
    expect(heard).toEqual(['SIGINT']);
  });
});

const target = {
  texts: [] as string[],
  writableLength: 0,
  write(text: string): void {
    target.texts.push(text);
  },
};

describe('the log', () => {
  beforeEach(() => {
    target.texts = [];
    target.writableLength = 0;
  });

  it('is lines for people', () => {
    const log = openLog('text', 'info', target);
    log.info({ neighbor: '192.0.2.2' }, 'session up');
    log.warn('no neighbor');
    log.debug('not told');
    expect(target.texts.map((line) => line.replace(/^\S+/, 'TIME'))).toEqual([
      'TIME info  192.0.2.2: session up\n',
      'TIME warn  no neighbor\n',
    ]);
    expect(target.texts[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /);
  });

  it('is JSON for programs', () => {
    openLog('json', 'debug', target).debug(
      { neighbor: '192.0.2.2', kind: 'transition' },
      'Idle -> Connect',
    );
    expect(JSON.parse(target.texts[0]!)).toEqual({
      level: 'debug',
      time: expect.any(String),
      neighbor: '192.0.2.2',
      kind: 'transition',
      msg: 'Idle -> Connect',
    });
  });

  it('that is gathered leaves in one piece, and in order', async () => {
    const gathered = new GatheredTarget(target);
    const log = openLog('text', 'info', gathered);
    for (const line of ['one', 'two', 'three']) log.info(line);
    expect(target.texts).toEqual([]);
    expect(gathered.writableLength).toBeGreaterThan(0);
    await immediate();
    expect(target.texts).toHaveLength(1);
    expect(target.texts[0]).toMatch(/one\n.*two\n.*three\n$/);
    log.info('four');
    gathered.flush();
    expect(target.texts[1]).toMatch(/four\n$/);
    log.info('five');
    await immediate();
    expect(target.texts, 'one has just been written').toHaveLength(2);
    await expect.poll(() => target.texts).toHaveLength(3);
    expect(target.texts[2]).toMatch(/five\n$/);
  });

  it('does not fill the memory when nobody takes it, and says what is missing', () => {
    const log = openLog('text', 'info', target);
    target.writableLength = 2 << 20;
    for (let line = 0; line < 5; line++) log.info('lost');
    expect(target.texts).toEqual([]);
    target.writableLength = 0;
    log.info('kept');
    expect(target.texts[0]).toBe('5 log lines are missing here: nobody took them\n');
    expect(target.texts[1]).toContain('kept');
  });
});
