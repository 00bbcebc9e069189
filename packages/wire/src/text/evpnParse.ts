import type { EvpnNlri, EvpnUnknown } from '../nlri.ts';
import { parseHex } from './hex.ts';
import { evpnWords } from './nlri.ts';
import { parseDecimal } from './number.ts';

type KnownRoute = Exclude<EvpnNlri['route'], EvpnUnknown['route']>;

/** What stands after a word: text that a codec will look at, or a number. */
const fields = {
  rd: { name: 'routeDistinguisher' },
  esi: { name: 'esi' },
  tag: { name: 'ethernetTag', maximum: 0xffffffff },
  mac: { name: 'mac' },
  address: { name: 'address' },
  originator: { name: 'originator' },
  prefix: { name: 'prefix' },
  gateway: { name: 'gateway' },
  label: { name: 'label', maximum: 0xffffff },
  label2: { name: 'label2', maximum: 0xffffff },
} as const;
type Word = keyof typeof fields;

/** The words that each route needs, and those that it may do without. */
const routes: Readonly<
  Record<KnownRoute, readonly [needed: readonly Word[], ...optional: Word[]]>
> = {
  ethernetAutoDiscovery: [['rd', 'esi', 'tag', 'label']],
  macIp: [['rd', 'esi', 'tag', 'mac', 'label'], 'address', 'label2'],
  inclusiveMulticast: [['rd', 'tag', 'originator']],
  ethernetSegment: [['rd', 'esi', 'originator']],
  ipPrefix: [['rd', 'esi', 'tag', 'prefix', 'gateway', 'label']],
};

/** The EVPN route of a text of `formatNlri`, its words in any order; addresses and the like are not yet looked at. */
export function parseEvpn(text: string): EvpnNlri | undefined {
  const [first, ...rest] = text.split(/\s+/);
  if (first === evpnWords.unknown) return parseUnknown(rest);
  const name = (Object.keys(routes) as KnownRoute[]).find((route) => evpnWords[route] === first);
  if (name === undefined) return undefined;
  const [needed, ...optional] = routes[name];
  const values = parseFields(rest, new Set([...needed, ...optional]));
  if (values === undefined || needed.some((word) => !(fields[word].name in values))) {
    return undefined;
  }
  // The words are those of this route, and each value has the type of its member.
  return { kind: 'evpn', route: name, ...values } as unknown as EvpnNlri;
}

function parseFields(
  words: readonly string[],
  allowed: ReadonlySet<string>,
): Record<string, string | number> | undefined {
  const values: Record<string, string | number> = {};
  for (let at = 0; at < words.length; at += 2) {
    const word = words[at]!;
    const text = words[at + 1];
    if (!allowed.has(word) || text === undefined) return undefined;
    const field = fields[word as Word];
    const value = 'maximum' in field ? parseDecimal(text, field.maximum) : text;
    if (value === undefined || field.name in values) return undefined;
    values[field.name] = value;
  }
  return values;
}

function parseUnknown(words: readonly string[]): EvpnUnknown | undefined {
  const [typeText, hex, extra] = words;
  const routeType = typeText === undefined ? undefined : parseDecimal(typeText, 0xff);
  const bytes = hex?.startsWith('0x') ? parseHex(hex.slice(2)) : undefined;
  if (routeType === undefined || bytes === undefined || extra !== undefined) return undefined;
  return { kind: 'evpn', route: 'unknown', routeType, bytes };
}
