import type { ByteWriter } from '../byteWriter.ts';
import type { PathAttribute } from '../pathAttribute.ts';
import type { UpdateOptions } from '../updateOptions.ts';

/** How the value of one attribute type is read and written. */
export interface AttributeCodec<A extends PathAttribute> {
  /** Attribute Type Code. */
  readonly code: number;
  /**
   * The attribute whose value is `bytes[start, end)`, of a length that its rule accepts. `undefined` when
   * the value is nothing that the readable form can say. Copies what it keeps. Never throws.
   */
  readonly decode: (
    bytes: Uint8Array,
    start: number,
    end: number,
    options: UpdateOptions,
  ) => A | undefined;
  /** Appends the value. Throws a `WireError` for what cannot be sent. */
  readonly encode: (writer: ByteWriter, attribute: A, options: UpdateOptions) => void;
}
