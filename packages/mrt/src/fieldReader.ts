import { formatIpv4, formatIpv6 } from '@peerloom/wire';
import { MrtError } from './mrtError.ts';
import type { MrtRecord } from './record.ts';

/** Reads the fields of one record's body in their order; reading past its end throws, saying of which field. */
export class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #record: MrtRecord;
  #at = 0;

  constructor(record: MrtRecord) {
    this.#bytes = record.body;
    this.#record = record;
  }

  /** Octets not yet read. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(field: string): number {
    return this.#bytes[this.#take(1, field)]!;
  }

  u16(field: string): number {
    const at = this.#take(2, field);
    return (this.#bytes[at]! << 8) | this.#bytes[at + 1]!;
  }

  u32(field: string): number {
    return this.u16(field) * 0x10000 + this.u16(field);
  }

  /** A view of the next `length` octets. */
  bytes(length: number, field: string): Uint8Array {
    const at = this.#take(length, field);
    return this.#bytes.subarray(at, at + length);
  }

  ipv4(field: string): string {
    return formatIpv4(this.u32(field));
  }

  /** An IPv4 (`afi` 1) or IPv6 address as canonical text. */
  address(isIpv6: boolean, field: string): string {
    return isIpv6 ? formatIpv6(this.bytes(16, field)) : this.ipv4(field);
  }

  /** An AS number of 4 or 2 octets. */
  as(fourOctets: boolean, field: string): number {
    return fourOctets ? this.u32(field) : this.u16(field);
  }

  /** The error for what this record says of itself. */
  malformed(what: string): MrtError {
    const { type, subtype, offset } = this.#record;
    return new MrtError(
      'ERR_MRT_MALFORMED',
      `record of type ${type}, subtype ${subtype}: ${what}`,
      offset,
    );
  }

  #take(length: number, field: string): number {
    if (length > this.left) {
      throw this.malformed(`${field} needs ${length} octets, ${this.left} are left`);
    }
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
