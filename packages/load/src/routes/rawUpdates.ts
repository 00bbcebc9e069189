import { readDecompressed } from '@peerloom/mrt/file';
import { Deframer, MessageType, maximumExtendedMessageLength } from '@peerloom/wire';
import { LoadError } from '../loadError.ts';
import { fileError } from './fileError.ts';
import { type Feed, type RouteTable, RouteTableBuilder } from './routeTable.ts';

/** Octets of a file that `checkRawUpdates` looks at: more than any message has. */
const beginning = maximumExtendedMessageLength + 1;

/**
 * UPDATEs one after the other, as on the wire, with AS numbers of four octets: a file for each source, in
 * turn. Other messages among them are passed over. They are sent as they are, whatever AS their paths
 * begin with. The files are plain, gzip or bzip2.
 *
 * @throws LoadError `ERR_LOAD_ROUTES`
 */
export async function readRawUpdates(
  files: readonly string[],
  addPath: boolean,
): Promise<RouteTable> {
  requireFiles(files);
  const builder = new RouteTableBuilder(addPath, 'verbatim');
  const feeds: Feed[] = [];
  for (const file of files) {
    const start = builder.messages;
    addFile(builder, file, await octetsOf(file));
    if (builder.messages === start) throw wrong(file, 'it has no UPDATEs');
    feeds.push({ start, end: builder.messages });
  }
  return builder.finish(feeds);
}

/**
 * Looks whether the files are there and begin as BGP messages do, which are not looked into.
 *
 * @throws LoadError `ERR_LOAD_ROUTES`
 */
export async function checkRawUpdates(files: readonly string[]): Promise<void> {
  requireFiles(files);
  for (const file of files) await checkBeginning(file);
}

function requireFiles(files: readonly string[]): void {
  if (files.length > 0) return;
  throw new LoadError('ERR_LOAD_ROUTES', 'rawUpdates.files is empty; name one file or more');
}

async function checkBeginning(file: string): Promise<void> {
  const bytes = await octetsOf(file, beginning);
  const deframer = new Deframer(maximumExtendedMessageLength);
  deframer.push(bytes);
  let read = 0;
  while (deframer.next()) read += deframer.end - deframer.start;
  if (bytes.length === 0) throw wrong(file, 'it has no UPDATEs');
  const isWhole = bytes.length < beginning;
  if (deframer.fault !== undefined || (isWhole && read < bytes.length)) {
    throw noMessages(file, read, deframer);
  }
}

/** What is in a file, decompressed; no more than `most` octets of it. */
async function octetsOf(file: string, most = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of readDecompressed(file)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= most) break;
    }
  } catch (error) {
    throw fileError(file, error);
  }
  return Buffer.concat(chunks, Math.min(length, most));
}

function addFile(builder: RouteTableBuilder, file: string, bytes: Uint8Array): void {
  const deframer = new Deframer(maximumExtendedMessageLength);
  deframer.push(bytes);
  let read = 0;
  while (deframer.next()) {
    const { start, end } = deframer;
    read += end - start;
    if (deframer.type !== MessageType.update) continue;
    if (builder.add(deframer.bytes.slice(start, end))) continue;
    throw wrong(file, `the UPDATE at octet ${start} is malformed`);
  }
  if (deframer.fault === undefined && read === bytes.length) return;
  throw noMessages(file, read, deframer);
}

function noMessages(file: string, at: number, { fault }: Deframer): LoadError {
  const why = fault?.text ?? 'the file ends within a message';
  return wrong(
    file,
    `at octet ${at}: ${why}; it must be BGP messages as on the wire, and nothing else`,
  );
}

function wrong(file: string, why: string): LoadError {
  return new LoadError('ERR_LOAD_ROUTES', `${file}: ${why}`);
}
