import { AdjRibIn, RibStore } from '@peerloom/rib';
import { UpdateView } from '@peerloom/wire';
import { besideFloor, sized } from './besideFloor.ts';
import { type Stream, sessionOptions, sumOctets, updateStream } from './updateStream.ts';

const view = new UpdateView();

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
      { name: 'first', run: () => receive(newRibs(1)[0]!, stream), below: 250 },
      { name: 'again', run: () => receive(full!, stream), below: 200 },
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

function receive(
  rib: AdjRibIn,
  { bytes, ends }: Stream,
  from: number = 0,
  to: number = ends.length,
): number {
  for (let index = from; index < to; index += 1) {
    const start = index === 0 ? 0 : ends[index - 1]!;
    if (rib.receive(view, bytes, start, ends[index]!).fault !== undefined) throw new Error('fault');
  }
  return rib.routeCount;
}
