import { MrtError } from './mrtError.ts';
import { hasMicroseconds, type MrtRecord, mrtHeaderLength } from './record.ts';

/** A record longer than this is taken for something that is not MRT. A RIB entry of 2,000 peers has about 1 MiB. */
const longestRecord = 64 * 1024 * 1024;

/**
 * Cuts a byte stream into MRT records (RFC 6396 §2). It holds at most one partial record.
 *
 * ```ts
 * const reader = new MrtRecordReader();
 * for (const chunk of chunks) for (const record of reader.push(chunk)) use(record);
 * reader.end();
 * ```
 */
export class MrtRecordReader {
  #held: Uint8Array = new Uint8Array(0);
  #offset = 0;

  /**
   * The records that `chunk` completes. Bodies are views of the chunk (or of a joined copy), so a chunk
   * must not be written to while they are in use.
   * @throws MrtError `ERR_MRT_RECORD_TOO_LONG`, `ERR_MRT_MALFORMED`.
   */
  *push(chunk: Uint8Array): Generator<MrtRecord, void, undefined> {
    const bytes = this.#held.length === 0 ? chunk : joined(this.#held, chunk);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    while (bytes.length - at >= mrtHeaderLength) {
      const length = view.getUint32(at + 8);
      if (length > longestRecord) {
        throw new MrtError(
          'ERR_MRT_RECORD_TOO_LONG',
          `a record claims ${length} octets; the longest that is read has ${longestRecord}: is this an MRT file?`,
          this.#offset,
        );
      }
      const end = at + mrtHeaderLength + length;
      if (end > bytes.length) break;
      const type = view.getUint16(at + 4);
      const extended = hasMicroseconds(type);
      if (extended && length < 4) {
        throw new MrtError(
          'ERR_MRT_MALFORMED',
          `a record of type ${type} has ${length} octets; its microseconds field alone takes 4`,
          this.#offset,
        );
      }
      const bodyStart = at + mrtHeaderLength + (extended ? 4 : 0);
      const record: MrtRecord = {
        timestamp: view.getUint32(at),
        microseconds: extended ? view.getUint32(at + mrtHeaderLength) : 0,
        type,
        subtype: view.getUint16(at + 6),
        body: bytes.subarray(bodyStart, end),
        offset: this.#offset,
      };
      this.#offset += end - at;
      at = end;
      yield record;
    }
    this.#held = bytes.slice(at);
  }

  /**
   * Says that no more will come.
   * @throws MrtError `ERR_MRT_TRUNCATED` when the input ends within a record.
   */
  end(): void {
    if (this.#held.length === 0) return;
    throw new MrtError(
      'ERR_MRT_TRUNCATED',
      `the input ends within a record: ${this.#held.length} octets of it are there; the file was cut, or is still being written`,
      this.#offset,
    );
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
