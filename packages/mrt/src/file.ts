import { createReadStream } from 'node:fs';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import bunzip from 'unbzip2-stream';
import { MrtError } from './mrtError.ts';
import type { MrtRecord } from './record.ts';
import { MrtRecordReader } from './recordReader.ts';

/**
 * The records of an MRT file, streamed: plain, gzip or bzip2, told apart by how the file begins.
 *
 * ```ts
 * for await (const record of readMrtFile('rib.bz2')) console.log(decodeMrtRecord(record));
 * ```
 *
 * Bodies are views of the stream's chunks: they stay valid, and cost the chunk's memory while held.
 * @throws MrtError as `MrtRecordReader`, and `ERR_MRT_COMPRESSION`; the system's error when the file
 * cannot be opened.
 */
export async function* readMrtFile(path: string): AsyncGenerator<MrtRecord, void, undefined> {
  yield* recordsOf(readDecompressed(path));
}

/** As `readMrtFile`, of what comes from a stream of octets: a pipe, say. `name`: what it is called in messages. */
export async function* readMrtStream(
  source: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<MrtRecord, void, undefined> {
  yield* recordsOf(decompress(source, name));
}

/**
 * What is in a file of any kind, streamed: plain, gzip or bzip2, told apart by how the file begins.
 *
 * @throws MrtError `ERR_MRT_COMPRESSION`; the system's error when the file cannot be opened.
 */
export async function* readDecompressed(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const source = createReadStream(path, { highWaterMark: 1 << 20 });
  try {
    yield* decompress(source, path);
  } finally {
    source.destroy();
  }
}

async function* recordsOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<MrtRecord, void, undefined> {
  const reader = new MrtRecordReader();
  for await (const chunk of chunks) yield* reader.push(chunk);
  reader.end();
}

async function* decompress(
  source: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = source[Symbol.asyncIterator]();
  const beginning = await firstOctets(chunks);
  const compression = compressionOf(beginning, name);
  const plain = decompressed(Readable.from(chain(beginning, chunks)), compression);
  try {
    for await (const chunk of plain) yield chunk as Uint8Array;
  } catch (error) {
    if (compression === 'none') throw error;
    // What zlib says is of use; bzip2's decoder just stumbles over what it does not expect.
    const reason = compression === 'gzip' && error instanceof Error ? ` (${error.message})` : '';
    throw new MrtError(
      'ERR_MRT_COMPRESSION',
      `${name}: cannot be decompressed as ${compression}${reason}; it was cut, or it is damaged`,
      0,
      { cause: error },
    );
  }
}

type Compression = 'none' | 'gzip' | 'bzip2';

/** What comes first, enough of it to tell how it is compressed, unless that is all. */
async function firstOctets(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let octets: Uint8Array = new Uint8Array(0);
  while (octets.length < 3) {
    const next = await chunks.next();
    if (next.done === true) break;
    octets = octets.length === 0 ? next.value : Buffer.concat([octets, next.value]);
  }
  return octets;
}

async function* chain(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (first.length > 0) yield first;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

function compressionOf(beginning: Uint8Array, name: string): Compression {
  const magic = Buffer.from(beginning.subarray(0, 3)).toString('latin1');
  if (magic.startsWith('\u001f\u008b')) return 'gzip';
  if (magic === 'BZh') return 'bzip2';
  // A name that promises more than the content holds is worth saying so at once.
  const promised = /\.(?:gz|bz2)$/i.exec(name)?.[0];
  if (promised === undefined) return 'none';
  if (beginning.length === 0) {
    throw new MrtError(
      'ERR_MRT_COMPRESSION',
      `${name}: is empty; give a file that was written to its end`,
      0,
    );
  }
  throw new MrtError(
    'ERR_MRT_COMPRESSION',
    `${name}: named ${promised}, but does not begin like such a file; rename it if it is not compressed`,
    0,
  );
}

function decompressed(source: Readable, compression: Compression): Readable {
  if (compression === 'none') return source;
  // Errors reach the reader of the last stream; nothing is left to do in the callback.
  if (compression === 'gzip') return pipeline(source, createGunzip(), () => undefined);
  // A stream of the first generation, which cannot be iterated over: a pipe behind it can.
  const plain = new PassThrough();
  const bzip2 = source.pipe(bunzip());
  for (const stream of [source, bzip2]) stream.once('error', (error) => plain.destroy(error));
  return bzip2.pipe(plain);
}
