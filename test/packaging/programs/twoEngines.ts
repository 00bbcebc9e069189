// What somebody writes who embeds two engines: they are each other's neighbour, tell each other a
// route each and another one by their handlers, and end. The argument is the number of workers of each.

import { createEngine, type Engine, type NeighborOptions } from '@peerloom/supervisor';

const workers = Number(process.argv[2]);
const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

function start(localAs: number, address: string, prefix: string): Promise<Engine> {
  return createEngine({
    routerId: address,
    localAs,
    workers,
    listen: [{ address, port: 0 }],
    announce: [{ prefix }],
    handler: new URL(`./handler${extension}`, import.meta.url),
  });
}

function neighborOf(engine: Engine, other: Engine): NeighborOptions {
  const [ours, theirs] = [engine.addresses[0]!, other.addresses[0]!];
  return { ...theirs, sourceAddress: ours.address, remoteAs: other.options.localAs };
}

/** Prefixes that the neighbour announces, until both have come. */
async function prefixesFrom(engine: Engine, neighbor: NeighborOptions): Promise<string[]> {
  const prefixes = new Set<string>();
  const peer = await engine.addPeer(neighbor);
  for await (const session of peer.sessions()) {
    for await (const update of session.updates()) {
      if (update.kind === 'lost') continue;
      for (const nlri of update.message.nlri) if ('prefix' in nlri) prefixes.add(nlri.prefix);
      if (prefixes.size === 2) return [...prefixes].toSorted();
    }
  }
  throw new Error(`${neighbor.address} went away`);
}

await using left = await start(65_001, '127.0.0.1', '198.51.100.0/24');
await using right = await start(65_002, '127.0.0.2', '203.0.113.0/24');
const [seenLeft, seenRight] = await Promise.all([
  prefixesFrom(left, neighborOf(left, right)),
  prefixesFrom(right, neighborOf(right, left)),
]);
console.log(JSON.stringify({ left: seenLeft, right: seenRight }));
