// Runs where there is ECMAScript and nothing else: two state machines bring up a session over bytes, one
// of them announces a route, the other's table takes it, and a dump of that table is written and read.

import { type FsmInput, type FsmState, PeerFsm } from '@peerloom/fsm';
import { decodeMrtRecord, encodeRib, MrtRecordReader } from '@peerloom/mrt';
import { AdjRibIn, RibStore } from '@peerloom/rib';
import {
  Afi,
  baseSessionOptions,
  Deframer,
  decodeMessage,
  encodeMessage,
  encodePathAttributes,
  familyKey,
  formatMessage,
  formatNlri,
  type Message,
  Safi,
  type SessionOptions,
  type UpdateMessage,
} from '@peerloom/wire';

const ipv4Unicast = familyKey(Afi.ipv4, Safi.unicast);
const options: SessionOptions = {
  ...baseSessionOptions,
  fourOctetAs: true,
  families: new Set([ipv4Unicast]),
};

/** The messages of a stream, each cut in two as TCP may do. */
function* cutAndDeframed(stream: readonly Uint8Array[]): Generator<Deframer, void, undefined> {
  const deframer = new Deframer();
  for (const bytes of stream) {
    for (const chunk of [bytes.subarray(0, 10), bytes.subarray(10)]) {
      deframer.push(chunk);
      while (deframer.next()) yield deframer;
    }
  }
  if (deframer.fault !== undefined) throw new Error(deframer.fault.text);
}

/** A message as it arrives on the other side. */
function carried(message: Message): Message {
  for (const { bytes, start, end } of cutAndDeframed(encodeMessage(message, options))) {
    const result = decodeMessage(bytes, start, end, options);
    if (!result.ok) throw new Error(result.fault.text);
    return result.message;
  }
  throw new Error('nothing arrived');
}

const random = (): number => 0.5;

function statesOfHandshake(): FsmState[] {
  const fsms = [
    new PeerFsm({ localAs: 65_001, remoteAs: 65_002, routerId: '192.0.2.1' }, random),
    new PeerFsm(
      { localAs: 65_002, remoteAs: 65_001, routerId: '192.0.2.2', passive: true },
      random,
    ),
  ];
  const queue: [to: number, input: FsmInput][] = [
    [1, { type: 'start', cause: 'manual' }],
    [0, { type: 'start', cause: 'manual' }],
  ];
  for (const [to, input] of queue) {
    const far = 1 - to;
    for (const output of fsms[to]!.step(0, input)) {
      if (output.type === 'dial') {
        queue.push([far, { type: 'accepted', connection: 1 }]);
        queue.push([to, { type: 'dialConnected', dial: output.dial, connection: 1 }]);
      } else if (output.type === 'send') {
        queue.push([far, { type: 'message', connection: 1, message: carried(output.message) }]);
      }
    }
  }
  return fsms.map(({ state }) => state);
}

const update: UpdateMessage = {
  kind: 'update',
  withdrawn: [],
  attributes: [
    { type: 'origin', origin: 'igp' },
    { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65_001, 4_200_000_000] }] },
    { type: 'nextHop', nextHop: '192.0.2.1' },
  ],
  nlri: [{ kind: 'prefix', prefix: '203.0.113.0/24' }],
};

function routesReceived(): string[] {
  const rib = new AdjRibIn(new RibStore());
  rib.sessionUp(options);
  for (const { bytes, start, end } of cutAndDeframed(encodeMessage(update, options))) {
    rib.receive(bytes, start, end);
  }
  return rib.routes({ family: ipv4Unicast, limit: 10 }).routes.map(({ nlri }) => formatNlri(nlri));
}

function prefixesDumped(): string[] {
  const attributes = encodePathAttributes(update.attributes, options);
  const entries = [{ peerIndex: 0, originatedTime: 0, attributes }];
  const bytes = encodeRib(0, { sequence: 0, prefix: '203.0.113.0/24', entries });
  return Array.from(new MrtRecordReader().push(bytes), (record) => {
    const entry = decodeMrtRecord(record);
    return entry?.kind === 'rib' ? entry.prefix : 'something else';
  });
}

/** What came of it, as JSON. */
export const outcome: string = JSON.stringify({
  states: statesOfHandshake(),
  message: formatMessage(carried(update)),
  routes: routesReceived(),
  dump: prefixesDumped(),
});
