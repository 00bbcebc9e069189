import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readMrtFile } from '../src/file.ts';
import { BgpdumpFormatter, decodeMrtRecord, encodeRib } from '../src/index.ts';

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

async function prefixes(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const record of readMrtFile(path)) {
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
    await expect(prefixes(written(name, bytes))).rejects.toMatchObject({ name: 'MrtError', code });
  });

  it('says what the system says of a file that is not there', async () => {
    await expect(prefixes(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

/** Real collector data, where it lies beside the checkout; too large to be a part of it. */
const data =
  process.env['PEERLOOM_MRT_DATA'] ??
  fileURLToPath(new URL('../../../../shared/mrt', import.meta.url));
const bgpdump = '/usr/bin/bgpdump';
const files = existsSync(data) ? readdirSync(data).filter((name) => !name.endsWith('.md')) : [];
const missing = [
  files.length === 0 ? `no MRT files in ${data} (set PEERLOOM_MRT_DATA)` : '',
  existsSync(bgpdump) ? '' : 'bgpdump not found; install with: apt-get install bgpdump',
].filter(Boolean);
if (missing.length > 0) console.warn(`real MRT data is not compared: ${missing.join('; ')}`);

describe.skipIf(missing.length > 0)('real collector data prints as bgpdump -m prints it', () => {
  it.each(files)('%s', async (name) => {
    const path = join(data, name);
    const formatter = new BgpdumpFormatter();
    const lines: string[] = [];
    for await (const record of readMrtFile(path)) {
      const entry = decodeMrtRecord(record);
      if (entry !== undefined) lines.push(...formatter.lines(record, entry));
    }
    const { stdout } = await promisify(execFile)(bgpdump, ['-m', path], { maxBuffer: 1 << 28 });
    const theirs = stdout.trimEnd().split('\n');
    expect(theirs.length).toBeGreaterThan(0);
    // Compared by the first difference: a diff of a hundred thousand lines helps nobody.
    const first = theirs.findIndex((line, index) => line !== lines[index]);
    expect(first < 0 ? [] : [lines[first], theirs[first]]).toEqual([]);
    expect(lines.length).toBe(theirs.length);
  });
});
