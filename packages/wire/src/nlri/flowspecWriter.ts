import type { ByteWriter } from '../byteWriter.ts';
import { requireInteger } from '../integerRange.ts';
import type {
  FlowspecBitmaskTerm,
  FlowspecComponent,
  FlowspecNumericTerm,
  FlowspecPrefixComponent,
} from '../nlri.ts';
import {
  type FlowspecComponentRule,
  flowspecComponentRules,
  flowspecComponentType,
  numericOperators,
  OperatorBit,
  preferredLength,
} from './flowspecComponent.ts';
import { copyBits } from './flowspecReader.ts';
import { octetsOf, writePrefixBits } from './prefixBits.ts';
import { badValue, requirePrefix } from './requirement.ts';

type ValueLength = 1 | 2 | 4 | 8;

/** Appends the components, checking everything that `measureFlowspecComponents` would. */
export function writeFlowspecComponents(
  writer: ByteWriter,
  components: readonly FlowspecComponent[],
  addressBits: number,
): void {
  if (components.length === 0) {
    throw badValue('flow specification', 'without components', 'at least one component');
  }
  let previousType = 0;
  for (const component of components) {
    const type = flowspecComponentType(component.type);
    if (type <= previousType) {
      throw badValue('flow specification component', component.type, 'after those of lower type');
    }
    previousType = type;
    writer.u8(type);
    writeComponent(writer, component, flowspecComponentRules[type]!, addressBits);
  }
}

function writeComponent(
  writer: ByteWriter,
  component: FlowspecComponent,
  rule: FlowspecComponentRule,
  addressBits: number,
): void {
  if ('prefix' in component) {
    if (addressBits === 32) writePrefix(writer, component);
    else writePattern(writer, component);
    return;
  }
  if (component.terms.length === 0) {
    throw badValue(component.type, 'without terms', 'at least one term');
  }
  if (rule.form === 'numeric' && rule.isIpv6Only && addressBits === 32) {
    throw badValue('flow specification component', component.type, 'absent in IPv4 rules');
  }
  const last = component.terms.length - 1;
  for (const [index, term] of component.terms.entries()) {
    const position =
      (index === last ? OperatorBit.endOfList : 0) | (index > 0 && term.and ? OperatorBit.and : 0);
    if ('operator' in term && rule.form === 'numeric') {
      writeNumericTerm(writer, term, position, rule);
    } else if ('match' in term && rule.form === 'bitmask') {
      const mask = addressBits === 32 ? rule.mask.ipv4 : rule.mask.ipv6;
      writeBitmaskTerm(writer, term, position, rule, mask);
    }
  }
}

function writePrefix(writer: ByteWriter, component: FlowspecPrefixComponent): void {
  if (component.offset !== undefined && component.offset !== 0) {
    throw badValue('prefix offset', component.offset, 'absent in IPv4 rules');
  }
  const prefix = requirePrefix(component.prefix, 32);
  writer.u8(prefix.length);
  writePrefixBits(writer, prefix);
}

function writePattern(writer: ByteWriter, component: FlowspecPrefixComponent): void {
  const prefix = requirePrefix(component.prefix, 128);
  const offset = component.offset ?? 0;
  if (offset !== 0 && !(offset < prefix.length)) {
    throw badValue('prefix offset', offset, `less than the length ${prefix.length}`);
  }
  requireInteger('prefix offset', offset, 127);
  const count = prefix.length - offset;
  const pattern = new Uint8Array(octetsOf(count));
  copyBits(prefix.bytes, offset, pattern, 0, count);
  writer.u8(prefix.length);
  writer.u8(offset);
  writer.bytes(pattern);
}

function writeNumericTerm(
  writer: ByteWriter,
  term: FlowspecNumericTerm,
  position: number,
  rule: Extract<FlowspecComponentRule, { form: 'numeric' }>,
): void {
  const { value } = term;
  const largest = BigInt(rule.mask ?? 2n ** 64n - 1n);
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!isWhole || value < 0 || value > largest) {
    throw badValue(`${rule.name} value`, value, `a whole number 0–${largest}`);
  }
  const length = term.length ?? preferredLength(value, rule.shortest);
  requireRoom(length, preferredLength(value, 1), rule.longest, rule.name);
  writer.u8(position | lengthBits(length) | numericOperators.indexOf(term.operator));
  writeValue(writer, value, length);
}

function writeBitmaskTerm(
  writer: ByteWriter,
  term: FlowspecBitmaskTerm,
  position: number,
  rule: Extract<FlowspecComponentRule, { form: 'bitmask' }>,
  mask: number,
): void {
  const { value } = term;
  if (!Number.isInteger(value) || (value & ~mask) !== 0) {
    throw badValue(`${rule.name} value`, value, `made of the bits of 0x${mask.toString(16)}`);
  }
  const length = term.length ?? preferredLength(value, 1);
  requireRoom(length, preferredLength(value, 1), rule.longest, rule.name);
  writer.u8(
    position |
      lengthBits(length) |
      (term.not ? OperatorBit.not : 0) |
      (term.match ? OperatorBit.match : 0),
  );
  writeValue(writer, value, length);
}

function requireRoom(length: number, shortest: number, longest: number, name: string): void {
  if (![1, 2, 4, 8].includes(length) || length < shortest || length > longest) {
    throw badValue(`${name} value length`, length, `1, 2, 4 or 8, and ${shortest}–${longest}`);
  }
}

function lengthBits(length: ValueLength): number {
  return Math.log2(length) << OperatorBit.lengthShift;
}

function writeValue(writer: ByteWriter, value: number | bigint, length: ValueLength): void {
  if (length === 1) return writer.u8(Number(value));
  if (length === 2) return writer.u16(Number(value));
  if (length === 8) writer.u32(Number(BigInt(value) >> 32n));
  writer.u32(Number(BigInt(value) & 0xffffffffn));
}
