import { Flaw } from './flaw.ts';
import {
  type FlowspecComponentRule,
  flowspecComponentRules,
  OperatorBit,
  valueLength,
} from './flowspecComponent.ts';
import { octetsOf } from './prefixBits.ts';

/** `end` when the components in `[start, end)` are at least one, known, in order and whole; else their flaw. */
export function measureFlowspecComponents(
  bytes: Uint8Array,
  start: number,
  end: number,
  addressBits: number,
): number {
  if (start >= end) return Flaw.flowspecEmpty;
  let at = start;
  let previousType = 0;
  while (at < end) {
    const type = bytes[at]!;
    const rule = flowspecComponentRules[type];
    if (rule === undefined || (rule.form === 'numeric' && rule.isIpv6Only && addressBits === 32)) {
      return Flaw.flowspecComponentUnknown;
    }
    if (type <= previousType) return Flaw.flowspecComponentOrder;
    previousType = type;
    at = measureFlowspecComponent(bytes, at + 1, end, rule, addressBits);
    if (at < 0) return at;
  }
  return at;
}

/** The offset after the component whose type octet stands before `at`, or its flaw. */
export function measureFlowspecComponent(
  bytes: Uint8Array,
  at: number,
  end: number,
  rule: FlowspecComponentRule,
  addressBits: number,
): number {
  if (rule.form !== 'prefix') return measureTerms(bytes, at, end, rule.longest);
  return addressBits === 32 ? measurePrefix(bytes, at, end) : measurePattern(bytes, at, end);
}

/** `<length, prefix>` (RFC 8955 §4.2.2.1). */
function measurePrefix(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return Flaw.flowspecComponentTruncated;
  if (bytes[at]! > 32) return Flaw.flowspecPrefixLength;
  const next = at + 1 + octetsOf(bytes[at]!);
  return next > end ? Flaw.flowspecComponentTruncated : next;
}

/** `<length, offset, pattern>` (RFC 8956 §3.1). */
function measurePattern(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return Flaw.flowspecComponentTruncated;
  const length = bytes[at]!;
  const offset = bytes[at + 1]!;
  const isEverything = length === 0 && offset === 0;
  if (!isEverything && (offset >= length || length > 128)) return Flaw.flowspecPrefixLength;
  const next = at + 2 + octetsOf(length - offset);
  return next > end ? Flaw.flowspecComponentTruncated : next;
}

/** {operator, value} pairs up to the one with the end-of-list bit. */
function measureTerms(bytes: Uint8Array, start: number, end: number, longest: number): number {
  let at = start;
  while (at < end) {
    const operator = bytes[at]!;
    const length = valueLength(operator);
    if (length > longest) return Flaw.flowspecOperatorLength;
    at += 1 + length;
    if (at > end) return Flaw.flowspecComponentTruncated;
    if ((operator & OperatorBit.endOfList) !== 0) return at;
  }
  return Flaw.flowspecComponentTruncated;
}
