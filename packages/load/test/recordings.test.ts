import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encodeBgp4mpMessage, encodePeerIndexTable, encodeRib } from '@peerloom/mrt';
import {
  baseSessionOptions,
  decodeUpdate,
  encodePathAttributes,
  encodeUpdate,
  familyKey,
  type PathAttribute,
} from '@peerloom/wire';
import { afterAll, describe, expect, it } from 'vitest';
import { checkRecordings } from '../src/routes/checkRecordings.ts';
import { readMrtTable } from '../src/routes/mrtTable.ts';
import { readMrtUpdates } from '../src/routes/mrtUpdates.ts';
import { PrefixIndex } from '../src/routes/prefixIndex.ts';
import { readRawUpdates } from '../src/routes/rawUpdates.ts';
import type { RouteEncoding } from '../src/routes/routeEncoding.ts';
import type { RouteTable } from '../src/routes/routeTable.ts';
import { defaultGroup, type RouteSource, type Scenario } from '../src/scenario.ts';

const directory = mkdtempSync(join(tmpdir(), 'peerloom-load-'));
afterAll(() => rmSync(directory, { recursive: true }));

const options = { ...baseSessionOptions, fourOctetAs: true };
const encoding: RouteEncoding = {
  firstAs: 65_001,
  internal: false,
  nextHop4: '10.9.9.9',
  nextHop6: '2001:db8::9',
  addPath: false,
  families: new Set([familyKey(1, 1), familyKey(2, 1)]),
  sources: 2,
};

const peers = [
  { bgpIdentifier: '1.1.1.1', address: '192.0.2.1', as: 100 },
  { bgpIdentifier: '2.2.2.2', address: '192.0.2.2', as: 200 },
];

function path(...asNumbers: number[]): PathAttribute[] {
  return [
    { type: 'origin', origin: 'igp' },
    { type: 'asPath', segments: [{ kind: 'sequence', asNumbers }] },
    { type: 'nextHop', nextHop: '192.0.2.1' },
  ];
}

function written(name: string, bytes: Uint8Array): string {
  const target = join(directory, name);
  writeFileSync(target, bytes);
  return target;
}

function file(name: string, ...records: readonly Uint8Array[]): string {
  const bytes = Buffer.concat(records);
  return written(name, name.endsWith('.gz') ? gzipSync(bytes) : bytes);
}

const rib = (
  sequence: number,
  prefix: string,
  ...entries: [number, PathAttribute[]][]
): Uint8Array =>
  encodeRib(0, {
    sequence,
    prefix,
    entries: entries.map(([peerIndex, attributes]) => ({
      peerIndex,
      originatedTime: 0,
      attributes: encodePathAttributes(attributes, options),
    })),
  });

const table = file(
  'table.gz',
  encodePeerIndexTable(0, { collectorIdentifier: '9.9.9.9', viewName: '', peers }),
  rib(0, '10.0.0.0/8', [0, path(100, 7)], [1, path(200, 7)]),
  rib(1, '11.0.0.0/8', [0, path(100, 7)]),
  rib(2, '12.0.0.0/8', [1, path(200, 8)]),
);

/** The prefixes of a feed, and the UPDATEs as they are sent. */
function feed(routes: RouteTable, number: number) {
  const index = new PrefixIndex(routes.prefixes);
  const { start, end } = routes.feeds[number]!;
  const { bytes, offsets } = routes.announcements;
  const numbers = routes.routes.slice(routes.routeStarts[start], routes.routeStarts[end]);
  const updates = Array.from({ length: end - start }, (_, i) => {
    const copy = bytes.slice(offsets[start + i], offsets[start + i + 1]);
    const decoded = decodeUpdate(copy, 0, copy.length, {
      ...options,
      families: encoding.families,
      // What is sent inside has LOCAL_PREF, which is discarded outside.
      peerType: 'internal',
    });
    if (!decoded.ok) throw new Error(decoded.fault.text);
    return decoded.message;
  });
  return { prefixes: [...numbers].map((one) => index.text((one & 0x7fff_ffff) >>> 0)), updates };
}

describe('routes of a table file', () => {
  it('are those of one recorded peer for each source', async () => {
    const routes = await readMrtTable({ file: table }, encoding);
    expect(routes.feeds).toHaveLength(2);
    expect(feed(routes, 0).prefixes).toEqual(['10.0.0.0/8', '11.0.0.0/8']);
    expect(feed(routes, 1).prefixes).toEqual(['10.0.0.0/8', '12.0.0.0/8']);
  });

  it('are left out, and counted, of peers whose part no source takes', async () => {
    const routes = await readMrtTable({ file: table }, { ...encoding, sources: 1 });
    expect(routes.feeds).toHaveLength(1);
    expect([...routes.unused]).toEqual([['192.0.2.2', 2]]);
    expect((await readMrtTable({ file: table }, encoding)).unused.size).toBe(0);
  });

  it('share an UPDATE where they share attributes, with the speaker in the peer\u2019s place', async () => {
    const { updates } = feed(await readMrtTable({ file: table }, encoding), 0);
    expect(updates).toHaveLength(1);
    expect(updates[0]!.attributes).toContainEqual({
      type: 'asPath',
      segments: [{ kind: 'sequence', asNumbers: [65_001, 7] }],
    });
    expect(updates[0]!.attributes).toContainEqual({ type: 'nextHop', nextHop: '10.9.9.9' });
  });

  it('are not those that lack what an UPDATE must have, and these are counted', async () => {
    const own = file(
      'own.mrt',
      encodePeerIndexTable(0, { collectorIdentifier: '9.9.9.9', viewName: '', peers }),
      rib(0, '10.0.0.0/8', [0, []]),
      rib(1, '11.0.0.0/8', [1, path(200, 7)]),
    );
    const routes = await readMrtTable({ file: own }, encoding);
    expect(routes.feeds).toHaveLength(1);
    expect(feed(routes, 0).prefixes).toEqual(['11.0.0.0/8']);
    expect(routes.leftOut).toBe(1);
  });

  it('can be those of a chosen peer, and not all of them', async () => {
    const chosen = { file: table, peers: ['192.0.2.2'], limit: 1 };
    const routes = await readMrtTable(chosen, encoding);
    expect(feed(routes, 0).prefixes).toEqual(['10.0.0.0/8']);
    await expect(readMrtTable({ file: table, peers: ['192.0.2.7'] }, encoding)).rejects.toThrow(
      /has no routes of 192\.0\.2\.7/,
    );
  });

  it('are found in a table of the old kind, whose AS numbers have two octets', async () => {
    const attributes = encodePathAttributes(path(100, 7), { ...options, fourOctetAs: false });
    const body = [
      [0, 0, 0, 0, 10, 0, 0, 0, 8, 1],
      [0, 0, 0, 0, 192, 0, 2, 1, 0, 100, 0, attributes.length],
      [...attributes],
    ].flat();
    const old = file(
      'old.mrt',
      Uint8Array.of(0, 0, 0, 0, 0, 12, 0, 1, 0, 0, 0, body.length, ...body),
    );
    const { prefixes, updates } = feed(await readMrtTable({ file: old }, encoding), 0);
    expect(prefixes).toEqual(['10.0.0.0/8']);
    expect(updates[0]!.attributes).toContainEqual({
      type: 'asPath',
      segments: [{ kind: 'sequence', asNumbers: [65_001, 7] }],
    });
  });

  it('keep the path in an internal session', async () => {
    const { updates } = feed(
      await readMrtTable({ file: table }, { ...encoding, internal: true }),
      0,
    );
    expect(updates[0]!.attributes).toContainEqual({ type: 'localPreference', value: 100 });
    expect(updates[0]!.attributes).toContainEqual({
      type: 'asPath',
      segments: [{ kind: 'sequence', asNumbers: [100, 7] }],
    });
  });
});

function nlri(prefix: string) {
  return { kind: 'prefix', prefix } as const;
}

describe('recorded updates', () => {
  const session = {
    peerAs: 100,
    localAs: 1,
    interfaceIndex: 0,
    peerAddress: '192.0.2.1',
    localAddress: '192.0.2.9',
  };
  const message = (
    seconds: number,
    announced: string[],
    withdrawn: string[],
    peerAddress = session.peerAddress,
  ): Uint8Array => {
    const [bytes] = encodeUpdate(
      {
        kind: 'update',
        nlri: announced.map(nlri),
        withdrawn: withdrawn.map(nlri),
        attributes: announced.length > 0 ? path(100, 7) : [],
      },
      options,
    );
    return encodeBgp4mpMessage(seconds, {
      ...session,
      peerAddress,
      fourOctetAs: true,
      addPath: false,
      isLocal: false,
      message: bytes!,
    });
  };

  it('are left out, and counted, of peers whose part no source takes', async () => {
    const name = file(
      'two.mrt',
      message(1000, ['10.0.0.0/8'], []),
      message(1001, ['11.0.0.0/8'], [], '192.0.2.2'),
      message(1002, [], ['11.0.0.0/8'], '192.0.2.2'),
    );
    const routes = await readMrtUpdates({ file: name }, { ...encoding, sources: 1 });
    expect(feed(routes, 0).prefixes).toEqual(['10.0.0.0/8']);
    expect([...routes.unused]).toEqual([['192.0.2.2', 2]]);
  });

  it('keep their timing', async () => {
    const name = file(
      'updates.mrt',
      message(1000, ['10.0.0.0/8'], []),
      message(1002, ['11.0.0.0/8'], []),
      message(1005, [], ['10.0.0.0/8']),
    );
    const routes = await readMrtUpdates({ file: name }, encoding);
    expect([...routes.times!]).toEqual([0, 2000, 5000]);
    const { prefixes, updates } = feed(routes, 0);
    expect(prefixes).toEqual(['10.0.0.0/8', '11.0.0.0/8', '10.0.0.0/8']);
    expect(updates[2]!.withdrawn).toEqual([{ kind: 'prefix', prefix: '10.0.0.0/8' }]);
    expect([...routes.routes].map((route) => route >= 0x8000_0000)).toEqual([false, false, true]);
  });
});

describe('raw UPDATEs', () => {
  const update = Buffer.concat([
    Buffer.alloc(16, 0xff),
    Buffer.from('002d02000000144001010040020602010000fde9400304c0000201080a', 'hex'),
  ]);
  // bzip2 of `update`, made once: the tests must not need the program.
  const bzip2 = Buffer.from(
    'QlpoOTFBWSZTWULoVekAABD0Bf1UBAAAAkAAQAAAIAACoAAxTAATQibQRpiaAxQhAooVDKXGfuOVn68RtZ8XckU4UJBC6FXp',
    'base64',
  );

  it.for<[string, string, Uint8Array]>([
    ['plain', 'raw.bin', update],
    ['gzip', 'raw.bin.gz', gzipSync(update)],
    ['bzip2', 'raw.bin.bz2', bzip2],
  ])('are read from a file that is %s', async ([, name, bytes]) => {
    const routes = await readRawUpdates([written(name, bytes)], false);
    expect(feed(routes, 0).prefixes).toEqual(['10.0.0.0/8']);
    expect(Buffer.from(routes.announcements.bytes)).toEqual(update);
  });

  it.for<[string, string, Uint8Array]>([
    ['cut gzip', 'cut-raw.gz', gzipSync(update).subarray(0, -9)],
    ['cut bzip2', 'cut-raw.bz2', bzip2.subarray(0, -12)],
  ])('are not read from %s', async ([, name, bytes]) => {
    const reading = readRawUpdates([written(name, bytes)], false);
    await expect(reading).rejects.toThrow(/cut-raw\.(gz|bz2): cannot be decompressed as .*cut, or/);
    await expect(reading).rejects.toMatchObject({ code: 'ERR_LOAD_ROUTES' });
  });
});

const mrtTable = (name: string): RouteSource => ({ kind: 'mrtTable', file: name });
const mrtUpdates = (name: string): RouteSource => ({ kind: 'mrtUpdates', file: name, speed: 1 });
const rawUpdates = (...files: string[]): RouteSource => ({ kind: 'rawUpdates', files });
const scenario = (routes: RouteSource, role: 'source' | 'sink' = 'source'): Scenario => ({
  name: 'look',
  target: { address: '127.0.0.1', port: 179 },
  speakers: [{ ...defaultGroup, role, routerId: '10.1.0.1' }],
  routes,
  seed: 1,
  phases: [],
  expect: { oracle: true, transparent: false },
  thresholds: [],
  workers: 1,
});

describe('a look at recordings', () => {
  const keepalive = Buffer.concat([Buffer.alloc(16, 0xff), Buffer.from([0, 19, 4])]);
  const index = { collectorIdentifier: '9.9.9.9', viewName: '', peers };
  // BGP4MP, a state change: those are not sent, and are of such files.
  const updates = file('look.mrt', Buffer.from('000000010010000000000001ff', 'hex'));
  const nowhere = join(directory, 'nowhere');
  const messages = file('messages.bin', keepalive, keepalive);
  const cutGzip = written('cut.bin.gz', gzipSync(keepalive).subarray(0, -9));
  const emptyGzip = written('empty.gz', new Uint8Array());
  const long = file('long.bin', ...Array.from({ length: 4000 }, () => keepalive));

  const compressed = file('messages.bin.gz', keepalive);
  const longAndCompressed = file('long.bin.gz', ...Array.from({ length: 4000 }, () => keepalive));

  it.for<[string, RouteSource]>([
    ['a table', mrtTable(table)],
    ['updates', mrtUpdates(updates)],
    ['messages', rawUpdates(messages)],
    // The look ends within a message, and not the file.
    ['more messages than are looked at', rawUpdates(messages, long)],
    ['compressed messages', rawUpdates(compressed, longAndCompressed)],
  ])('finds nothing wrong with %s', async ([, routes]) => {
    await expect(checkRecordings(scenario(routes))).resolves.toBeUndefined();
  });

  it('does not ask for what nobody announces', async () => {
    await expect(checkRecordings(scenario(mrtTable(nowhere), 'sink'))).resolves.toBeUndefined();
  });

  it('reads no more than the beginning', async () => {
    const cut = file('cut.mrt', encodePeerIndexTable(0, index), Buffer.from('0000', 'hex'));
    await expect(checkRecordings(scenario(mrtTable(cut)))).resolves.toBeUndefined();
  });

  it.for<[string, RouteSource, RegExp]>([
    ['a table that is not there', mrtTable(nowhere), /cannot read .*nowhere: ENOENT/],
    ['updates that are not there', mrtUpdates(nowhere), /cannot read .*nowhere: ENOENT/],
    ['messages that are not there', rawUpdates(messages, nowhere), /cannot read .*nowhere: EN/],
    ['a directory', mrtTable(directory), /cannot read .*: EISDIR/],
    ['a directory of messages', rawUpdates(directory), /cannot read .*: EISDIR/],
    ['a table in the place of updates', mrtUpdates(table), /type 13, no updates .*--mrt\)/],
    ['updates in the place of a table', mrtTable(updates), /type 16, no table .*--replay\)/],
    ['messages in the place of a table', mrtTable(long), /is this an MRT file\?/],
    ['a table in the place of messages', rawUpdates(table), /at octet 0: .*as on the wire/],
    ['an empty table', mrtTable(file('empty.mrt')), /empty\.mrt: it is empty/],
    ['an empty file of messages', rawUpdates(file('empty.bin')), /it has no UPDATEs/],
    ['no files', rawUpdates(), /rawUpdates\.files is empty/],
    [
      'a cut message',
      rawUpdates(file('cut.bin', keepalive, keepalive.subarray(0, 9))),
      /at octet 19: the file ends within a message/,
    ],
    [
      'gzip in name only',
      mrtTable(file('other.bz2', Buffer.from('plain'))),
      /named \.bz2, but does not begin like such a file/,
    ],
    [
      'messages that are gzip in name only',
      rawUpdates(file('not.bin.bz2', keepalive)),
      /\.bz2, but/,
    ],
    ['messages whose gzip was cut', rawUpdates(cutGzip), /cannot be decompressed as gzip .*cut/],
    ['an empty file that is called gzip', mrtTable(emptyGzip), /empty\.gz: is empty; give a file/],
    ['an empty gzip of messages', rawUpdates(emptyGzip), /empty\.gz: is empty; give a file/],
  ])('says what is wrong with %s', async ([, routes, said]) => {
    const looking = checkRecordings(scenario(routes));
    await expect(looking).rejects.toThrow(said);
    await expect(looking).rejects.toMatchObject({ code: 'ERR_LOAD_ROUTES' });
  });
});
