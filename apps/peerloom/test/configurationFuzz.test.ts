import {
  array,
  assert,
  constantFrom,
  dictionary,
  jsonValue,
  letrec,
  nat,
  oneof,
  property,
  string,
  tuple,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../src/configuration/configuration.ts';
import { ConfigurationError } from '../src/configuration/configurationError.ts';

/** What is said of a file; `undefined`: it is right. Whatever else is thrown than a complaint goes through. */
function complaint(text: string): string | undefined {
  try {
    parseConfiguration(text, 'peers.yaml');
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.message;
  }
}

/** Each line is `file:line:column: …`, and the place is one of the file. */
function expectPlaces(text: string): void {
  const said = complaint(text);
  if (said === undefined) return;
  const [first] = said.split('\n');
  const place = /^peers\.yaml:(\d+):(\d+): \S/.exec(first!);
  expect(place, said).not.toBeNull();
  expect(Number(place![1])).toBeLessThanOrEqual(text.split('\n').length);
  expect(said).not.toMatch(/\n\s+at /);
}

const head = 'routerId: 192.0.2.1\nlocalAs: 65000\n';
const whole = `${head}listen: [{ address: 127.0.0.1, port: 0 }]
control: { socket: run/control.sock }
defaults: &all { holdTime: 30, families: [ipv4-unicast, ipv6-unicast] }
groups: { upstream: { <<: *all, maximumPrefixes: { limit: 10, action: warn } } }
ranges:
  - { prefix: 10.0.0.0/8, remoteAs: external, limit: 10 }
neighbors:
  - address: 192.0.2.2
    remoteAs: 65001
    group: upstream
    capabilities: { addPath: { ipv4-unicast: both }, gracefulRestart: { restartTime: 20 } }
announce:
  - { prefix: 198.51.100.0/24, nextHop: self, communities: [65000:100], asPath: [1, [2, 3]] }
`;

describe('a configuration file', () => {
  it('that has been mangled is right, or told what is wrong with it and where', () => {
    expect(complaint(whole)).toBeUndefined();
    const scrap = oneof(
      constantFrom(':', '-', '{', '}', '[', ']', '*all', '&x ', '<<: ', '? ', '!!set ', '\n', '  '),
      constantFrom(
        'null',
        '~',
        '1e999',
        '0x10',
        '.nan',
        'true',
        '"',
        "'",
        '|',
        '>',
        '%',
        '\t',
        '#',
      ),
      string({ unit: 'binary', maxLength: 5 }),
    );
    assert(
      property(
        array(tuple(nat(whole.length), nat(8), scrap), { minLength: 1, maxLength: 4 }),
        (edits) => {
          let text = whole;
          for (const [at, removed, put] of edits) {
            text = text.slice(0, at) + put + text.slice(at + removed);
          }
          expectPlaces(text);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('with whatever values under keys that there are is told the same', () => {
    const key = constantFrom(
      'routerId',
      'localAs',
      'listen',
      'workers',
      'control',
      'defaults',
      'groups',
      'ranges',
      'neighbors',
      'announce',
      'handler',
      'limits',
      'workerMemory',
      'restarting',
      'toString',
      'address',
      'remoteAs',
      'prefix',
      'capabilities',
      'maximumPrefixes',
      'families',
      '__proto__',
    );
    const { value } = letrec<{ value: unknown }>((tie) => ({
      value: oneof(
        { maxDepth: 4 },
        jsonValue({ maxDepth: 0 }),
        constantFrom('192.0.2.2', '2001:db8::/32', 'external', 65001, 'self', '65000:1'),
        array(tie('value'), { maxLength: 3 }),
        dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }));
    assert(
      property(dictionary(key, value), (options) => {
        expectPlaces(
          JSON.stringify({ routerId: '192.0.2.1', localAs: 65000, ...options }, null, 1),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.for([
    ['an alias without anchor', `${head}groups: { a: *nope }`, /:3:14: .*nope/],
    ['a merge of what is no mapping', `${head}groups: { a: { <<: 5 } }`, /:3:16: .*[Mm]erge/],
    ['brackets without end', `${head}groups: ${'['.repeat(5000)}`, /:3:\d+: /],
    ['a key that is a list', `${head}? [a, b]\n: 1`, /:\d+:\d+: \[ a, b \] is no option/],
    [
      'aliases that multiply',
      `${head}a: &a [1, 1]\n${'bcdefgh'
        .split('')
        .map((name, index) => `${name}: &${name} [${`*${'abcdefg'[index]!}, `.repeat(9)}]`)
        .join('\n')}`,
      /:\d+:\d+: .*alias/,
    ],
    [
      'a group that every object has',
      `${head}groups: {}\nneighbors: [{ address: 192.0.2.2, remoteAs: 1, group: toString }]`,
      /:4:48: neighbors\[0\]\.group is "toString", which is no group/,
    ],
  ] as const)('with %s is told where', ([, text, expected]) => {
    expect(complaint(text)).toMatch(expected);
  });
});
