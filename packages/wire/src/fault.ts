import type { FamilyKey } from './addressFamily.ts';

/**
 * What a fault asks the receiver to do, strongest first (RFC 7606 §2):
 *
 * - `sessionReset`: send the NOTIFICATION and close the session;
 * - `afiSafiDisable`: ignore the family until the session ends;
 * - `treatAsWithdraw`: take the routes of the UPDATE as withdrawn;
 * - `attributeDiscard`: drop the attribute and go on.
 */
export type FaultAction =
  | 'sessionReset'
  | 'afiSafiDisable'
  | 'treatAsWithdraw'
  | 'attributeDiscard';

/** A fault found in received bytes: what to do, the NOTIFICATION it is (or would be), and the words for a person. */
export interface Fault {
  readonly action: FaultAction;
  /** Error code of the NOTIFICATION (RFC 4271 §4.5), 1–8; see `ErrorCode`. */
  readonly code: number;
  /** Error subcode, 0 where the code has none or none fits. */
  readonly subcode: number;
  /** The NOTIFICATION's data field, exactly as RFC 4271 §6 asks for this fault. */
  readonly data: Uint8Array;
  /** The rule that was broken, for example `RFC 7606 §7.1`. */
  readonly section: string;
  /** One sentence: what was wrong, and what would have been right. */
  readonly text: string;
  /** Path attribute type code, where one is at fault. */
  readonly attribute?: number;
  /** Family, where one is at fault. */
  readonly family?: FamilyKey;
}

/** What every decoder of this package returns: the message, or the fault that was found. Decoders never throw. */
export type DecodeResult<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly fault: Fault };

/** The data field of the many faults that carry none. */
export const noData: Uint8Array = new Uint8Array(0);

/** A fault that ends the session with NOTIFICATION `code`/`subcode`. */
export function sessionReset(
  code: number,
  subcode: number,
  data: Uint8Array,
  section: string,
  text: string,
): Fault {
  return { action: 'sessionReset', code, subcode, data, section, text };
}
