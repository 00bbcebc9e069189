// A full table in and out: UPDATEs into an Adj-RIB-In, for one peer and for 200 with the same table; and
// the same routes announced, to one session and to 200. Beside floors that walk the same octets.

import { AdjRibIn, AdjRibOut, AnnouncementTable, RibStore } from '@peerloom/rib';
import { splitUpdate, UpdateView } from '@peerloom/wire';
import {
  best,
  heading,
  ipv4Unicast,
  line,
  octets,
  options,
  type Stream,
  updateStream,
} from './measure.ts';

const view = new UpdateView();

/** Header after header, trusted. */
function walk({ bytes }: Stream): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at += (bytes[at + 16]! << 8) | bytes[at + 17]!) count += 1;
  return count;
}

function receiveAll(rib: AdjRibIn, { bytes, ends }: Stream, from = 0, to = ends.length): number {
  for (let index = from; index < to; index += 1) {
    const start = index === 0 ? 0 : ends[index - 1]!;
    if (rib.receive(view, bytes, start, ends[index]!).fault !== undefined) throw new Error('fault');
  }
  return rib.routeCount;
}

function newRib(store: RibStore): AdjRibIn {
  const rib = new AdjRibIn(store);
  rib.sessionUp(options);
  return rib;
}

function bytesOf(store: RibStore, ribs: readonly AdjRibIn[]): number {
  const { attributeBytes, routeKeyBytes } = store.statistics;
  let own = 0;
  for (const rib of ribs) for (const { byteLength } of rib.families) own += byteLength;
  return attributeBytes + routeKeyBytes + own;
}

{
  const stream = updateStream(250_000);
  const routes = 1_000_000;
  heading('one peer, 1,000,000 routes in 250,000 UPDATEs; a route');
  const floor = best(routes, () => walk(stream));
  line('floor (walking the headers)', floor, floor);
  let store = new RibStore();
  let rib = newRib(store);
  const receive = (): number => {
    store = new RibStore();
    rib = newRib(store);
    return receiveAll(rib, stream);
  };
  line('receive', best(routes, receive, 5), floor);
  line(
    'receive again',
    best(routes, () => receiveAll(rib, stream), 5),
    floor,
  );
  octets('memory, attributes included', bytesOf(store, [rib]) / routes);
  rib.sessionDown();
  let slowest = 0;
  for (let isMore = true; isMore; ) {
    const start = performance.now();
    isMore = store.reclaim(1000);
    slowest = Math.max(slowest, performance.now() - start);
  }
  console.log(`${'slowest step of freeing, 1,000 routes'.padEnd(46)} ${slowest.toFixed(2)} ms`);
}

{
  const stream = updateStream(5000);
  const peers = 200;
  const routes = peers * 20_000;
  heading('200 peers, the same 20,000 routes each; a route');
  const floor = best(routes / peers, () => walk(stream));
  line('floor (walking the headers)', floor, floor);
  let store = new RibStore();
  let ribs: AdjRibIn[] = [];
  const receive = (): number => {
    store = new RibStore();
    ribs = Array.from({ length: peers }, () => newRib(store));
    // As they come from 200 sockets: a few kilobytes of each at a time.
    for (let from = 0; from < stream.ends.length; from += 100) {
      for (const rib of ribs) receiveAll(rib, stream, from, from + 100);
    }
    return ribs.length;
  };
  line('receive', best(routes, receive, 3), floor);
  octets('memory, attributes included', bytesOf(store, ribs) / routes);
}

{
  const stream = updateStream(250_000);
  const routes = 1_000_000;
  const store = new RibStore();
  const table = new AnnouncementTable(store);
  const field = new Uint8Array(4 * 8);
  for (let index = 0; index < stream.ends.length; index += 1) {
    splitUpdate(view, stream.bytes, index === 0 ? 0 : stream.ends[index - 1]!, stream.ends[index]!);
    const { bytes, attributesStart, attributesEnd, nlriStart, nlriEnd } = view;
    // The NLRI as announcements want them: with a Path Identifier each.
    for (let at = nlriStart, to = 4; at < nlriEnd; at += 4, to += 8) {
      field.set(bytes.subarray(at, at + 4), to);
    }
    const block = store.attributes.intern(bytes, attributesStart, attributesEnd, 0x81);
    table.announceField(ipv4Unicast, field, 0, field.length, block);
    table.release(block);
  }
  heading('1,000,000 routes announced; a route');
  const floor = best(routes, () => walk(stream));
  line('floor (walking the headers)', floor, floor);
  const session = { options, localAs: 65001, nextHopSelf: { ipv4: '192.0.2.1' } };
  const pullAll = (sessions: number): number => {
    const outs = Array.from({ length: sessions }, () => new AdjRibOut(store, { tables: [table] }));
    for (const out of outs) out.sessionUp(session);
    let length = 0;
    for (let isMore = true; isMore; ) {
      isMore = false;
      for (const out of outs) {
        const bytes = out.pull(65_536);
        length += bytes?.length ?? 0;
        isMore ||= bytes !== undefined;
      }
    }
    for (const out of outs) out.sessionDown();
    return length;
  };
  line(
    'packed for one session',
    best(routes, () => pullAll(1), 5),
    floor,
  );
  line(
    'packed for 200 sessions, a session',
    best(routes * 200, () => pullAll(200), 3),
    floor,
  );
  octets('memory, attributes left out', table.family(ipv4Unicast)!.byteLength / routes);
}
