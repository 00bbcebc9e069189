import {
  BgpdumpFormatter,
  decodeMrtRecord,
  decodeRibAttributes,
  dumpOptions,
  type MrtEntry,
  MrtError,
  type MrtRecord,
} from '@peerloom/mrt';
import { readMrtFile, readMrtStream } from '@peerloom/mrt/file';
import { decodeMessage, familyName, formatHex, toJson } from '@peerloom/wire';
import { CommandError, ExitCode } from '../exitCode.ts';
import { write } from '../output.ts';

/** Octets of output that are gathered before they are written. */
const portion = 1 << 16;

/** Prints an MRT file, or what comes from standard input if it is `-`: one line a route, or one JSON value a record. */
export async function showMrtFile(path: string, format: 'bgpdump' | 'json'): Promise<void> {
  const isInput = path === '-';
  const file = isInput ? 'standard input' : path;
  const formatter = new BgpdumpFormatter();
  let text = '';
  try {
    const records = isInput ? readMrtStream(process.stdin, file) : readMrtFile(path);
    for await (const record of records) {
      const entry = decodeMrtRecord(record);
      if (entry === undefined) continue;
      if (format === 'json') text += `${JSON.stringify(jsonOf(record, entry))}\n`;
      else for (const line of formatter.lines(record, entry)) text += `${line}\n`;
      if (text.length < portion) continue;
      await write(text);
      text = '';
    }
  } catch (error) {
    // What came before the fault has been read, and is shown.
    if (text !== '') await write(text);
    throw explained(file, error);
  } finally {
    // Else the program would wait for whoever writes to it, though it reads no more.
    if (isInput) process.stdin.destroy();
  }
  if (text !== '') await write(text);
}

function explained(file: string, error: unknown): unknown {
  if (error instanceof MrtError) {
    const where = error.message.startsWith(file) ? '' : `${file}: `;
    return new CommandError(error.code, `${where}${error.message}`);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
    return new CommandError('ERR_PEERLOOM_FILE', `cannot read ${file}: ${message}`, ExitCode.usage);
  }
  return error;
}

/** A record with its messages and attributes in readable form. */
function jsonOf(record: MrtRecord, entry: MrtEntry): unknown {
  const { timestamp, microseconds } = record;
  const head = { timestamp: timestamp + microseconds / 1e6 };
  switch (entry.kind) {
    case 'tableDump':
      return { ...head, ...entry, ...readable(entry.attributes, false) };
    case 'rib':
      return {
        ...head,
        ...entry,
        family: familyName(entry.family),
        entries: entry.entries.map((one) => ({ ...one, ...readable(one.attributes, true) })),
      };
    case 'genericRib':
      return { ...head, ...entry, family: familyName(entry.family), rest: formatHex(entry.rest) };
    case 'message': {
      const { message } = entry;
      const options = dumpOptions(entry.fourOctetAs, entry.addPath ? prefixFamilies : new Set());
      const decoded = decodeMessage(message, 0, message.length, options);
      const known = 'message' in decoded ? decoded.message : undefined;
      return { ...head, ...entry, message: known ? toJson(known) : formatHex(message) };
    }
    default:
      return { ...head, ...entry };
  }
}

const prefixFamilies: ReadonlySet<number> = new Set([0x101, 0x102, 0x201, 0x202]);

function readable(attributes: Uint8Array, fourOctetAs: boolean): object {
  const decoded = decodeRibAttributes(attributes, fourOctetAs);
  return { attributes: decoded.attributes.map((one) => toJson(one)), nextHops: decoded.nextHops };
}
