import {
  type Announcement,
  type EncodedAnnouncement,
  type RoutePack,
  type Withdrawal,
} from '@peerloom/ipc';
import {
  blockOptions,
  encodePathAttributes,
  familyKey,
  familyName,
  parseCommunity,
} from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import { packAnnouncements, packWithdrawals } from '../src/announcementPacker.ts';
import { forEachRecord } from '../src/routePack.ts';
import { Tally } from '../src/tally.ts';

const ipv4Unicast = familyKey(1, 1);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A record in words: its family, its block, and its NLRI, both in hexadecimal digits. */
interface Packed {
  readonly family: number;
  readonly block: string;
  readonly nlri: string;
}

function recordsOf(packed: RoutePack): Packed[] {
  const { octets } = packed;
  const records: Packed[] = [];
  let last = packed.records * 12;
  forEachRecord(packed, (family, start, blockEnd, end) => {
    expect(start).toBe(last);
    last = end;
    const block = hex(octets.slice(start, blockEnd));
    records.push({ family, block, nlri: hex(octets.slice(blockEnd, end)) });
  });
  expect(last).toBe(octets.length);
  return records;
}

function pack(announcements: readonly Announcement[]): {
  readonly packs: RoutePack[];
  readonly records: Packed[];
  readonly errors: readonly string[];
  readonly rejected: number;
} {
  const tally = new Tally();
  const packs = [...packAnnouncements(announcements, tally)];
  const { errors, rejected } = tally.result;
  return { packs, records: packs.flatMap(recordsOf), errors, rejected };
}

const withdrawn = (withdrawals: readonly Withdrawal[]): Packed[] =>
  [...packWithdrawals(withdrawals, new Tally())].flatMap(recordsOf);

const igp = encodePathAttributes([{ type: 'origin', origin: 'igp' }], blockOptions);
const igpHex = '40010100';

/** NLRI of so many IPv4 prefixes of length 24. */
function prefixes(count: number): Uint8Array {
  const nlri = new Uint8Array(count * 4);
  for (let each = 0; each < count; each += 1) {
    nlri.set([24, 10 + (each >> 16), (each >> 8) & 255, each & 255], each * 4);
  }
  return nlri;
}
const table = (count: number, attributes = igp): EncodedAnnouncement => ({
  family: 'ipv4-unicast',
  attributes,
  nlri: prefixes(count),
});

describe('announcements', () => {
  it('that follow each other with the same attributes share a record, encoded or spelled out', () => {
    const { packs, records } = pack([
      { prefix: '10.0.0.0/8' },
      { prefix: '10.1.2.3/16', origin: 'igp', pathId: 7 },
      table(1),
      // The same octets in another place.
      table(1, igp.slice()),
      { prefix: '10.2.0.0/16', multiExitDiscriminator: 5 },
      { prefix: '10.3.0.0/16' },
      { prefix: '2001:db8::/32' },
    ]);
    expect(records).toEqual([
      {
        family: ipv4Unicast,
        block: igpHex,
        nlri: '00000000080a00000007100a0100000000180a000000000000180a0000',
      },
      { family: ipv4Unicast, block: `${igpHex}80040400000005`, nlri: '00000000100a02' },
      { family: ipv4Unicast, block: igpHex, nlri: '00000000100a03' },
      { family: familyKey(2, 1), block: igpHex, nlri: '000000002020010db8' },
    ]);
    expect(packs.map(({ routes }) => routes)).toEqual([7]);
  });

  it('have the path identifiers that they come with', () => {
    const nlri = Uint8Array.of(0, 0, 0, 9, 8, 10);
    const encoded = { family: 'ipv4-unicast', attributes: igp, nlri, addPath: true };
    expect(pack([encoded]).records).toEqual([
      { family: ipv4Unicast, block: igpHex, nlri: '00000009080a' },
    ]);
  });

  it('whose attributes are in no usual form are read', () => {
    // LOCAL_PREF before ORIGIN, and AS4_PATH, which is never sent (RFC 6793 §4.1).
    const attributes = Uint8Array.from(
      Buffer.from(`400504000000c8${igpHex}c01106020100000009`, 'hex'),
    );
    expect(pack([table(1, attributes)]).records[0]!.block).toBe(`${igpHex}400504000000c8`);
  });

  it('have a next hop where their family has it', () => {
    const nextHop = Uint8Array.of(192, 0, 2, 1);
    const v4 = pack([{ ...table(1), nextHop }]).records[0]!;
    expect(v4.block).toBe(`${igpHex}400304c0000201`);
    const address = Uint8Array.of(0x20, 1, 0xd, 0xb8, ...new Uint8Array(11), 1);
    const other = Uint8Array.of(...address.subarray(0, 15), 2);
    const six = { family: 'ipv6-unicast', nlri: Uint8Array.of(8, 0x20), attributes: igp };
    // ORIGIN, and a NEXT_HOP that means nothing to IPv6 (RFC 4760 §3).
    const withBoth = Uint8Array.from(Buffer.from(`${igpHex}400304c0000201`, 'hex'));
    const v6 = pack([
      { ...six, nextHop: address },
      { ...six, nextHop: address.slice() },
      { ...six, nextHop: other },
      { ...six, nextHop: other, attributes: withBoth },
      six,
    ]);
    const head = (bytes: Uint8Array): string => `800e1500020110${hex(bytes)}00`;
    expect(v6.records.map(({ block }) => block)).toEqual([
      head(address) + igpHex,
      head(other) + igpHex,
      igpHex,
    ]);
    const mapped = pack([{ ...table(1), nextHop: address }]).records[0]!;
    expect(mapped.block).toBe(`800e1500010110${hex(address)}00${igpHex}`);
  });

  it('leave a place for the local AS in front of the AS_PATH, unless it is final', () => {
    const asPath = [65001];
    const open = `${igpHex}40020a0202000000000000fde9`;
    const final = `${igpHex}40020602010000fde9`;
    const attributes = Uint8Array.from(Buffer.from(final, 'hex'));
    const both = [{ prefix: '10.0.0.0/8', asPath }, table(1, attributes)];
    expect(pack(both).records.map(({ block }) => block)).toEqual([open]);
    const finals = both.map((each) => ({ ...each, asPathIsFinal: true }));
    expect(pack(finals).records.map(({ block }) => block)).toEqual([final]);
  });

  it('are refused alone, with what is wrong', () => {
    const wrong: [Announcement, RegExp][] = [
      [{ prefix: '10.0.0.0/33' }, /is no prefix/],
      [{ prefix: '10.0.0.0/8', pathId: -1 }, /pathId is -1; it must be an integer from 0/],
      [{ prefix: '10.0.0.0/8', family: 'ipv6-unicast' }, /no prefix of ipv6-unicast/],
      [{ prefix: '10.0.0.0/8', communities: ['nonsense'] }, /is no community/],
      [{ ...table(1), family: 'ipv9' }, /"ipv9" names no address family/],
      [{ ...table(1), nlri: Uint8Array.of(33, 1) }, /^routes of ipv4-unicast: /],
      [
        { prefix: '10.0.0.0/8', communities: Array.from({ length: 17_000 }, () => '1:1') },
        /no UPDATE has room|at most 65535/,
      ],
      [{ prefix: '10.0.0.0/8', asPath: [0] }, /^10\.0\.0\.0\/8: .*AS number 0/],
      [
        { prefix: '10.0.0.0/8', nextHop: '0.0.0.0' },
        /^10\.0\.0\.0\/8: the next hop is 0\.0\.0\.0; it must be an address that a host can have/,
      ],
      [{ prefix: '10.0.0.0/8', nextHop: '255.255.255.255' }, /that a host can have/],
      [{ prefix: '10.0.0.0/8', nextHop: 'ff02::1' }, /that a host can have/],
      [{ prefix: '2001:db8::/32', nextHop: '::' }, /that a host can have/],
      [{ ...table(1), nextHop: Uint8Array.of(224, 0, 0, 1) }, /that a host can have/],
      [
        { ...table(1), nextHop: new Uint8Array(16) },
        /^routes of ipv4-unicast: the next hop is ::; it must be/,
      ],
      [
        table(1, Uint8Array.from(Buffer.from(`${igpHex}40030400000000`, 'hex'))),
        /that a host can have/,
      ],
    ];
    for (const [item, why] of wrong) {
      const { records, errors, rejected } = pack([table(1), item, table(2), item]);
      expect(records).toEqual(pack([table(1), table(2)]).records);
      expect({ rejected, errors: errors.length }).toEqual({ rejected: 2, errors: 1 });
      expect(errors[0]).toMatch(why);
    }
  });

  it('of a family of unknown framing stay fields of their own', () => {
    const item = {
      family: familyName(familyKey(999, 9)),
      attributes: igp,
      nlri: Uint8Array.of(1, 2, 3),
    };
    expect(pack([item, item]).records.map(({ nlri }) => nlri)).toEqual(['010203', '010203']);
  });
});

describe('a table', () => {
  it('is cut between routes into parts of some milliseconds, each with its attributes', () => {
    const { packs, records } = pack([table(100_001)]);
    expect(packs.length).toBeGreaterThan(4);
    for (const { octets, routes } of packs) {
      expect(octets.length).toBeLessThan(132 * 1024);
      expect(octets.length).toBe(12 + igp.length + routes * 8);
    }
    expect(packs.reduce((sum, { routes }) => sum + routes, 0)).toBe(100_001);
    expect(new Set(records.map(({ block }) => block))).toEqual(new Set([igpHex]));
    const nlri = records.map((record) => record.nlri).join('');
    const expected = hex(prefixes(100_001)).replaceAll(/.{8}/g, '00000000$&');
    expect(nlri === expected).toBe(true);
  });

  it('has at most 2000 items in a part, and goes on in the next with the same attributes', () => {
    const communities = ['65001:1'];
    const items = Array.from({ length: 4500 }, (_, each) => ({
      prefix: `10.${each >> 8}.${each & 255}.0/24`,
      communities,
    }));
    const { packs, records } = pack(items);
    expect(packs.map(({ routes }) => routes)).toEqual([2000, 2000, 500]);
    const community = parseCommunity('65001:1')!.toString(16);
    expect(records.map(({ block }) => block)).toEqual(
      Array.from({ length: 3 }, () => `${igpHex}c00804${community}`),
    );
  });

  it('is in shared memory, so that all hosts have the same; a route is not worth that', () => {
    expect(pack([table(10_000)]).packs[0]!.octets.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(pack([table(1)]).packs[0]!.octets.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('goes on with the right attributes when what comes between two parts is refused', () => {
    const refused = { prefix: 'x', communities: ['1:1'] };
    const unreadable = table(
      1,
      Uint8Array.of(0x40, 5, 4, 0, 0, 0, 200, 0xc0, 7, 8, ...new Uint8Array(8)),
    );
    const items = Array.from({ length: 2000 }, () => table(1));
    const { records } = pack([...items, refused, unreadable, table(1)]);
    expect(records.map(({ block }) => block)).toEqual([igpHex, igpHex]);
  });
});

it('withdrawals have a record each, and no attributes', () => {
  const nlri = Uint8Array.of(8, 10, 8, 11);
  expect(withdrawn([{ prefix: '10.1.0.0/16' }, { family: 'ipv4-unicast', nlri }])).toEqual([
    { family: ipv4Unicast, block: '', nlri: '00000000100a01' },
    { family: ipv4Unicast, block: '', nlri: '00000000080a00000000080b' },
  ]);
});
