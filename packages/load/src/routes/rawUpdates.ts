import { open, readFile } from 'node:fs/promises';
import { Deframer, MessageType, maximumExtendedMessageLength } from '@peerloom/wire';
import { LoadError } from '../loadError.ts';
import { type Feed, type RouteTable, RouteTableBuilder } from './routeTable.ts';

/** Octets of a file that `checkRawUpdates` looks at: more than any message has. */
const beginning = maximumExtendedMessageLength + 1;

/**
 * UPDATEs one after the other, as on the wire, with AS numbers of four octets: a file for each source, in
 * turn. Other messages among them are passed over. They are sent as they are, whatever AS their paths
 * begin with.
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
    addFile(builder, file, await reading(file, () => readFile(file)));
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
  const bytes = await reading(file, () => beginningOf(file));
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

async function beginningOf(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginning), 0, beginning, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
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

async function reading(file: string, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await read();
  } catch (error) {
    throw wrong(file, `it cannot be read: ${(error as Error).message}`);
  }
}

function wrong(file: string, why: string): LoadError {
  return new LoadError('ERR_LOAD_ROUTES', `${file}: ${why}`);
}
