import type {
  FlowspecBitmaskComponent,
  FlowspecComponent,
  FlowspecNumericComponent,
  FlowspecNumericOperator,
  FlowspecPrefixComponent,
} from '../nlri.ts';

/** What is known of a component type (RFC 8955 §4.2.2, RFC 8956 §3). */
export type FlowspecComponentRule =
  | { readonly form: 'prefix'; readonly name: FlowspecPrefixComponent['type'] }
  | {
      readonly form: 'numeric';
      readonly name: FlowspecNumericComponent['type'];
      /** Bits of a value that count; the others are ignored. */
      readonly mask?: number;
      /** Octets that a value may at most take. */
      readonly longest: number;
      /** Octets that a value takes at least when we write it. */
      readonly shortest: number;
      readonly isIpv6Only?: true;
    }
  | {
      readonly form: 'bitmask';
      readonly name: FlowspecBitmaskComponent['type'];
      readonly longest: number;
      /** Bits that are defined, in IPv4 and in IPv6 rules; the others are zero when sent and ignored when received. */
      readonly mask: { readonly ipv4: number; readonly ipv6: number };
    };

const anyNumber = { form: 'numeric', longest: 8, shortest: 1 } as const;

/** By type number; 0 and what follows the last are not defined. */
export const flowspecComponentRules: readonly (FlowspecComponentRule | undefined)[] = [
  undefined,
  { form: 'prefix', name: 'destinationPrefix' },
  { form: 'prefix', name: 'sourcePrefix' },
  { ...anyNumber, name: 'protocol' },
  { ...anyNumber, name: 'port' },
  { ...anyNumber, name: 'destinationPort' },
  { ...anyNumber, name: 'sourcePort' },
  { ...anyNumber, name: 'icmpType' },
  { ...anyNumber, name: 'icmpCode' },
  // The data offset, the leftmost 4 bits of two octets, is always treated as 0 (RFC 8955 §4.2.2.9).
  { form: 'bitmask', name: 'tcpFlags', longest: 2, mask: { ipv4: 0x0fff, ipv6: 0x0fff } },
  { ...anyNumber, name: 'packetLength' },
  { form: 'numeric', name: 'dscp', mask: 0x3f, longest: 1, shortest: 1 },
  // IPv6 has no DF bit (RFC 8956 §3.6).
  { form: 'bitmask', name: 'fragment', longest: 1, mask: { ipv4: 0x0f, ipv6: 0x0e } },
  { form: 'numeric', name: 'flowLabel', longest: 8, shortest: 4, isIpv6Only: true },
];

const typeByName: ReadonlyMap<string, number> = new Map(
  flowspecComponentRules.flatMap((rule, type): [string, number][] =>
    rule === undefined ? [] : [[rule.name, type]],
  ),
);

/** The type number of a component, 1–13. */
export function flowspecComponentType(name: FlowspecComponent['type']): number {
  return typeByName.get(name)!;
}

/** Octets that we use for a value: as few as hold it, but no fewer than the component asks for. */
export function preferredLength(value: number | bigint, shortest: number): 1 | 2 | 4 | 8 {
  if (value <= 0xff && shortest <= 1) return 1;
  if (value <= 0xffff && shortest <= 2) return 2;
  return value <= 0xffffffff ? 4 : 8;
}

/** Bits of an operator octet (RFC 8955 §4.2.1). */
export const OperatorBit = {
  endOfList: 0x80,
  and: 0x40,
  /** The exponent of the value's length stands in bits 0x30. */
  lengthShift: 4,
  /** lt, gt and eq: an index of `numericOperators`. */
  comparison: 0x07,
  not: 0x02,
  match: 0x01,
} as const;

/** The octets of the value after operator octet `operator`. */
export function valueLength(operator: number): 1 | 2 | 4 | 8 {
  return (1 << ((operator >>> OperatorBit.lengthShift) & 3)) as 1 | 2 | 4 | 8;
}

/** By the bits lt, gt, eq (RFC 8955 §4.2.1.1, Table 1). */
export const numericOperators: readonly FlowspecNumericOperator[] = [
  'false',
  '=',
  '>',
  '>=',
  '<',
  '<=',
  '!=',
  'true',
];
