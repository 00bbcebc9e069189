// How long deframing takes, beside a floor: one that trusts every length and touches nothing else.
// The stream is what a full table looks like on a socket: 64 KiB chunks of UPDATEs of about 90 octets.

import { Deframer } from '@peerloom/wire';

const messageCount = 200_000;
const chunkLength = 65_536;
const rounds = 15;

function updateStream(): Uint8Array {
  const lengths = Array.from({ length: messageCount }, (_, i) => 60 + ((i * 7919) % 61));
  const stream = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const length of lengths) {
    stream.fill(0xff, at, at + 16);
    stream[at + 17] = length;
    stream[at + 18] = 2;
    at += length;
  }
  return stream;
}

function chunksOf(stream: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += chunkLength) {
    chunks.push(stream.subarray(at, at + chunkLength));
  }
  return chunks;
}

function walkLengths(stream: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < stream.length; at += (stream[at + 16]! << 8) | stream[at + 17]!) count += 1;
  return count;
}

function deframe(chunks: readonly Uint8Array[]): number {
  const deframer = new Deframer();
  let count = 0;
  for (const chunk of chunks) {
    deframer.push(chunk);
    while (deframer.next()) count += 1;
  }
  return count;
}

/** The best of some rounds: what the machine can do when nothing else runs. */
function bestNanosecondsPerMessage(run: () => number): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    const count = run();
    const elapsed = performance.now() - start;
    if (count !== messageCount) throw new Error(`${count} messages of ${messageCount}`);
    best = Math.min(best, (elapsed * 1e6) / messageCount);
  }
  return best;
}

const stream = updateStream();
const chunks = chunksOf(stream);
const floor = bestNanosecondsPerMessage(() => walkLengths(stream));
const deframed = bestNanosecondsPerMessage(() => deframe(chunks));
const gigabytesPerSecond = stream.length / messageCount / deframed;

console.log(`floor (lengths alone)  ${floor.toFixed(1).padStart(6)} ns a message`);
console.log(
  `Deframer               ${deframed.toFixed(1).padStart(6)} ns a message, ` +
    `${gigabytesPerSecond.toFixed(1)} GB/s, ${(1e3 / deframed).toFixed(0)} million messages a second`,
);
