import { type Engine, type EngineOptions, resolvePeerOptions } from '@peerloom/supervisor';

/**
 * `after`, with what the operator has shut down or started since `before` was applied: a reload must not
 * undo `neighbor A shutdown` by the way. Where the file itself says something else about a neighbor's
 * `shutdown` than it said before, the file decides.
 */
export function withOperatorShutdowns(
  after: EngineOptions,
  before: EngineOptions,
  engine: Engine,
): EngineOptions {
  const said = new Map(
    (before.neighbors ?? []).map((neighbor) => [
      keyOf(neighbor),
      resolvePeerOptions(before, neighbor).shutdown,
    ]),
  );
  const neighbors = (after.neighbors ?? []).map((neighbor) => {
    const saysNow = resolvePeerOptions(after, neighbor).shutdown;
    const saidBefore = said.get(keyOf(neighbor));
    const { address, sourceAddress } = resolvePeerOptions(after, neighbor);
    const peer = engine.peer(address, sourceAddress);
    if (peer === undefined || saidBefore !== saysNow || peer.options.shutdown === saysNow) {
      return neighbor;
    }
    return { ...neighbor, shutdown: peer.options.shutdown };
  });
  return { ...after, neighbors };
}

function keyOf({ address, sourceAddress }: { address: string; sourceAddress?: string }): string {
  return `${address} ${sourceAddress ?? ''}`;
}
