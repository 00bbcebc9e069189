import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  baseSessionOptions,
  encodePathAttributes,
  encodeUpdate,
  ipv4Unicast,
  type PathAttribute,
  type UpdateMessage,
} from '@peerloom/wire';
import { afterAll, describe, expect, it } from 'vitest';
import { readMrtFile, readMrtStream } from '../src/file.ts';
import {
  BgpdumpFormatter,
  decodeMrtRecord,
  encodeBgp4mpMessage,
  encodeBgp4mpStateChange,
  encodePeerIndexTable,
  encodeRib,
} from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'peerloom-mrt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plain = Buffer.concat(
  Array.from({ length: 3 }, (_, index) =>
    encodeRib(index, { sequence: index, prefix: `10.${index}.0.0/16`, entries: [] }),
  ),
);

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function prefixes(from: string | AsyncIterable<Uint8Array>): Promise<string[]> {
  const found: string[] = [];
  const records = typeof from === 'string' ? readMrtFile(from) : readMrtStream(from, 'the stream');
  for await (const record of records) {
    const entry = decodeMrtRecord(record);
    if (entry?.kind === 'rib') found.push(entry.prefix);
  }
  return found;
}

const expected = ['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/16'];

// bzip2 of `plain`, made once: the tests must not need the program.
const bzip2 = Buffer.from(
  'QlpoOTFBWSZTWWjfI20AAAJgAHAyQAAgACI9NIghgGWuwsmiYcQzq8owsM8KTfi7kinChING+Rto',
  'base64',
);

describe('readMrtFile', () => {
  it.each([
    ['plain', 'rib', plain],
    ['gzip', 'rib.gz', gzipSync(plain)],
    ['gzip under any name', 'rib.dump', gzipSync(plain)],
    ['bzip2', 'rib.bz2', bzip2],
  ])('reads %s', async (_, name, bytes) => {
    expect(await prefixes(written(name, bytes))).toEqual(expected);
  });

  it.each([
    ['a plain file that was cut', 'cut', plain.subarray(0, -1), 'ERR_MRT_TRUNCATED'],
    ['gzip that was cut', 'cut.gz', gzipSync(plain).subarray(0, -9), 'ERR_MRT_COMPRESSION'],
    ['bzip2 that was cut', 'cut.bz2', bzip2.subarray(0, -12), 'ERR_MRT_COMPRESSION'],
    ['gzip that is not gzip', 'not.gz', plain, 'ERR_MRT_COMPRESSION'],
    ['text', 'text', Buffer.from('this is not an MRT file at all'), 'ERR_MRT_RECORD_TOO_LONG'],
  ])('refuses %s', async (_, name, bytes, code) => {
    const message = expect.not.stringMatching(/undefined|not a function/) as string;
    await expect(prefixes(written(name, bytes))).rejects.toMatchObject({
      name: 'MrtError',
      code,
      message,
    });
  });

  it('says what the system says of a file that is not there', async () => {
    await expect(prefixes(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('readMrtStream', () => {
  it.each([
    ['plain', plain],
    ['gzip', gzipSync(plain)],
    ['bzip2', bzip2],
  ])('reads %s, even if it comes octet by octet', async (_, bytes) => {
    const octets = Array.from(bytes, (octet) => Buffer.from([octet]));
    expect(await prefixes(Readable.from(octets))).toEqual(expected);
  });

  it('reads nothing from an empty one', async () => {
    expect(await prefixes(Readable.from([]))).toEqual([]);
  });

  it('names it when it is damaged', async () => {
    const cut = gzipSync(plain).subarray(0, -9);
    await expect(prefixes(Readable.from([cut]))).rejects.toMatchObject({
      code: 'ERR_MRT_COMPRESSION',
      message: expect.stringContaining('the stream: cannot be decompressed as gzip') as string,
    });
  });

  it('lets go of the stream when nobody reads on', async () => {
    const source = Readable.from(Array.from({ length: 100 }, () => plain));
    for await (const { type } of readMrtStream(source, 'the stream')) {
      expect(type).toBe(13);
      break;
    }
    expect(source.destroyed).toBe(true);
  });
});

const bgpdump = '/usr/bin/bgpdump';
const noBgpdump = existsSync(bgpdump)
  ? ''
  : 'bgpdump not found; install with: apt-get install bgpdump';

/** Compares our lines with those of `bgpdump -m`, by the first difference: a long diff helps nobody. */
async function expectAsBgpdump(path: string): Promise<void> {
  const formatter = new BgpdumpFormatter();
  const lines: string[] = [];
  for await (const record of readMrtFile(path)) {
    const entry = decodeMrtRecord(record);
    if (entry !== undefined) lines.push(...formatter.lines(record, entry));
  }
  const { stdout } = await promisify(execFile)(bgpdump, ['-m', path], { maxBuffer: 1 << 28 });
  const theirs = stdout.trimEnd().split('\n');
  expect(theirs.length).toBeGreaterThan(0);
  const first = theirs.findIndex((line, index) => line !== lines[index]);
  expect(first < 0 ? [] : [lines[first], theirs[first]]).toEqual([]);
  expect(lines.length).toBe(theirs.length);
}

/** Attributes that are printed in a way of their own, or not at all. */
const attributeSets: readonly (readonly [string, readonly PathAttribute[]])[] = [
  ['no more than there must be', []],
  [
    'segments of every kind',
    [
      {
        type: 'asPath',
        segments: [
          { kind: 'confederationSequence', asNumbers: [64_512, 64_513] },
          { kind: 'confederationSet', asNumbers: [64_514, 64_515] },
          { kind: 'sequence', asNumbers: [65_001, 4_200_000_001] },
          { kind: 'set', asNumbers: [7, 8, 9] },
        ],
      },
    ],
  ],
  ['ORIGIN incomplete', [{ type: 'origin', origin: 'incomplete' }]],
  ['ORIGIN EGP', [{ type: 'origin', origin: 'egp' }]],
  [
    'LOCAL_PREF and MULTI_EXIT_DISC',
    [
      { type: 'localPreference', value: 4_294_967_295 },
      { type: 'multiExitDiscriminator', value: 4_294_967_294 },
    ],
  ],
  [
    'an aggregate',
    [{ type: 'atomicAggregate' }, { type: 'aggregator', as: 4_200_000_002, address: '192.0.2.77' }],
  ],
  [
    'communities, well-known ones among them',
    [
      {
        type: 'communities',
        communities: [0xfde9_0064, 0xffff_ff01, 0xffff_ff02, 0xffff_ff03, 0xffff_029a, 0xffff_0000],
      },
    ],
  ],
  [
    'large communities beside others',
    [
      { type: 'communities', communities: [0xfde9_0064] },
      {
        type: 'largeCommunities',
        communities: [{ globalAdministrator: 65_001, localData1: 1, localData2: 2 }],
      },
    ],
  ],
];

/** With the attributes that every route must have. */
function completed(attributes: readonly PathAttribute[]): PathAttribute[] {
  const basics: readonly PathAttribute[] = [
    { type: 'origin', origin: 'igp' },
    { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65_001, 65_002] }] },
    { type: 'nextHop', nextHop: '192.0.2.1' },
  ];
  const own = new Set(attributes.map(({ type }) => type));
  return [...basics.filter(({ type }) => !own.has(type)), ...attributes];
}

describe.skipIf(noBgpdump !== '')('what is written prints as bgpdump -m prints it', () => {
  const session = {
    peerAs: 65_001,
    localAs: 65_000,
    interfaceIndex: 0,
    peerAddress: '192.0.2.1',
    localAddress: '192.0.2.9',
    fourOctetAs: true,
    addPath: false,
    isLocal: false,
  };
  const sessionOptions = { ...baseSessionOptions, fourOctetAs: true };
  it.for(attributeSets)('in a table, with %s', async ([name, attributes]) => {
    const block = encodePathAttributes(completed(attributes), sessionOptions);
    const peers = [{ bgpIdentifier: '192.0.2.1', address: '192.0.2.1', as: 65_001 }];
    const entry = { peerIndex: 0, originatedTime: 1000, attributes: block };
    const table = { collectorIdentifier: '192.0.2.9', viewName: '', peers };
    const records = [
      encodePeerIndexTable(1000, table),
      encodeRib(1000, { sequence: 0, prefix: '198.51.100.0/24', entries: [entry, entry] }),
      encodeRib(1000, {
        sequence: 1,
        prefix: '203.0.113.0/24',
        entries: [{ ...entry, pathId: 7 }],
      }),
    ];
    await expectAsBgpdump(written(`table ${name}`, Buffer.concat(records)));
  });

  it.for(attributeSets)('in updates, with %s', async ([name, attributes]) => {
    const records = [false, true].flatMap((withMicroseconds) => {
      const update: UpdateMessage = {
        kind: 'update',
        withdrawn: [{ kind: 'prefix', prefix: '192.0.2.128/25' }],
        nlri: [{ kind: 'prefix', prefix: '198.51.100.0/24' }],
        attributes: completed(attributes),
      };
      return encodeUpdate(update, sessionOptions).map((message) =>
        encodeBgp4mpMessage(1000.25, { ...session, message }, withMicroseconds),
      );
    });
    const { peerAs, localAs, interfaceIndex, peerAddress, localAddress } = session;
    const ends = { peerAs, localAs, interfaceIndex, peerAddress, localAddress };
    records.push(encodeBgp4mpStateChange(1001, { ...ends, oldState: 6, newState: 1 }));
    await expectAsBgpdump(written(`updates ${name}`, Buffer.concat(records)));
  });

  it('in updates of every subtype', async () => {
    const flags = [false, true];
    const subtypes = flags.flatMap((fourOctetAs) =>
      flags.flatMap((addPath) => flags.map((isLocal) => ({ fourOctetAs, addPath, isLocal }))),
    );
    const records = subtypes.flatMap((subtype) => {
      const { fourOctetAs, addPath } = subtype;
      const families = new Set(addPath ? [ipv4Unicast] : []);
      const paths = { addPathSend: families, addPathReceive: families };
      const id = addPath ? { pathId: 7 } : {};
      const update: UpdateMessage = {
        kind: 'update',
        withdrawn: [{ kind: 'prefix', prefix: '192.0.2.128/25', ...id }],
        nlri: [{ kind: 'prefix', prefix: '198.51.100.0/24', ...id }],
        attributes: completed([]),
      };
      const messages = encodeUpdate(update, { ...baseSessionOptions, fourOctetAs, ...paths });
      return messages.flatMap((message) =>
        flags.map((isExtended) =>
          encodeBgp4mpMessage(1000.25, { ...session, ...subtype, message }, isExtended),
        ),
      );
    });
    // Withdrawal and announcement apart, in eight subtypes, with microseconds and without.
    expect(records).toHaveLength(32);
    await expectAsBgpdump(written('subtypes', Buffer.concat(records)));
  });
});

/** Real collector data, where it lies beside the checkout; too large to be a part of it. */
const data =
  process.env['PEERLOOM_MRT_DATA'] ??
  fileURLToPath(new URL('../../../../shared/mrt', import.meta.url));
const files = existsSync(data) ? readdirSync(data).filter((name) => !name.endsWith('.md')) : [];
const missing = [
  files.length === 0 ? `no MRT files in ${data} (set PEERLOOM_MRT_DATA)` : '',
  noBgpdump,
].filter(Boolean);
if (missing.length > 0) console.warn(`real MRT data is not compared: ${missing.join('; ')}`);

describe.skipIf(missing.length > 0)('real collector data prints as bgpdump -m prints it', () => {
  it.each(files)('%s', async (name) => {
    await expectAsBgpdump(join(data, name));
  });
});
