import { AdjRibOut, AnnouncementTable, RibStore } from '@peerloom/rib';
import { splitUpdate, UpdatePacker, UpdateView } from '@peerloom/wire';
import { besideFloor, sized } from './besideFloor.ts';
import {
  blockStream,
  ipv4Unicast,
  type Stream,
  sessionOptions,
  sumOctets,
  updateStream,
} from './updateStream.ts';

besideFloor('packing prefixes that share their attributes', () => {
  const count = sized(100_000);
  const nlri = new Uint8Array(count * 4);
  for (let at = 0; at < nlri.length; at += 4) nlri.set([24, 10, at >> 10, at >> 2], at);
  const { bytes: block } = blockStream(1);
  const packer = new UpdatePacker(sessionOptions.maximumSendLength);
  return {
    unit: 'prefix',
    count,
    floorName: 'adding up the octets',
    floor: () => sumOctets(nlri),
    parts: [
      {
        name: 'UpdatePacker',
        run: () => {
          packer.announce(block);
          for (let at = 0; at < nlri.length; at += 4) packer.add(nlri, at, at + 4);
          return packer.finish().length;
        },
        below: 25,
      },
    ],
  };
});

const sessions = 200;

besideFloor(`packing a table for one session and for ${sessions}`, () => {
  const stream = updateStream(sized(50_000));
  const store = new RibStore();
  const table = announced(store, stream);
  return {
    unit: 'route',
    count: stream.ends.length * 4,
    floorName: 'adding up the octets of its UPDATEs',
    floor: () => sumOctets(stream.bytes),
    parts: [
      { name: 'for one session', run: () => pullAll(store, table, 1), below: 80 },
      { name: `for all ${sessions}`, run: () => pullAll(store, table, sessions), below: 250 },
    ],
  };
});

/** The routes of a stream, announced to whoever asks. */
function announced(store: RibStore, { bytes, ends }: Stream): AnnouncementTable {
  const table = new AnnouncementTable(store);
  const view = new UpdateView();
  let start = 0;
  for (const end of ends) {
    splitUpdate(view, bytes, start, end);
    // The NLRI as announcements want them: with a Path Identifier each.
    const field = new Uint8Array((view.nlriEnd - view.nlriStart) * 2);
    for (let at = view.nlriStart, to = 4; at < view.nlriEnd; at += 4, to += 8) {
      field.set(bytes.subarray(at, at + 4), to);
    }
    const { attributesStart, attributesEnd } = view;
    const block = store.attributes.intern(bytes, attributesStart, attributesEnd, 0x81);
    table.announceField(ipv4Unicast, field, 0, field.length, block);
    table.release(block);
    start = end;
  }
  return table;
}

/** All UPDATEs for some sessions, each taking a chunk in turn. */
function pullAll(store: RibStore, table: AnnouncementTable, count: number): number {
  const session = { options: sessionOptions, localAs: 65001, nextHopSelf: { ipv4: '192.0.2.1' } };
  const outs = Array.from({ length: count }, () => new AdjRibOut(store, { tables: [table] }));
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
}
