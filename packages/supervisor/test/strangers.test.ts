import type { RangeOptions, RefusedEvent } from '@peerloom/supervisor';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAddressRange } from '../src/address.ts';
import type { EngineEvent } from '../src/engineEvent.ts';
import { EventHub } from '../src/eventHub.ts';
import { newCounters } from '../src/metrics.ts';
import type { PeerRecord } from '../src/peerRecord.ts';
import { Readers } from '../src/readers.ts';
import { Strangers } from '../src/strangers.ts';

const interval = 10_000;

let events: EngineEvent[];
let strangers: Strangers;

beforeEach(() => {
  vi.useFakeTimers();
  events = [];
  const hub = new EventHub(newCounters(), 1000, new Readers());
  vi.spyOn(hub, 'emit').mockImplementation((make) => void events.push(make()));
  strangers = new Strangers(hub);
});

afterEach(() => {
  strangers.end();
  vi.useRealTimers();
});

const ends = (remoteAddress: string): RefusedEvent['ends'] => ({
  localAddress: '192.0.2.1',
  localPort: 179,
  remoteAddress,
  remotePort: 40_000,
});

function refuse(count: number, addressOf: (index: number) => string): void {
  for (let index = 0; index < count; index++) {
    const address = addressOf(index);
    strangers.refused('noNeighbor', ends(address), `${address} is no neighbour and in no range`);
  }
}

const texts = (): string[] => events.map((event) => ('text' in event ? event.text : ''));

const range = parseAddressRange('10.0.0.0/8')!;
const stranger = (address: string): PeerRecord =>
  ({
    address,
    face: { address },
    range: { range, options: {} as RangeOptions, peers: new Set() },
  }) as unknown as PeerRecord;

it('a listed neighbour that is refused is told of by itself', () => {
  const listed = ['192.0.2.7', '192.0.2.8'].map(
    (key) => ({ key, face: { address: key } }) as unknown as PeerRecord,
  );
  for (const record of [...listed, ...listed]) {
    strangers.refused('shutdown', ends(record.key), `neighbour ${record.key} is shut down`, record);
  }
  vi.advanceTimersByTime(interval);
  expect(events.map((event) => ('peer' in event ? event.peer?.address : ''))).toEqual([
    '192.0.2.7',
    '192.0.2.8',
    '192.0.2.7',
    '192.0.2.8',
  ]);
  expect(texts()[3]).toMatch(/^refused connections: 1 more .*192\.0\.2\.8 is shut down$/);
});

describe('what strangers do', () => {
  it('is told the first time at once, and then together', () => {
    refuse(1, () => '198.51.100.1');
    expect(texts()).toEqual([
      'refused the connection from 198.51.100.1:40000: 198.51.100.1 is no neighbour and in no range',
    ]);
    refuse(3, (index) => `198.51.100.${(index >> 1) + 2}`);
    expect(events).toHaveLength(1);
    vi.advanceTimersByTime(interval);
    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({
      reason: 'noNeighbor',
      count: 3,
      addresses: 2,
      ends: { remoteAddress: '198.51.100.3' },
      text: 'refused connections: 3 more in the last 10 s, from 198.51.100.2, 198.51.100.3; the last from 198.51.100.3:40000: 198.51.100.3 is no neighbour and in no range',
    });
  });

  it('is counted to the last, however much it is, and names few', () => {
    refuse(100_001, (index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    vi.advanceTimersByTime(interval);
    expect(events).toMatchObject([{ count: 1 }, { count: 100_000, addresses: 1000 }]);
    expect(texts()[1]).toContain(
      '100000 more in the last 10 s, from at least 1000 addresses such as 10.0.0.1, 10.0.0.2, 10.0.0.3;',
    );
    // What was gathered is told once.
    refuse(2, () => '198.51.100.1');
    vi.advanceTimersByTime(interval);
    expect(events[2]).toMatchObject({ count: 2, addresses: 1 });
  });

  it('is told at once again after an interval without any', () => {
    refuse(1, () => '198.51.100.1');
    vi.advanceTimersByTime(interval);
    expect(vi.getTimerCount()).toBe(0);
    refuse(1, () => '198.51.100.2');
    expect(events).toMatchObject([{ count: 1 }, { count: 1 }]);
  });

  it('is gathered by reason, and by range', () => {
    strangers.refused('noNeighbor', ends('198.51.100.1'), 'it is no neighbour');
    strangers.refused('ttl', ends('198.51.100.2'), 'it is too far away');
    for (let index = 1; index <= 3; index++) {
      strangers.fruitless(stranger(`10.0.0.${index}`), ends(`10.0.0.${index}`));
      const fault = { time: 0, code: 'fault', text: 'no BGP', json: '{"action":"sessionReset"}' };
      strangers.faulty(stranger(`10.0.0.${index}`), fault);
    }
    expect(texts()).toEqual([
      'refused the connection from 198.51.100.1:40000: it is no neighbour',
      'refused the connection from 198.51.100.2:40000: it is too far away',
      'the connection from 10.0.0.1:40000, of range 10.0.0.0/8, ended before a session was Established',
      'no BGP',
    ]);
    vi.advanceTimersByTime(interval);
    expect(events.slice(4)).toMatchObject([
      {
        code: 'connection-without-session',
        peer: { address: '10.0.0.3' },
        text: 'connections of range 10.0.0.0/8 that ended before a session was Established: 2 more in the last 10 s, from 10.0.0.2, 10.0.0.3; the last from 10.0.0.3:40000',
        details: { range: '10.0.0.0/8', count: 2, addresses: 2 },
      },
      {
        code: 'fault',
        text: 'faults of neighbours of range 10.0.0.0/8 without a session: 2 more in the last 10 s, from 10.0.0.2, 10.0.0.3; the last: no BGP',
        details: { action: 'sessionReset', count: 2 },
      },
    ]);
  });

  it('is told before the end', () => {
    refuse(5, () => '198.51.100.1');
    strangers.end();
    expect(events).toMatchObject([{ count: 1 }, { count: 4 }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
