import { CommandKind, type PeerOptions, type SpawnContext } from '@peerloom/ipc';
import {
  type Capability,
  encodeKeepalive,
  encodeOpen,
  encodeRouteRefresh,
  encodeUpdate,
  type FamilyKey,
  familyKey,
  type OpenMessage,
  type PathAttribute,
  type SessionOptions,
  type UpdateMessage,
} from '@peerloom/wire';
import { peerOptions, type TestHost } from './testHost.ts';

export const ipv4Unicast: FamilyKey = familyKey(1, 1);
export const ipv6Unicast: FamilyKey = familyKey(2, 1);

/** What a scripted peer encodes its UPDATEs under. */
export const plainSession: SessionOptions = {
  fourOctetAs: true,
  maximumReceiveLength: 4096,
  maximumSendLength: 4096,
  families: new Set([ipv4Unicast, ipv6Unicast]),
  addPathReceive: new Set(),
  addPathSend: new Set(),
  extendedNextHop: new Set(),
  peerType: 'external',
};

export const defaultCapabilities: readonly Capability[] = [
  { type: 'multiprotocol', afi: 1, safi: 1 },
  { type: 'multiprotocol', afi: 2, safi: 1 },
  { type: 'routeRefresh' },
  { type: 'enhancedRouteRefresh' },
  { type: 'fourOctetAs', as: 65002 },
];

/** Attributes that any route of AS 65002 may have. */
export const routeAttributes: readonly PathAttribute[] = [
  { type: 'origin', origin: 'igp' },
  { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65002] }] },
  { type: 'nextHop', nextHop: '192.0.2.2' },
];

/** A neighbour played by the test, octet by octet. */
export class ScriptedPeer {
  readonly host: TestHost;
  readonly peer: number;
  connection = 0;
  capabilities: readonly Capability[] = defaultCapabilities;
  holdTime = 90;

  constructor(host: TestHost, peer = 1) {
    this.host = host;
    this.peer = peer;
  }

  /** Spawns and starts the actor, and brings the session up. */
  establish(options: Partial<PeerOptions> = {}, context: SpawnContext = {}): this {
    const full = peerOptions({
      families: ['ipv4-unicast', 'ipv6-unicast'],
      passive: true,
      ...options,
    });
    this.host.spawn(this.peer, full, context);
    this.host.command(this.peer, CommandKind.start);
    return this.connect();
  }

  /** Connects, exchanges OPENs and KEEPALIVEs. */
  connect(): this {
    this.connection = this.host.accept(this.peer);
    this.send(encodeOpen(this.open()), encodeKeepalive());
    return this;
  }

  open(): OpenMessage {
    return {
      kind: 'open',
      version: 4,
      myAs: 65002,
      holdTime: this.holdTime,
      bgpIdentifier: '192.0.2.2',
      capabilities: this.capabilities,
    };
  }

  send(...messages: Uint8Array[]): void {
    this.host.receive(this.peer, this.connection, ...messages);
  }

  keepalive(): void {
    this.send(encodeKeepalive());
  }

  /** Sends an UPDATE with the next batch. */
  queue(message: Partial<UpdateMessage>): void {
    const { host, peer, connection } = this;
    for (const bytes of updateBytes({ attributes: routeAttributes, ...message })) {
      host.writer.data(peer, connection, bytes);
    }
  }

  update(message: Partial<UpdateMessage>, options: SessionOptions = plainSession): void {
    this.send(...updateBytes(message, options));
  }

  /** Announces IPv4 prefixes. */
  announce(...prefixes: string[]): void {
    const nlri = prefixes.map((prefix) => ({ kind: 'prefix' as const, prefix }));
    this.update({ attributes: routeAttributes, nlri });
  }

  withdraw(...prefixes: string[]): void {
    this.update({ withdrawn: prefixes.map((prefix) => ({ kind: 'prefix' as const, prefix })) });
  }

  endOfRib(): void {
    this.update({});
  }

  /** A ROUTE-REFRESH. */
  routeRefresh(subtype: number, afi = 1, safi = 1): void {
    this.send(encodeRouteRefresh({ kind: 'routeRefresh', afi, safi, subtype }));
  }

  /** The neighbour, or the network, ends the connection. */
  close(errno = ''): void {
    const { host, peer, connection } = this;
    host.writer.message({ kind: 'closed', peer, connection, errno, text: 'the connection ended' });
    host.flush();
  }

  /** Prefixes in the Adj-RIB-In. */
  get prefixes(): string[] {
    const { routes } = this.host.host.routes(this.peer, { direction: 'received' });
    return routes.map(({ prefix }) => prefix).toSorted();
  }
}

export function updateBytes(
  message: Partial<UpdateMessage>,
  options: SessionOptions = plainSession,
): Uint8Array[] {
  return encodeUpdate(
    { kind: 'update', withdrawn: [], attributes: [], nlri: [], ...message },
    options,
  );
}
