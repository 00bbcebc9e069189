import { nearest } from '../configuration/suggestion.ts';
import type { ControlMethods } from '../control/methods.ts';
import { usageError } from '../exitCode.ts';

type Announce = ControlMethods['announce']['parameters'];
type Withdraw = ControlMethods['withdraw']['parameters'];

/** How the values of a keyword are read, and under which key of a route they stand. */
interface Keyword {
  readonly key: string;
  readonly values: 'none' | 'one' | 'several';
  readonly read: (values: readonly string[]) => unknown;
}

const one = (key: string): Keyword => ({ key, values: 'one', read: ([value]) => value });
const number = (key: string): Keyword => ({
  key,
  values: 'one',
  read: ([value]) => numberOf(value!),
});
const several = (key: string): Keyword => ({ key, values: 'several', read: (values) => values });
const present = (key: string): Keyword => ({ key, values: 'none', read: () => true });

const common: Readonly<Record<string, Keyword>> = {
  family: one('family'),
  'path-id': number('pathId'),
};

const announceKeywords: Readonly<Record<string, Keyword>> = {
  ...common,
  'next-hop': one('nextHop'),
  origin: one('origin'),
  'as-path': { key: 'asPath', values: 'several', read: asPath },
  'final-as-path': present('asPathIsFinal'),
  med: number('med'),
  'local-preference': number('localPreference'),
  'atomic-aggregate': present('atomicAggregate'),
  aggregator: {
    key: 'aggregator',
    values: 'several',
    read: ([as, address]) => ({ as: numberOf(as!), address }),
  },
  community: several('communities'),
  'large-community': several('largeCommunities'),
  'extended-community': several('extendedCommunities'),
  to: one('to'),
};

const withdrawKeywords: Readonly<Record<string, Keyword>> = { ...common, from: one('from') };

/**
 * The request that the words of `announce route PREFIX …` or `announce flow RULE …` make. Values are
 * judged by the engine, which holds routes of a configuration file to the same rules.
 */
export function announcedRoute(
  kind: 'route' | 'flow',
  subject: string,
  words: readonly string[],
): Announce {
  const { to, ...attributes } = readWords(words, announceKeywords) as { readonly to?: string };
  return { route: { ...subjectOf(kind, subject), ...attributes }, ...(to !== undefined && { to }) };
}

/** As {@link announcedRoute}, for `withdraw`. */
export function withdrawnRoute(
  kind: 'route' | 'flow',
  subject: string,
  words: readonly string[],
): Withdraw {
  const { from, ...others } = readWords(words, withdrawKeywords) as { readonly from?: string };
  return { route: { ...subjectOf(kind, subject), ...others }, ...(from !== undefined && { from }) };
}

function subjectOf(kind: 'route' | 'flow', subject: string): object {
  if (kind === 'route') return { prefix: subject };
  return { nlri: subject, family: subject.includes(':') ? 'ipv6-flowspec' : 'ipv4-flowspec' };
}

function readWords(
  words: readonly string[],
  keywords: Readonly<Record<string, Keyword>>,
): Record<string, unknown> {
  const route: Record<string, unknown> = {};
  for (let index = 0; index < words.length; ) {
    const word = words[index++]!;
    const keyword = Object.hasOwn(keywords, word) ? keywords[word]! : undefined;
    if (keyword === undefined) throw unknownKeyword(word, Object.keys(keywords));
    if (keyword.key in route) throw usageError(`${word} is given twice`);
    const most = { none: 0, one: 1, several: Number.POSITIVE_INFINITY }[keyword.values];
    const values: string[] = [];
    while (
      index < words.length &&
      values.length < most &&
      !Object.hasOwn(keywords, words[index]!)
    ) {
      // Brackets around a list are welcome, as other speakers want them.
      if (words[index] !== '[' && words[index] !== ']') values.push(words[index]!);
      index++;
    }
    if (values.length === 0 && most > 0) throw usageError(`${word} needs a value after it`);
    route[keyword.key] = keyword.read(values);
  }
  return route;
}

function unknownKeyword(word: string, known: readonly string[]): Error {
  const guess = nearest(word, known);
  return usageError(
    guess === undefined
      ? `${word} is no attribute; there are ${known.join(', ')}`
      : `${word} is no attribute; did you mean ${guess}?`,
  );
}

/** `65001`, or `{65003,65004}` for an AS_SET. */
function asPath(words: readonly string[]): unknown[] {
  return words.map((word) => {
    const set = /^\{(.+)\}$/.exec(word)?.[1];
    return set === undefined ? numberOf(word) : set.split(',').map(numberOf);
  });
}

/** A number, or the word itself for the engine to complain of. */
function numberOf(word: string): number | string {
  return /^\d+$/.test(word) ? Number(word) : word;
}
