import type { FaultAction } from '../fault.ts';
import { octetsText } from '../octetsText.ts';
import type { ValidationOptions } from '../updateOptions.ts';

/** What is wrong with the value of an attribute. */
export interface Malformation {
  /** Subcode of UPDATE Message Error. */
  readonly subcode: number;
  /** Whether a NOTIFICATION carries the attribute as data: RFC 4271 §6.3 asks for it for most subcodes, not for Malformed AS_PATH. */
  readonly withAttribute: boolean;
  /** One sentence for a person; it follows the attribute's name. */
  readonly text: string;
  /** Where they differ from the rule's own. */
  readonly action?: FaultAction;
  readonly section?: string;
}

/** Looks at a value of permitted length, `bytes[start, end)`. `undefined`: it is sound. Allocates only to complain. */
export type ValueCheck = (
  bytes: Uint8Array,
  start: number,
  end: number,
  options: ValidationOptions,
) => Malformation | undefined;

/** Which lengths, in octets, an attribute may have. Numbers, since every attribute of every UPDATE is held against them. */
export interface LengthRule {
  readonly least: number;
  readonly most: number;
  readonly multipleOf: number;
  /** Octets less on a session with AS numbers of two octets (RFC 6793). */
  readonly lessWithTwoOctetAs: number;
  /** What would have been right, after "must be": `4 octets`. */
  readonly words: string;
}

/** Whether an attribute of `length` octets keeps to its rule. */
export function acceptsLength(
  rule: LengthRule,
  length: number,
  options: Pick<ValidationOptions, 'fourOctetAs'>,
): boolean {
  const octets = options.fourOctetAs ? length : length + rule.lessWithTwoOctetAs;
  if (octets < rule.least || octets > rule.most) return false;
  return rule.multipleOf === 1 || octets % rule.multipleOf === 0;
}

/** All that validation knows of one attribute type. */
export interface AttributeRule {
  readonly code: number;
  /** As the RFCs write it. */
  readonly name: string;
  /** The Optional and Transitive bits that its specification asks for. */
  readonly flags: number;
  readonly length: LengthRule;
  /** What a wrong length or value asks for. */
  readonly malformed: FaultAction;
  /** Where `malformed` is laid down. */
  readonly section: string;
  /** `undefined`: any value of a length that is accepted. */
  readonly value: ValueCheck | undefined;
  /** What a wrong Transitive bit asks for, where the specification differs from RFC 7606 §3 (c), which says treat-as-withdraw. */
  readonly transitiveConflict:
    | { readonly action: FaultAction; readonly section: string }
    | undefined;
  /**
   * Sessions on which the attribute is not accepted at all; it is discarded there whatever it holds.
   * `undefined`: accepted on all.
   */
  readonly refused: RefusalCheck | undefined;
}

/** See `AttributeRule.refused`. */
export type RefusalCheck = (options: ValidationOptions) => Refusal | undefined;

/** Why an attribute is not accepted on a session. */
export interface Refusal {
  readonly section: string;
  readonly text: string;
}

/** More than any attribute can have. */
const unbounded = 0x10000;

/** Exactly `count` octets. */
export function exactly(count: number): LengthRule {
  const words = count === 0 ? 'empty' : `${octetsText(count)} long`;
  return { least: count, most: count, multipleOf: 1, lessWithTwoOctetAs: 0, words };
}

/** `count` octets, or twice that, and so on; never none (RFC 7606 §4: an attribute is empty only where its specification says so). */
export function nonZeroMultipleOf(count: number): LengthRule {
  const words = `a non-zero multiple of ${count} octets long`;
  return { least: count, most: unbounded, multipleOf: count, lessWithTwoOctetAs: 0, words };
}

/** `count` octets or more. */
export function atLeast(count: number): LengthRule {
  const words = `at least ${count} octets long`;
  return { least: count, most: unbounded, multipleOf: 1, lessWithTwoOctetAs: 0, words };
}

/** Any length, zero included. */
export const anyLength: LengthRule = { ...atLeast(0), words: 'of any length' };
