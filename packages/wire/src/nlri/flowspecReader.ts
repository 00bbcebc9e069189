import type {
  FlowspecBitmaskTerm,
  FlowspecComponent,
  FlowspecNumericTerm,
  FlowspecPrefixComponent,
} from '../nlri.ts';
import { formatIpv6 } from '../text/ipv6.ts';
import { readU32 } from '../text/number.ts';
import {
  type FlowspecComponentRule,
  flowspecComponentRules,
  numericOperators,
  OperatorBit,
  preferredLength,
  valueLength,
} from './flowspecComponent.ts';
import { measureFlowspecComponent } from './flowspecMeasure.ts';
import { readPrefixText } from './prefixBits.ts';

/** The components in `[start, end)`, which have been measured and found right. */
export function readFlowspecComponents(
  bytes: Uint8Array,
  start: number,
  end: number,
  addressBits: number,
): FlowspecComponent[] {
  const components: FlowspecComponent[] = [];
  let at = start;
  while (at < end) {
    const rule = flowspecComponentRules[bytes[at]!]!;
    const next = measureFlowspecComponent(bytes, at + 1, end, rule, addressBits);
    components.push(readComponent(bytes, at + 1, next, rule, addressBits));
    at = next;
  }
  return components;
}

function readComponent(
  bytes: Uint8Array,
  at: number,
  next: number,
  rule: FlowspecComponentRule,
  addressBits: number,
): FlowspecComponent {
  const isIpv4 = addressBits === 32;
  if (rule.form === 'prefix') {
    return isIpv4
      ? { type: rule.name, prefix: readPrefixText(bytes, at + 1, bytes[at]!, 32) }
      : readPattern(bytes, at, rule.name);
  }
  if (rule.form === 'numeric') {
    return { type: rule.name, terms: readNumericTerms(bytes, at, next, rule) };
  }
  const mask = isIpv4 ? rule.mask.ipv4 : rule.mask.ipv6;
  return { type: rule.name, terms: readBitmaskTerms(bytes, at, next, mask) };
}

/** RFC 8956 §3.1: the pattern begins with the first bit that `offset` does not skip. */
function readPattern(
  bytes: Uint8Array,
  at: number,
  type: FlowspecPrefixComponent['type'],
): FlowspecPrefixComponent {
  const length = bytes[at]!;
  const offset = bytes[at + 1]!;
  if (offset === 0) return { type, prefix: readPrefixText(bytes, at + 2, length, 128) };
  const address = new Uint8Array(16);
  copyBits(bytes, (at + 2) * 8, address, offset, length - offset);
  return { type, prefix: `${formatIpv6(address)}/${length}`, offset };
}

/** Copies `count` bits, bit number `from` of `source` to bit number `to` of `target`, which must be zero there. */
export function copyBits(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  count: number,
): void {
  for (let index = 0; index < count; index += 1) {
    const bit = (source[(from + index) >>> 3]! >>> (7 - ((from + index) & 7))) & 1;
    target[(to + index) >>> 3]! |= bit << (7 - ((to + index) & 7));
  }
}

function readNumericTerms(
  bytes: Uint8Array,
  start: number,
  end: number,
  rule: Extract<FlowspecComponentRule, { form: 'numeric' }>,
): FlowspecNumericTerm[] {
  const terms: FlowspecNumericTerm[] = [];
  for (let at = start; at < end; at += 1 + valueLength(bytes[at]!)) {
    const operator = bytes[at]!;
    const length = valueLength(operator);
    const value =
      rule.mask === undefined ? readValue(bytes, at + 1, length) : bytes[at + 1]! & rule.mask;
    terms.push({
      // Meaningless in the first operator, and treated as unset there (RFC 8955 §4.2.1.1).
      and: at > start && (operator & OperatorBit.and) !== 0,
      operator: numericOperators[operator & OperatorBit.comparison]!,
      value,
      ...(length !== preferredLength(value, rule.shortest) && { length }),
    });
  }
  return terms;
}

function readBitmaskTerms(
  bytes: Uint8Array,
  start: number,
  end: number,
  mask: number,
): FlowspecBitmaskTerm[] {
  const terms: FlowspecBitmaskTerm[] = [];
  for (let at = start; at < end; at += 1 + valueLength(bytes[at]!)) {
    const operator = bytes[at]!;
    const length = valueLength(operator) as 1 | 2;
    const value = Number(readValue(bytes, at + 1, length)) & mask;
    terms.push({
      and: at > start && (operator & OperatorBit.and) !== 0,
      not: (operator & OperatorBit.not) !== 0,
      match: (operator & OperatorBit.match) !== 0,
      value,
      ...(length !== preferredLength(value, 1) && { length }),
    });
  }
  return terms;
}

function readValue(bytes: Uint8Array, at: number, length: 1 | 2 | 4 | 8): number | bigint {
  if (length < 4) return length === 1 ? bytes[at]! : (bytes[at]! << 8) | bytes[at + 1]!;
  const high = readU32(bytes, at);
  if (length === 4) return high;
  const low = readU32(bytes, at + 4);
  return high < 0x200000 ? high * 0x100000000 + low : (BigInt(high) << 32n) | BigInt(low);
}
