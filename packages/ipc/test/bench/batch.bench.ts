// How long an envelope takes to be written and read, beside a floor (copying the same bytes once) and
// beside the generated codec, which makes an object for each.

import { generatedCodec, ToHostReader, ToHostWriter } from '@peerloom/ipc';

const envelopes = 20_000;
const rounds = 15;

/** The best of some rounds: what the machine can do when nothing else runs. */
function bestNanosecondsPerEnvelope(run: () => number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const count = run();
    const elapsed = performance.now() - start;
    if (count !== envelopes) throw new Error(`${count} envelopes of ${envelopes}`);
    best = Math.min(best, (elapsed * 1e6) / envelopes);
  }
  return best;
}

function copyOnce(chunk: Uint8Array): number {
  const target = new Uint8Array(chunk.length);
  for (let index = 0; index < envelopes; index++) target.set(chunk);
  return envelopes;
}

function write(chunk: Uint8Array): Uint8Array[] {
  const writer = new ToHostWriter();
  const batches: Uint8Array[] = [];
  for (let index = 0; index < envelopes; index++) {
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
    while (reader.next()) if (reader.kind === 'data') count++;
  }
  return count;
}

function generated(chunk: Uint8Array): number {
  let count = 0;
  for (let index = 0; index < envelopes; index++) {
    const data = { peer: index & 1023, connection: index, bytes: chunk };
    const encoded = generatedCodec.ToHost.encode({ data }).finish();
    if (generatedCodec.ToHost.decode(encoded).body === 'data') count++;
  }
  return count;
}

for (const length of [19, 1448, 65_536]) {
  const chunk = new Uint8Array(length).fill(0xff);
  const batches = write(chunk);
  const floor = bestNanosecondsPerEnvelope(() => copyOnce(chunk));
  const written = bestNanosecondsPerEnvelope(() => {
    write(chunk);
    return envelopes;
  });
  const readBack = bestNanosecondsPerEnvelope(() => read(batches));
  const both = bestNanosecondsPerEnvelope(() => generated(chunk));
  console.log(
    `${String(length).padStart(6)} octets: floor ${floor.toFixed(0).padStart(6)} ns, ` +
      `write ${written.toFixed(0).padStart(6)} ns, read ${readBack.toFixed(0).padStart(5)} ns, ` +
      `generated codec (both) ${both.toFixed(0).padStart(6)} ns`,
  );
}
