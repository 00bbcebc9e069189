import { readFile } from 'node:fs/promises';
import { Deframer, MessageType, maximumExtendedMessageLength } from '@peerloom/wire';
import { LoadError } from '../loadError.ts';
import { type Feed, type RouteTable, RouteTableBuilder } from './routeTable.ts';

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
  const builder = new RouteTableBuilder(addPath, 'verbatim');
  const feeds: Feed[] = [];
  for (const file of files) {
    const start = builder.messages;
    addFile(builder, file, await bytesOf(file));
    if (builder.messages === start) throw wrong(file, 'it has no UPDATEs');
    feeds.push({ start, end: builder.messages });
  }
  if (feeds.length === 0) {
    throw new LoadError('ERR_LOAD_ROUTES', 'rawUpdates.files is empty; name one file or more');
  }
  return builder.finish(feeds);
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
  const why = deframer.fault?.text ?? 'the file ends within a message';
  throw wrong(
    file,
    `at octet ${read}: ${why}; it must be BGP messages as on the wire, and nothing else`,
  );
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw wrong(file, `it cannot be read: ${(error as Error).message}`);
  }
}

function wrong(file: string, why: string): LoadError {
  return new LoadError('ERR_LOAD_ROUTES', `${file}: ${why}`);
}
