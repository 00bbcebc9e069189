import { Deframer } from '@peerloom/wire';
import { besideFloor, sized } from './besideFloor.ts';
import { updateStream, walkHeaders } from './updateStream.ts';

/** What a socket hands over at a time. */
const chunkLength = 65_536;

besideFloor('deframing UPDATEs that come in chunks of 64 KiB', () => {
  const stream = updateStream(sized(200_000));
  const { bytes, ends } = stream;
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkLength) }, (_, index) =>
    bytes.subarray(index * chunkLength, (index + 1) * chunkLength),
  );
  const deframe = (): number => {
    const deframer = new Deframer();
    let count = 0;
    for (const chunk of chunks) {
      deframer.push(chunk);
      while (deframer.next()) count += 1;
    }
    return count;
  };
  return {
    unit: 'message',
    count: ends.length,
    floorName: 'walking the lengths',
    floor: () => walkHeaders(stream),
    parts: [{ name: 'Deframer', run: deframe, below: 25 }],
  };
});
