import {
  createEngine,
  type Engine,
  type EngineEvent,
  type EngineOptions,
  type NeighborOptions,
  type Peer,
  type Session,
} from '@peerloom/supervisor';

/** A speaker on a loopback address of its own: `speaker(2)` is AS 65002, identifier 192.0.2.2, at 127.0.0.2. */
export async function speaker(
  number: number,
  options: Partial<EngineOptions> = {},
): Promise<Engine> {
  return await createEngine({
    routerId: `192.0.2.${number}`,
    localAs: 65_000 + number,
    workers: 0,
    listen: [{ address: `127.0.0.${number}`, port: 0 }],
    ...options,
    limits: { closeTime: 2, ...options.limits },
  });
}

/** How the second speaker is to be a neighbour of the first: whom `engine` dials, and from where. */
export function neighborOf(
  engine: Engine,
  other: Engine,
  options: Partial<NeighborOptions> = {},
): NeighborOptions {
  const [ours] = engine.addresses;
  const [theirs] = other.addresses;
  return {
    address: theirs!.address,
    port: theirs!.port,
    sourceAddress: ours!.address,
    remoteAs: other.options.localAs,
    ...options,
  };
}

/** Makes two speakers neighbours of each other, both dialling unless told otherwise. */
export async function join(
  a: Engine,
  b: Engine,
  options: Partial<NeighborOptions> = {},
  own: { readonly a?: Partial<NeighborOptions>; readonly b?: Partial<NeighborOptions> } = {},
): Promise<[Peer, Peer]> {
  return await Promise.all([
    a.addPeer(neighborOf(a, b, { ...options, ...own.a })),
    b.addPeer(neighborOf(b, a, { ...options, ...own.b })),
  ]);
}

/** The session of a peer, once it is Established. */
export async function established(peer: Peer): Promise<Session> {
  for await (const session of peer.sessions({ updates: false })) return session;
  throw new Error(`${peer.address} was removed before its session came up`);
}

/** Everything that happens in an engine from now on. */
export function record(engine: Engine): EngineEvent[] {
  const events: EngineEvent[] = [];
  const stream = engine.events();
  void (async () => {
    for await (const event of stream) events.push(event);
  })();
  return events;
}

/** Those of one kind. */
export function ofKind<Kind extends EngineEvent['kind']>(
  events: readonly EngineEvent[],
  kind: Kind,
): Extract<EngineEvent, { kind: Kind }>[] {
  return events.filter((event) => event.kind === kind) as Extract<EngineEvent, { kind: Kind }>[];
}

/** Prefixes that a peer has announced to us, sorted. */
export async function prefixesFrom(peer: Peer): Promise<string[]> {
  const prefixes: string[] = [];
  for await (const route of peer.routes({ direction: 'received' })) prefixes.push(route.prefix);
  return prefixes.toSorted();
}
