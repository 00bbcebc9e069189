import type { Fault } from './fault.ts';
import { headerFault, messageLengthAt, messageTypeAt } from './header.ts';
import { headerLength, maximumMessageLength } from './message.ts';

const nothing = new Uint8Array(0);

/**
 * Cuts a byte stream into BGP messages (RFC 4271 §4.1), wherever the stream itself was cut.
 *
 * ```ts
 * const deframer = new Deframer();
 * deframer.push(chunk);
 * while (deframer.next()) use(deframer.type, deframer.bytes, deframer.start, deframer.end);
 * if (deframer.fault !== undefined) close(deframer.fault);
 * ```
 *
 * A message that lies wholly in one chunk is neither copied nor allocated for: `bytes` is the chunk
 * itself. Of a message that was cut, the octets so far are copied, since chunks often come from a
 * buffer that is used again; that costs at most two allocations for each cut message. No more than
 * one partial message is ever held, and an idle deframer holds no chunk.
 *
 * The first fault of a header (RFC 4271 §6.1) ends the stream: there is no way to find the next
 * message after it.
 */
export class Deframer {
  /** The buffer that holds the current message. Valid until the next call of `next` or `push`. */
  bytes: Uint8Array = nothing;
  /** Where the current message's 19-octet header begins in `bytes`. */
  start = 0;
  /** Where the current message ends in `bytes`: `end - start` is its length. */
  end = 0;
  /** Type of the current message, one of `MessageType`. */
  type = 0;
  /** What ended the stream, once something has. */
  fault: Fault | undefined = undefined;
  /**
   * Longest message that is accepted: 4096, or 65535 once we have announced Extended Message (RFC
   * 8654 §4). May be set between two calls of `next`; it holds for the messages that begin after.
   */
  maximumLength: number;

  #chunk: Uint8Array = nothing;
  #offset = 0;
  #limit = 0;
  /** The first octets of a message that was cut: its header alone until `#needed` is known, then all of it. */
  #partial: Uint8Array = nothing;
  #held = 0;
  /** Length of the partial message; 0 while its header is incomplete. */
  #needed = 0;

  /** `maximumLength` in octets, 19–65535. */
  constructor(maximumLength: number = maximumMessageLength) {
    this.maximumLength = maximumLength;
  }

  /**
   * Takes `chunk[start, end)`. Every message of the chunk before must have been taken first, by
   * calling `next` until it returns false; throws if not, for the octets left would be lost. After a
   * fault, chunks are ignored.
   */
  push(chunk: Uint8Array, start: number = 0, end: number = chunk.length): void {
    if (this.fault !== undefined) return;
    if (this.#offset < this.#limit) {
      throw new Error(
        `push: ${this.#limit - this.#offset} octets of the chunk before are still unread; call next() until it returns false`,
      );
    }
    this.#chunk = chunk;
    this.#offset = start;
    this.#limit = end;
  }

  /** What was pushed last; of no length once `next` has found no more messages in it. */
  get chunk(): Uint8Array {
    return this.#chunk;
  }

  /** Where in `chunk` the next message begins. */
  get offset(): number {
    return this.#offset;
  }

  /** Octets from there on that are still to be read; none while the rest of a message that was cut is waited for. */
  get unread(): number {
    return this.#held > 0 ? 0 : this.#limit - this.#offset;
  }

  /** Passes over so many of the unread octets: whole messages that somebody else has read from `chunk`. */
  skip(octets: number): void {
    this.#offset += Math.min(octets, this.unread);
  }

  /** Moves on to the next whole message. False when there is none: push more, or look at `fault`. */
  next(): boolean {
    if (this.#held > 0) return this.#completePartial();
    const at = this.#offset;
    const available = this.#limit - at;
    if (available < headerLength) return this.#holdRest(0);

    const chunk = this.#chunk;
    const fault = headerFault(chunk, at, this.maximumLength);
    if (fault !== undefined) return this.#fail(fault);
    const length = messageLengthAt(chunk, at);
    if (available < length) return this.#holdRest(length);

    // Mostly the same as before, and the collector is told of every store.
    if (this.bytes !== chunk) this.bytes = chunk;
    this.start = at;
    this.end = at + length;
    this.type = messageTypeAt(chunk, at);
    this.#offset = at + length;
    return true;
  }

  /** Copies what is left of the chunk, the beginning of a message that is `length` long (0: not known yet). */
  #holdRest(length: number): false {
    if (this.#offset < this.#limit) {
      this.#partial = new Uint8Array(length === 0 ? headerLength : length);
      this.#needed = length;
      this.#fill(this.#partial.length);
    }
    return this.#letGo();
  }

  #completePartial(): boolean {
    if (this.#needed === 0) {
      if (!this.#fill(headerLength)) return this.#letGo();
      const header = this.#partial;
      const fault = headerFault(header, 0, this.maximumLength);
      if (fault !== undefined) return this.#fail(fault);
      this.#needed = messageLengthAt(header, 0);
      if (this.#needed > headerLength) {
        this.#partial = new Uint8Array(this.#needed);
        this.#partial.set(header);
      }
    }
    if (!this.#fill(this.#needed)) return this.#letGo();

    this.bytes = this.#partial;
    this.start = 0;
    this.end = this.#needed;
    this.type = messageTypeAt(this.#partial, 0);
    this.#forgetPartial();
    return true;
  }

  /** Copies from the chunk until `length` octets are held; false when the chunk ends before. */
  #fill(length: number): boolean {
    const count = Math.min(length - this.#held, this.#limit - this.#offset);
    this.#partial.set(this.#chunk.subarray(this.#offset, this.#offset + count), this.#held);
    this.#held += count;
    this.#offset += count;
    return this.#held === length;
  }

  #fail(fault: Fault): false {
    this.fault = fault;
    this.#forgetPartial();
    return this.#letGo();
  }

  #forgetPartial(): void {
    this.#partial = nothing;
    this.#held = 0;
    this.#needed = 0;
  }

  /** Drops the chunk, so that thousands of idle sessions do not keep their last one alive. */
  #letGo(): false {
    this.#chunk = nothing;
    this.#offset = 0;
    this.#limit = 0;
    this.bytes = nothing;
    this.start = 0;
    this.end = 0;
    this.type = 0;
    return false;
  }
}
