import type {
  FlowspecBitmaskTerm,
  FlowspecComponent,
  FlowspecNumericTerm,
  FlowspecPrefixComponent,
} from '../nlri.ts';

/** The word that each component begins with. */
export const flowspecWords: Readonly<Record<FlowspecComponent['type'], string>> = {
  destinationPrefix: 'dst',
  sourcePrefix: 'src',
  protocol: 'proto',
  port: 'port',
  destinationPort: 'dport',
  sourcePort: 'sport',
  icmpType: 'icmp-type',
  icmpCode: 'icmp-code',
  tcpFlags: 'tcp-flags',
  packetLength: 'length',
  dscp: 'dscp',
  fragment: 'fragment',
  flowLabel: 'flow-label',
};

/** Names of single bits, the least significant first. */
export const flowspecFlags: Readonly<Record<'tcpFlags' | 'fragment', readonly string[]>> = {
  tcpFlags: ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'],
  fragment: ['dont-fragment', 'is-fragment', 'first-fragment', 'last-fragment'],
};

/**
 * A flow specification as a condition: components joined by `&&`, and the terms of each by `&` and `|`, of
 * which `&` binds tighter (RFC 8955 §4.2.1.1):
 *
 *     dst 192.0.2.0/24 && proto =6 && port >=137&<=139|=8080
 *     dst ::1234:5678:9a00:0/64-104 && tcp-flags =syn+ack && fragment !is-fragment
 *
 * Numbers are compared with `=`, `!=`, `<`, `<=`, `>`, `>=`. Flags match when any of them is set, with `=`
 * when all are, and with `!` before that when they do not. `@4` after a value says in how many octets it
 * was sent, where that is not what we would use. The offset of an IPv6 pattern stands before its length
 * (RFC 8956 §3.1).
 */
export function formatFlowspec(components: readonly FlowspecComponent[]): string {
  return components
    .map((component) => `${flowspecWords[component.type]} ${formatValue(component)}`)
    .join(' && ');
}

function formatValue(component: FlowspecComponent): string {
  if ('prefix' in component) return formatPattern(component);
  const isFlags = component.type === 'tcpFlags' || component.type === 'fragment';
  const terms: readonly (FlowspecNumericTerm | FlowspecBitmaskTerm)[] = component.terms;
  return terms
    .map((term, index) => {
      const joint = index === 0 ? '' : term.and ? '&' : '|';
      const text =
        'operator' in term
          ? formatNumericTerm(term)
          : formatBitmaskTerm(term, isFlags ? flowspecFlags[component.type] : []);
      return `${joint}${text}${term.length === undefined ? '' : `@${term.length}`}`;
    })
    .join('');
}

function formatPattern({ prefix, offset }: FlowspecPrefixComponent): string {
  if (offset === undefined || offset === 0) return prefix;
  const slash = prefix.indexOf('/');
  return `${prefix.slice(0, slash)}/${offset}-${prefix.slice(slash + 1)}`;
}

function formatNumericTerm({ operator, value }: FlowspecNumericTerm): string {
  const isConstant = operator === 'true' || operator === 'false';
  if (isConstant) return value === 0 ? operator : `${operator}:${value}`;
  return `${operator}${value}`;
}

function formatBitmaskTerm(term: FlowspecBitmaskTerm, names: readonly string[]): string {
  const words = names.filter((_, bit) => (term.value & (1 << bit)) !== 0);
  const unnamed = (term.value >>> names.length) << names.length;
  if (unnamed !== 0) words.push(`0x${unnamed.toString(16)}`);
  return `${term.not ? '!' : ''}${term.match ? '=' : ''}${words.join('+') || '0'}`;
}
