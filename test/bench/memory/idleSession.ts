import { setImmediate as immediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ActorHost, startHost } from '@peerloom/actor';
import {
  CommandKind,
  type CommonPeerOptions,
  peerOptionDefaults,
  ToHostWriter,
  ToSupervisorReader,
} from '@peerloom/ipc';
import { encodeEndOfRib, encodeKeepalive, encodeOpen, familyKey } from '@peerloom/wire';

/** Sessions before the first look: what all of them share is there by then. */
const before = 200;

/**
 * Octets of heap and array buffers that an idle Established session takes in an actor host alone: what
 * the system shows of a process has the sockets in it too, and room that V8 has taken and not filled.
 */
export async function octetsOfIdleSession(sessions: number): Promise<number> {
  const rig = new Rig();
  await rig.establish(before);
  const empty = octetsInUse();
  await rig.establish(before + sessions);
  const octets = (octetsInUse() - empty) / sessions;
  await rig.host.stop();
  return octets;
}

/** A host, with this process in the supervisor's place. */
class Rig {
  readonly host: ActorHost;
  readonly #writer = new ToHostWriter();
  #deliver: (batch: Uint8Array) => void = () => {};
  #peers = 0;

  constructor() {
    const reader = new ToSupervisorReader();
    this.host = startHost({
      mail: {
        on: (_event, listener) => {
          this.#deliver = listener;
        },
        postMessage: (batch) => {
          if (batch instanceof SharedArrayBuffer) return;
          reader.open(batch);
          while (reader.next());
        },
        close: () => {},
      },
    });
  }

  /** Brings sessions up until there are `peers`. */
  async establish(peers: number): Promise<void> {
    while (this.#peers < peers) {
      this.#peers += 1;
      const peer = this.#peers;
      const address = `10.${peer >> 16}.${(peer >> 8) & 255}.${peer & 255}`;
      this.host.make({ peer, address, options });
      this.#writer.message({ kind: 'command', peer, action: CommandKind.start, text: '' });
      this.#writer.message({ kind: 'accepted', peer, connection: peer, ...ends });
      this.#writer.data(peer, peer, hello);
      if (peer % 100 === 0) this.#flush();
    }
    this.#flush();
    while (this.host.usage().established < peers) await immediate();
  }

  #flush(): void {
    const batch = this.#writer.take();
    if (batch !== undefined) this.#deliver(batch);
  }
}

/** All peers are told the same, as those of one range are. */
const options: CommonPeerOptions = {
  ...peerOptionDefaults,
  localAs: 65001,
  remoteAs: 65002,
  routerId: '192.0.2.1',
  passive: true,
};

const ends = {
  localAddress: '127.0.0.1',
  localPort: 179,
  remoteAddress: '127.0.0.2',
  remotePort: 40000,
};

/** All that the neighbour says until it is Established. */
const hello = Buffer.concat([
  encodeOpen({
    kind: 'open',
    version: 4,
    myAs: 65002,
    holdTime: 90,
    bgpIdentifier: '192.0.2.2',
    capabilities: [
      { type: 'multiprotocol', afi: 1, safi: 1 },
      { type: 'routeRefresh' },
      { type: 'fourOctetAs', as: 65002 },
    ],
  }),
  encodeKeepalive(),
  encodeEndOfRib(familyKey(1, 1)),
]);

/** Octets in use, once what is not has been collected. */
function octetsInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
