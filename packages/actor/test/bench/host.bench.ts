// What an actor host costs by itself, without sockets and threads: octets of memory for each idle
// Established session, and CPU time for a table of a million prefixes in 250,000 UPDATEs, beside a floor
// (cutting the same bytes into messages).
//
// Run it with `--expose-gc` for the memory: node --expose-gc packages/actor/test/bench/host.bench.ts

import { type ActorHost, startHost } from '@peerloom/actor';
import { CommandKind, peerOptionDefaults, ToHostWriter, ToSupervisorReader } from '@peerloom/ipc';
import {
  Deframer,
  encodeEndOfRib,
  encodeKeepalive,
  encodeOpen,
  familyKey,
  UpdatePacker,
} from '@peerloom/wire';

const sessions = 5000;
const updates = 250_000;
const prefixesPerUpdate = 4;
/** Octets in flight to the host, as the supervisor has it. */
const credit = 1 << 20;

/** A host, and the test in the supervisor's place. */
class Rig {
  readonly host: ActorHost;
  readonly writer: ToHostWriter = new ToHostWriter();
  sent = 0;
  consumed = 0;
  #deliver: (batch: Uint8Array) => void = () => {};

  constructor() {
    const reader = new ToSupervisorReader();
    this.host = startHost({
      mail: {
        on: (_event, listener) => {
          this.#deliver = listener;
        },
        postMessage: (batch) => {
          reader.open(batch);
          while (reader.next()) if (reader.kind === 'consumed') this.consumed += reader.count;
        },
        close: () => {},
      },
    });
  }

  data(peer: number, bytes: Uint8Array): void {
    this.writer.data(peer, peer, bytes);
    this.sent += bytes.length;
  }

  async flush(): Promise<void> {
    const batch = this.writer.take();
    if (batch !== undefined) this.#deliver(batch);
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.sent - this.consumed > credit / 2);
  }

  async establish(peer: number): Promise<void> {
    this.host.spawn(peer, {
      ...peerOptionDefaults,
      address: `10.${peer >> 16}.${(peer >> 8) & 255}.${peer & 255}`,
      localAs: 65001,
      remoteAs: 65002,
      routerId: '192.0.2.1',
      passive: true,
    });
    this.writer.message({ kind: 'command', peer, action: CommandKind.start, text: '' });
    this.writer.message({ kind: 'accepted', peer, connection: peer, ...ends });
    this.data(peer, hello);
    if (peer % 100 === 0) await this.flush();
  }
}

const ends = {
  localAddress: '127.0.0.1',
  localPort: 179,
  remoteAddress: '127.0.0.2',
  remotePort: 40000,
};
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
  globalThis.gc!();
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function measureMemory(): Promise<void> {
  const rig = new Rig();
  for (let peer = 1; peer <= 200; peer++) await rig.establish(peer);
  await rig.flush();
  const before = octetsInUse();
  for (let peer = 201; peer <= 200 + sessions; peer++) await rig.establish(peer);
  await rig.flush();
  const octets = (octetsInUse() - before) / sessions;
  const { established } = rig.host.usage();
  if (established !== 200 + sessions) throw new Error(`${established} sessions are up`);
  console.log(`idle session         ${octets.toFixed(0).padStart(8)} octets`);
  await rig.host.stop();
}

/** UPDATEs of four prefixes each, no two with the same attributes, in chunks as a socket gives them. */
function table(): Uint8Array[] {
  const packer = new UpdatePacker(4096);
  const messages: Uint8Array[] = [];
  for (let update = 0; update < updates; update++) {
    const path = [65002, 3356, 1 + ((update * 7) % 60_000), 1 + (update >> 4)];
    const segments = path.flatMap((as) => [
      as >>> 24,
      (as >>> 16) & 255,
      (as >>> 8) & 255,
      as & 255,
    ]);
    const asPath = [0x40, 2, 2 + segments.length, 2, path.length, ...segments];
    packer.announce(Uint8Array.of(0x40, 1, 1, 0, ...asPath, 0x40, 3, 4, 192, 0, 2, 2));
    for (let index = 0; index < prefixesPerUpdate; index++) {
      const prefix = update * prefixesPerUpdate + index;
      packer.add(Uint8Array.of(24, 1 + (prefix >>> 16), (prefix >>> 8) & 255, prefix & 255));
    }
    messages.push(...packer.finish());
  }
  const stream = Buffer.concat(messages);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += 65_536) chunks.push(stream.subarray(at, at + 65_536));
  return chunks;
}

async function measureTable(): Promise<void> {
  const chunks = table();
  const floorStart = process.cpuUsage();
  const deframer = new Deframer();
  let messages = 0;
  for (const chunk of chunks) {
    deframer.push(chunk);
    while (deframer.next()) messages++;
  }
  if (messages !== updates) throw new Error(`${messages} messages of ${updates}`);
  const floor = seconds(floorStart);

  const rig = new Rig();
  await rig.establish(100);
  const start = process.cpuUsage();
  for (const chunk of chunks) {
    rig.data(100, chunk);
    if (rig.sent - rig.consumed > credit) await rig.flush();
  }
  while (rig.consumed < rig.sent - 4096) await rig.flush();
  const took = seconds(start);
  const { received } = rig.host.snapshot(100)[0]!.prefixes['ipv4-unicast']!;
  console.log(`floor (deframing)    ${floor.toFixed(2).padStart(8)} CPU-seconds`);
  console.log(`${received} prefixes     ${took.toFixed(2).padStart(8)} CPU-seconds`);
  await rig.host.stop();
}

function seconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

if (globalThis.gc === undefined) console.log('idle session: not measured, run with --expose-gc');
else await measureMemory();
await measureTable();
