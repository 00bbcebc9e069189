import { AdjRibIn, RibStore } from '@peerloom/rib';
import { besideFloor, sized } from './besideFloor.ts';
import { type Stream, sessionOptions, sumOctets, updateStream } from './updateStream.ts';

/** UPDATEs that a read of a socket brings, about. */
const chunkUpdates = 600;

besideFloor('a table from one peer into its Adj-RIB-In', () => {
  const stream = updateStream(sized(250_000));
  const [full] = newRibs(1);
  receive(full!, stream);
  return {
    unit: 'route',
    count: stream.ends.length * 4,
    floorName: 'adding up the octets of its UPDATEs',
    floor: () => sumOctets(stream.bytes),
    parts: [
      { name: 'first', run: () => receive(newRibs(1)[0]!, stream), below: 180 },
      { name: 'again', run: () => receive(full!, stream), below: 150 },
      { name: 'first, one by one', run: () => receiveEach(newRibs(1)[0]!, stream), below: 250 },
    ],
  };
});

const peers = 200;

besideFloor(`the same table from ${peers} peers`, () => {
  const stream = updateStream(sized(5000));
  return {
    unit: 'route',
    count: peers * stream.ends.length * 4,
    floorName: 'adding up the octets of their UPDATEs',
    floor: () => {
      let count = 0;
      for (let peer = 0; peer < peers; peer += 1) count += sumOctets(stream.bytes);
      return count;
    },
    parts: [
      {
        name: 'received',
        run: () => {
          const ribs = newRibs(peers);
          // As they come from sockets: a few kilobytes of each at a time.
          for (let from = 0; from < stream.ends.length; from += 100) {
            for (const rib of ribs) receive(rib, stream, from, from + 100);
          }
          return ribs.length;
        },
        below: 30,
      },
    ],
  };
});

function newRibs(count: number): AdjRibIn[] {
  const store = new RibStore();
  return Array.from({ length: count }, () => {
    const rib = new AdjRibIn(store);
    rib.sessionUp(sessionOptions);
    return rib;
  });
}

/** As a session takes them in: the first of a chunk by itself, the others in one run. */
function receive(
  rib: AdjRibIn,
  { bytes, ends }: Stream,
  from: number = 0,
  to: number = ends.length,
): number {
  for (let index = from; index < to; index += chunkUpdates) {
    const start = index === 0 ? 0 : ends[index - 1]!;
    const second = ends[index]!;
    const end = ends[Math.min(index + chunkUpdates, to) - 1]!;
    const taken =
      rib.receive(bytes, start, second).octets + rib.receivePlain(bytes, second, end, 4096).octets;
    if (taken !== end - start) throw new Error('not plain');
  }
  return rib.routeCount;
}

function receiveEach(rib: AdjRibIn, { bytes, ends }: Stream): number {
  let start = 0;
  for (const end of ends) {
    if (rib.receive(bytes, start, end).fault !== undefined) throw new Error('fault');
    start = end;
  }
  return rib.routeCount;
}
