import { copyOf } from '../copyOf.ts';
import { AttributeFlag } from '../pathAttribute.ts';

const nothing = new Uint8Array(0);

/**
 * Walks the path attributes of a block: the only reader of attribute headers (RFC 4271 §4.3).
 *
 * One cursor is used over and over; `reset` and `next` allocate nothing. After `next` has returned
 * true, the members describe one attribute that lies wholly inside the block.
 */
export class AttributeCursor {
  bytes: Uint8Array = nothing;
  /** Attribute Flags octet as it stands. */
  flags = 0;
  /** Attribute Type Code. */
  code = 0;
  /** Where the attribute begins: its flags octet. */
  start = 0;
  valueStart = 0;
  /** Where the value, and with it the attribute, ends. */
  valueEnd = 0;
  /**
   * Set once the walk has ended at octets that are no whole attribute: too few for a header, or a
   * length that leads past the end of the block (RFC 7606 §4). `start` is where they begin.
   */
  broken = false;
  #end = 0;

  /** Begins a walk over `bytes[start, end)`. */
  reset(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.valueEnd = start;
    this.#end = end;
    this.broken = false;
  }

  /** Moves on to the next attribute; false at the end of the block, or where it is broken. */
  next(): boolean {
    const bytes = this.bytes;
    const start = this.valueEnd;
    const left = this.#end - start;
    if (left < 3) return left > 0 && this.#breakAt(start);
    const flags = bytes[start]!;
    let valueStart = start + 3;
    let length = bytes[start + 2]!;
    if ((flags & AttributeFlag.extendedLength) !== 0) {
      if (left < 4) return this.#breakAt(start);
      length = (length << 8) | bytes[start + 3]!;
      valueStart += 1;
    }
    if (valueStart + length > this.#end) return this.#breakAt(start);
    this.flags = flags;
    this.code = bytes[start + 1]!;
    this.start = start;
    this.valueStart = valueStart;
    this.valueEnd = valueStart + length;
    return true;
  }

  /** The attribute as it stands, "type, length and value", as a copy: what NOTIFICATIONs carry (RFC 4271 §6.3). */
  copy(): Uint8Array {
    return copyOf(this.bytes, this.start, this.valueEnd);
  }

  #breakAt(start: number): false {
    this.broken = true;
    this.start = start;
    // The type code is told where there is one, so that a fault can name the attribute.
    this.code = start + 1 < this.#end ? this.bytes[start + 1]! : 0;
    this.valueEnd = this.#end;
    return false;
  }
}
