import type { ByteWriter } from '../byteWriter.ts';
import type { Nlri } from '../nlri.ts';

/** Where NLRI stand: among announced routes (`reach`), or among withdrawn ones (`unreach`). */
export type NlriContext = 'reach' | 'unreach';

/**
 * What one kind of NLRI knows about its own bytes. Path Identifiers come before all of it and are no
 * concern of it. The rules of form live in `measure` alone: decoding, validating and walking all begin
 * with it.
 */
export interface NlriCodec {
  /** The kind of NLRI that it decodes and encodes. */
  readonly kind: Nlri['kind'];
  /**
   * The offset after the NLRI that begins at `at`, or the negative {@link Flaw} in its form. Reads nothing
   * at or after `end`, where `at` may be too when a Path Identifier is cut short; allocates nothing.
   */
  readonly measure: (bytes: Uint8Array, at: number, end: number, context: NlriContext) => number;
  /**
   * What is wrong in the sense of the announced NLRI in `[at, next)`, which `measure` has passed: the
   * negative {@link Flaw}, or 0. Such a route is still a route: it can be decoded, walked and withdrawn.
   */
  readonly check?: (bytes: Uint8Array, at: number, next: number) => number;
  /** The NLRI in `[at, next)`, which `measure` has passed. */
  readonly decode: (
    bytes: Uint8Array,
    at: number,
    next: number,
    context: NlriContext,
    path: PathIdentifier,
  ) => Nlri;
  /** Appends the NLRI; throws a `WireError` when it is of another kind or cannot be written. */
  readonly encode: (writer: ByteWriter, nlri: Nlri, context: NlriContext) => void;
  /** What tells this route from others of its family: see `NlriWalker`. */
  readonly key: SlicedKey | WrittenKey;
  /** The field is one piece: it holds no boundaries, and no Path Identifiers, that this codec can see. */
  readonly isWholeField?: true;
}

/** Spread into a decoded NLRI: its Path Identifier, or nothing. */
export interface PathIdentifier {
  readonly pathId?: number;
}

/** The key stands in the message as it is: from `start` to the end of the NLRI. */
export interface SlicedKey {
  readonly start: (bytes: Uint8Array, at: number) => number;
}

/** The key must be put together: `write` stores it at the start of `key` and returns its length. */
export interface WrittenKey {
  readonly write: (
    bytes: Uint8Array,
    at: number,
    next: number,
    context: NlriContext,
    key: Uint8Array,
  ) => number;
}

/** Octets that every written key fits into: the longest is an EVPN route of an unknown type. */
export const longestWrittenKey = 256;
