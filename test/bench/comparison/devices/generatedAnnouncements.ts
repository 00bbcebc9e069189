import type { Announcement } from '@peerloom/ipc';
import { generateTable } from '@peerloom/load';
import { splitUpdate, UpdateView } from '@peerloom/wire';

/** The table that the load tester's source announces, as the engine takes routes: one item an UPDATE. */
export function generatedAnnouncements(prefixes: number, firstAs: number): Announcement[] {
  const { announcements } = generateTable({
    seed: 1,
    prefixes,
    ipv6Prefixes: 0,
    sources: 1,
    distribution: 'same',
    overlap: 0,
    firstAs,
    internal: false,
    nextHop4: '192.0.2.1',
    nextHop6: '2001:db8::1',
    addPath: false,
  });
  const { bytes, offsets } = announcements;
  const view = new UpdateView();
  return Array.from({ length: offsets.length - 1 }, (_, message) => {
    splitUpdate(view, bytes, offsets[message]!, offsets[message + 1]!);
    const { attributesStart, attributesEnd, nlriStart, nlriEnd } = view;
    return {
      family: 'ipv4-unicast',
      attributes: bytes.slice(attributesStart, attributesEnd),
      nlri: bytes.slice(nlriStart, nlriEnd),
    };
  });
}
