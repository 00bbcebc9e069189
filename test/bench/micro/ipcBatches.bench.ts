import { generatedCodec, ToHostReader, ToHostWriter } from '@peerloom/ipc';
import { besideFloor, sized } from './besideFloor.ts';

// A KEEPALIVE, a TCP segment, and as much as a socket hands over at most.
for (const length of [19, 1448, 65_536]) {
  besideFloor(`ipc batches of chunks of ${length.toLocaleString('en')} octets`, () => {
    const count = Math.min(sized(20_000), Math.ceil(40_000_000 / length));
    const chunk = new Uint8Array(length).fill(0xff);
    const copy = new Uint8Array(length);
    const batches = write(chunk, count);
    return {
      unit: 'chunk',
      count,
      floorName: 'copying the octets once',
      floor: () => {
        for (let index = 0; index < count; index += 1) copy.set(chunk);
        return count;
      },
      parts: [
        { name: 'write', run: () => write(chunk, count).length, below: 100 },
        { name: 'read', run: () => read(batches), below: 40 },
        { name: 'generated codec, both ways', run: () => generated(chunk, count), below: 800 },
      ],
    };
  });
}

function write(chunk: Uint8Array, count: number): Uint8Array[] {
  const writer = new ToHostWriter();
  const batches: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) {
    writer.data(index & 1023, index, chunk);
    if (writer.full) batches.push(writer.take()!);
  }
  const last = writer.take();
  if (last !== undefined) batches.push(last);
  return batches;
}

function read(batches: readonly Uint8Array[]): number {
  const reader = new ToHostReader();
  let count = 0;
  for (const batch of batches) {
    reader.open(batch);
    while (reader.next()) if (reader.kind === 'data') count += 1;
  }
  return count;
}

function generated(chunk: Uint8Array, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const data = { peer: index & 1023, connection: index, bytes: chunk };
    const encoded = generatedCodec.ToHost.encode({ data }).finish();
    if (generatedCodec.ToHost.decode(encoded).body === 'data') sum += 1;
  }
  return sum;
}
