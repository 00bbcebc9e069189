/**
 * What crosses the control socket: one JSON value a line, in both directions. A client sends requests;
 * each is answered, in order, with any number of `item` lines and then one `done` or `error` line.
 */

/** A request: what to do, and with what. */
export interface ControlRequest {
  readonly id: number;
  readonly method: string;
  readonly parameters: unknown;
}

/** A line of an answer. */
export type ControlReply =
  | { readonly id: number; readonly item: unknown }
  | { readonly id: number; readonly done: unknown }
  | { readonly id: number; readonly error: ControlFailure };

/** Why a request could not be done. */
export interface ControlFailure {
  /** Stable, for programs. */
  readonly code: string;
  /** For people: what was wrong and what would be right. */
  readonly message: string;
  /** What the command line exits with. */
  readonly exitCode: number;
}

/** Longest request line that a server takes, in UTF-16 code units; its clients are small commands. */
export const longestRequest: number = 1 << 20;

/** Longest reply line that a client takes: one peer with all that is known of it is some kilobytes. */
export const longestReply: number = 64 << 20;

/** How a request or reply is written. */
export function encodeLine(value: ControlRequest | ControlReply): string {
  return `${JSON.stringify(value)}\n`;
}

/** The request in a line; `undefined` where it is none. */
export function parseRequest(line: string): ControlRequest | undefined {
  try {
    const value = JSON.parse(line) as Partial<ControlRequest> | null;
    return typeof value?.id === 'number' && typeof value.method === 'string'
      ? { id: value.id, method: value.method, parameters: value.parameters }
      : undefined;
  } catch {
    return undefined;
  }
}
