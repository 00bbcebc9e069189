import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of UTF-8 into lines, and holds no more than one unfinished line. */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #longest: number;
  #rest = '';

  /** `longest`: code units that a line may have. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /**
   * The lines that `chunk` completes, without their ends. Throws a `RangeError` when a line is longer
   * than it may be; the stream is of no more use then.
   */
  push(chunk: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop()!;
    for (const line of [...lines, this.#rest]) {
      if (line.length > this.#longest) {
        throw new RangeError(`a line has more than ${this.#longest} characters`);
      }
    }
    return lines;
  }
}
