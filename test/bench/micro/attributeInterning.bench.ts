import { AttributeStore } from '@peerloom/rib';
import { besideFloor, sized } from './besideFloor.ts';
import { blockStream, type Stream, sumOctets } from './updateStream.ts';

for (const blocks of new Set([sized(5000), sized(250_000)])) {
  besideFloor(`interning ${blocks.toLocaleString('en')} attribute blocks`, () => {
    const stream = blockStream(blocks);
    const full = new AttributeStore();
    internAll(full, stream);
    return {
      unit: 'block',
      count: blocks,
      floorName: 'adding up the octets',
      floor: () => sumOctets(stream.bytes),
      parts: [
        { name: 'new', run: () => internAll(new AttributeStore(), stream), below: 50 },
        { name: 'known', run: () => internAll(full, stream), below: 20 },
      ],
    };
  });
}

function internAll(store: AttributeStore, { bytes, ends }: Stream): number {
  let sum = 0;
  let start = 0;
  for (const end of ends) {
    sum += store.intern(bytes, start, end, 0);
    start = end;
  }
  return sum;
}
