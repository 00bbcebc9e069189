import {
  type FlowspecComponentRule,
  flowspecComponentRules,
  flowspecComponentType,
  preferredLength,
} from '../nlri/flowspecComponent.ts';
import type {
  FlowspecBitmaskTerm,
  FlowspecComponent,
  FlowspecNumericOperator,
  FlowspecNumericTerm,
  FlowspecPrefixComponent,
} from '../nlri.ts';
import { flowspecFlags, flowspecWords } from './flowspec.ts';
import { parseDecimal, parseNumber } from './number.ts';
import { formatPrefix, parsePrefix } from './prefix.ts';

const typeOfWord: ReadonlyMap<string, number> = new Map(
  [
    ...Object.entries(flowspecWords).map(([name, word]) => [word, name]),
    ['destination', 'destinationPrefix'],
    ['source', 'sourcePrefix'],
    ['protocol', 'protocol'],
    ['destination-port', 'destinationPort'],
    ['source-port', 'sourcePort'],
    ['packet-length', 'packetLength'],
  ].map(([word, name]) => [word!, flowspecComponentType(name as FlowspecComponent['type'])]),
);

/**
 * The components of a text of `formatFlowspec`, in increasing order of type whatever their order in the
 * text. A bare number means `=`, and some words have a longer form (`destination`, `source-port`, …).
 * `undefined` for anything else: among it a component given twice, a value that its component cannot hold,
 * and prefixes of two address families.
 */
export function parseFlowspec(text: string): FlowspecComponent[] | undefined {
  const byType = new Map<number, FlowspecComponent>();
  for (const part of text.split('&&')) {
    const trimmed = part.trim();
    const wordEnd = trimmed.search(/\s/);
    const type = wordEnd < 0 ? undefined : typeOfWord.get(trimmed.slice(0, wordEnd));
    if (type === undefined || byType.has(type)) return undefined;
    const value = trimmed.slice(wordEnd).trimStart();
    const component = parseComponent(flowspecComponentRules[type]!, value);
    if (component === undefined) return undefined;
    byType.set(type, component);
  }
  const components = [...byType].toSorted(([a], [b]) => a - b).map(([, component]) => component);
  const versions = new Set(
    components.flatMap((component) =>
      'prefix' in component ? [component.prefix.includes(':')] : [],
    ),
  );
  return versions.size > 1 ? undefined : components;
}

function parseComponent(rule: FlowspecComponentRule, text: string): FlowspecComponent | undefined {
  switch (rule.form) {
    case 'prefix':
      return parsePattern(rule.name, text);
    case 'numeric': {
      const terms = parseTerms(text, (term) => parseNumericTerm(term, rule));
      return terms && { type: rule.name, terms };
    }
    case 'bitmask': {
      const terms = parseTerms(text, (term) => parseBitmaskTerm(term, rule));
      return terms && { type: rule.name, terms };
    }
    default:
      return undefined;
  }
}

function parsePattern(
  type: FlowspecPrefixComponent['type'],
  text: string,
): FlowspecPrefixComponent | undefined {
  const [, address, offsetText, length] = /^([^/]+)\/(?:(\d+)-)?(\d+)$/.exec(text) ?? [];
  if (address === undefined || length === undefined) return undefined;
  const prefix = parsePrefix(`${address}/${length}`);
  if (prefix === undefined) return undefined;
  const offset = offsetText === undefined ? 0 : parseDecimal(offsetText, 127);
  if (offset === 0) return { type, prefix: formatPrefix(prefix) };
  if (offset === undefined || prefix.bytes.length === 4 || offset >= prefix.length) {
    return undefined;
  }
  prefix.bytes.fill(0, 0, offset >>> 3);
  prefix.bytes[offset >>> 3]! &= 0xff >>> (offset & 7);
  return { type, prefix: formatPrefix(prefix), offset };
}

type Unjoined<T> = Omit<T, 'and'>;

/** Terms joined by `&` and `|`; blanks around them do not matter. */
function parseTerms<T>(
  text: string,
  parse: (term: string) => Unjoined<T> | undefined,
): (Unjoined<T> & { and: boolean })[] | undefined {
  const terms: (Unjoined<T> & { and: boolean })[] = [];
  for (const [, joint, body] of `|${text}`.matchAll(/([&|])([^&|]*)/g)) {
    const term = parse(body!.trim());
    if (term === undefined) return undefined;
    terms.push({ ...term, and: joint === '&' });
  }
  return terms;
}

/** The value and the length after `@`, if that is other than what we would use; `undefined` when the component cannot hold them. */
function fit(
  value: number | bigint,
  lengthText: string | undefined,
  shortest: number,
  longest: number,
): { length?: 1 | 2 | 4 | 8 } | undefined {
  const preferred = preferredLength(value, shortest);
  const length = lengthText === undefined ? preferred : Number(lengthText);
  if (length !== 1 && length !== 2 && length !== 4 && length !== 8) return undefined;
  if (length < preferredLength(value, 1) || length > longest) return undefined;
  return length === preferred ? {} : { length };
}

function parseNumericTerm(
  text: string,
  rule: Extract<FlowspecComponentRule, { form: 'numeric' }>,
): Unjoined<FlowspecNumericTerm> | undefined {
  const pattern = /^(?:(true|false)(?::(\d{1,20}))?|([=<>]|[!<>]=)?\s*(\d{1,20}))(?:@(\d))?$/;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, constant, ignored, comparison, number, lengthText] = match;
  const wide = BigInt(number ?? ignored ?? 0);
  const value = wide <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wide) : wide;
  if (wide >= 2n ** 64n || (rule.mask !== undefined && wide > rule.mask)) return undefined;
  const length = fit(value, lengthText, rule.shortest, rule.longest);
  return (
    length && {
      operator: (constant ?? comparison ?? '=') as FlowspecNumericOperator,
      value,
      ...length,
    }
  );
}

function parseBitmaskTerm(
  text: string,
  rule: Extract<FlowspecComponentRule, { form: 'bitmask' }>,
): Unjoined<FlowspecBitmaskTerm> | undefined {
  const [, not, match, flags, lengthText] = /^(!?)(=?)([a-z0-9+-]+)(?:@([12]))?$/.exec(text) ?? [];
  if (flags === undefined) return undefined;
  let value = 0;
  for (const flag of flags.split('+')) {
    const bit = flowspecFlags[rule.name].indexOf(flag);
    const bits = bit < 0 ? parseNumber(flag, rule.mask.ipv4) : 1 << bit;
    if (bits === undefined || (bits & ~rule.mask.ipv4) !== 0) return undefined;
    value |= bits;
  }
  const fitting = fit(value, lengthText, 1, rule.longest);
  if (fitting === undefined) return undefined;
  const length = fitting.length as 1 | 2 | undefined;
  return { not: not === '!', match: match === '=', value, ...(length !== undefined && { length }) };
}
