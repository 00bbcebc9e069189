import { readFile } from 'node:fs/promises';
import { Deframer, MessageType, maximumExtendedMessageLength } from '@peerloom/wire';
import { LoadError } from '../loadError.ts';
import { type RouteTable, RouteTableBuilder } from './routeTable.ts';

/**
 * UPDATEs one after the other, as on the wire, with AS numbers of four octets. Other messages among
 * them are passed over. All sources send all of them, as they are: whatever AS their paths begin with.
 *
 * @throws LoadError `ERR_LOAD_ROUTES`, or the system's error when the file cannot be read
 */
export async function readRawUpdates(file: string, addPath: boolean): Promise<RouteTable> {
  const bytes = await readFile(file);
  const builder = new RouteTableBuilder(addPath, 'verbatim');
  const deframer = new Deframer(maximumExtendedMessageLength);
  deframer.push(bytes);
  let read = 0;
  while (deframer.next()) {
    const { start, end } = deframer;
    read += end - start;
    if (deframer.type !== MessageType.update) continue;
    if (builder.add(deframer.bytes.slice(start, end))) continue;
    throw new LoadError(
      'ERR_LOAD_ROUTES',
      `${file}: the UPDATE at octet ${start} is malformed, or of a family without prefixes`,
    );
  }
  if (deframer.fault !== undefined || read !== bytes.length) {
    const why = deframer.fault?.text ?? 'the file ends within a message';
    throw new LoadError(
      'ERR_LOAD_ROUTES',
      `${file}: at octet ${read}: ${why}; it must be BGP messages as on the wire, and nothing else`,
    );
  }
  if (builder.messages === 0) throw new LoadError('ERR_LOAD_ROUTES', `${file} has no UPDATEs`);
  return builder.finish([{ start: 0, end: builder.messages }]);
}
