import { type AsPathSegment, decodeUpdate, type UpdateOptions } from '@peerloom/wire';
import { expect, it } from 'vitest';
import { AdjRibOut, AnnouncementTable, RibStore } from '../src/index.ts';
import { ipv4Unicast, sessionOptions } from './sessions.ts';

const long = Array.from({ length: 255 }, (_, index) => 100 + index);
const sequence = (...asNumbers: number[]): AsPathSegment => ({ kind: 'sequence', asNumbers });
const set = (...asNumbers: number[]): AsPathSegment => ({ kind: 'set', asNumbers });
const confederation = (...asNumbers: number[]): AsPathSegment => ({
  kind: 'confederationSequence',
  asNumbers,
});

/** The AS_PATH that an announcement with `segments` has on a session. */
function sent(segments: AsPathSegment[], more: Partial<UpdateOptions>): readonly AsPathSegment[] {
  const store = new RibStore();
  const table = new AnnouncementTable(store);
  table.announce([
    {
      family: ipv4Unicast,
      nlri: { kind: 'prefix', prefix: '10.0.0.0/8' },
      attributes: [{ type: 'asPath', segments }],
      prependsLocalAs: true,
    },
  ]);
  const out = new AdjRibOut(store, { tables: [table] });
  const session = sessionOptions(more);
  out.sessionUp({ options: session, localAs: 70_000, nextHopSelf: { ipv4: '192.0.2.1' } });
  const bytes = out.pull(4096)!;
  const result = decodeUpdate(bytes, 0, bytes.length, session);
  const path = result.ok && result.message.attributes.find(({ type }) => type === 'asPath');
  return path && path.type === 'asPath' ? path.segments : [];
}

const cases: [what: string, given: AsPathSegment[], ...sent: AsPathSegment[][]][] = [
  ['an empty path', [], [sequence(70_000)], [], [confederation(70_000)]],
  [
    'a sequence',
    [sequence(65_001, 65_002)],
    [sequence(70_000, 65_001, 65_002)],
    [sequence(65_001, 65_002)],
    [confederation(70_000), sequence(65_001, 65_002)],
  ],
  [
    'a set',
    [set(65_001, 65_002)],
    [sequence(70_000), set(65_001, 65_002)],
    [set(65_001, 65_002)],
    [confederation(70_000), set(65_001, 65_002)],
  ],
  [
    'a sequence as long as they get',
    [sequence(...long)],
    [sequence(70_000), sequence(...long)],
    [sequence(...long)],
    [confederation(70_000), sequence(...long)],
  ],
];

it.for(cases)(
  '%s gets the local AS in front where it must',
  ([, given, external, internal, confed]) => {
    expect(sent(given, {})).toEqual(external);
    expect(sent(given, { peerType: 'internal' })).toEqual(internal);
    expect(sent(given, { confederationPeer: true })).toEqual(confed);
    // With 2-octet AS numbers the local one is known by AS4_PATH.
    expect(sent(given, { fourOctetAs: false })).toEqual(external);
  },
);
