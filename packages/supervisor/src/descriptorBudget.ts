import { readdirSync, readFileSync } from 'node:fs';

/** Descriptors that are left for everything that is not a connection: files, pipes, the handler's own sockets. */
const reserve = 64;

/**
 * How many connections fit into the file descriptors of this process. When none is left, libuv accepts
 * and closes connections without a word, so it must not come to that: we refuse before, and say so.
 */
export class DescriptorBudget {
  readonly #limit: number;
  readonly #others: number;

  /** Reads the limit from the system; where it cannot be read there is none. */
  constructor(limit: number = readLimit(), others: number = countOpen()) {
    this.#limit = limit;
    this.#others = others;
  }

  /** Connections that can be open at a time. */
  get connections(): number {
    return Math.max(0, this.#limit - this.#others - Math.min(reserve, this.#limit / 4));
  }

  /** Why no more than `connections` can be had; `undefined` while there is room. */
  refusal(connections: number): string | undefined {
    if (connections < this.connections) return undefined;
    return `${connections} connections are open, and this process may have ${this.#limit} file descriptors; raise ulimit -n`;
  }
}

function readLimit(): number {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return line === null ? Number.POSITIVE_INFINITY : Number(line[1]);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function countOpen(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
