import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../src/configuration/configuration.ts';
import { ConfigurationError } from '../src/configuration/configurationError.ts';
import { readConfiguration } from '../src/configuration/read.ts';
import { nearest } from '../src/configuration/suggestion.ts';
import { TemporaryDirectory } from './temporary.ts';

/** What is said of a file named `peers.yaml`. */
function complaints(text: string): string {
  try {
    parseConfiguration(text, 'peers.yaml');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'no complaint';
}

const head = 'routerId: 192.0.2.1\nlocalAs: 65000\n';

describe('a right configuration', () => {
  it('may be YAML', () => {
    const { engine, socket } = parseConfiguration(
      `
routerId: 192.0.2.1
localAs: 4200000000
listen:
  - { address: 127.0.0.1, port: 1790 }
  - address: "::1"
workers: 2
control: { socket: run/control.sock }
groups:
  upstream: { holdTime: 30, capabilities: { addPath: { ipv4-unicast: both } } }
ranges:
  - { prefix: 10.0.0.0/8, remoteAs: external, limit: 10 }
neighbors:
  - { address: 192.0.2.2, remoteAs: 65001, group: upstream, password: secret }
  - { address: 2001:db8::2, remoteAs: internal, families: [ipv6-unicast] }
announce:
  - prefix: 198.51.100.0/24
    nextHop: 192.0.2.1
    communities: [65000:100, no-export]
    largeCommunities: [65000:1:2]
    asPath: [65010, [65011, 65012]]
    med: 5
  - { prefix: 2001:db8:1::/48, nextHop: self }
`,
      'peers.yaml',
    );
    expect(socket).toBe('run/control.sock');
    expect(engine).toMatchObject({
      localAs: 4200000000,
      listen: [{ address: '127.0.0.1', port: 1790 }, { address: '::1' }],
      neighbors: [{ group: 'upstream', password: 'secret' }, { remoteAs: 'internal' }],
      announce: [
        {
          prefix: '198.51.100.0/24',
          nextHop: '192.0.2.1',
          communities: ['65000:100', 'no-export'],
          largeCommunities: ['65000:1:2'],
          asPath: [65010, [65011, 65012]],
          multiExitDiscriminator: 5,
        },
        { prefix: '2001:db8:1::/48', nextHop: 'self' },
      ],
    });
    expect(engine).not.toHaveProperty('control');
  });

  it('may be JSON, indented with tabs too', () => {
    const text = JSON.stringify(
      { routerId: '192.0.2.1', localAs: 65000, neighbors: [{ address: '192.0.2.2', remoteAs: 1 }] },
      undefined,
      '\t',
    );
    expect(parseConfiguration(text, 'peers.json').engine.neighbors).toHaveLength(1);
  });

  it('may repeat itself with YAML anchors', () => {
    const text = `${head}neighbors:
  - &first { address: 192.0.2.2, remoteAs: 65001 }
  - { <<: *first, address: 192.0.2.3 }
`;
    expect(parseConfiguration(text, 'peers.yaml').engine.neighbors).toHaveLength(2);
  });

  it('may announce what is no prefix, by its text', () => {
    const text = `${head}announce:
  - nlri: destination 198.51.100.0/24 && protocol =17
    family: ipv4-flowspec
    extendedCommunities: [traffic-rate:0:0]
`;
    expect(parseConfiguration(text, 'peers.yaml').engine.announce).toEqual([
      {
        prefix: 'destination 198.51.100.0/24 && protocol =17',
        family: 'ipv4-flowspec',
        extendedCommunities: ['traffic-rate:0:0'],
      },
    ]);
  });

  it('finds a handler from where the file is', () => {
    using directory = new TemporaryDirectory();
    const handler = directory.file('handler.mjs');
    writeFileSync(handler, '');
    const { engine } = parseConfiguration(
      `${head}handler: ./handler.mjs\n`,
      directory.file('p.yaml'),
    );
    expect(engine.handler).toBe(pathToFileURL(handler).href);
  });
});

describe('a wrong configuration gets one clear line for each error, with line, column and key', () => {
  const wrong: readonly [what: string, text: string, complaint: string][] = [
    [
      'nothing',
      '',
      'peers.yaml:1:1: the file is empty; the least that it needs is routerId and localAs',
    ],
    [
      'only comments',
      '# nothing\n',
      'peers.yaml:1:1: the file is empty; the least that it needs is routerId and localAs',
    ],
    [
      'a list',
      '- a\n',
      'peers.yaml:1:1: the file must be a mapping with routerId, localAs and others (key: value)',
    ],
    [
      'no YAML',
      `${head}neighbors: [\n`,
      'peers.yaml:4:1: this is not valid YAML or JSON: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a key twice',
      `${head}localAs: 65001\n`,
      'peers.yaml:3:1: this is not valid YAML or JSON: Map keys must be unique',
    ],
    ['no localAs', 'routerId: 192.0.2.1\n', 'peers.yaml:1:1: localAs is missing'],
    [
      'an AS out of range',
      'routerId: 192.0.2.1\nlocalAs: 4294967296\n',
      'peers.yaml:2:1: localAs is 4294967296; it must be a whole number from 1 to 4294967295',
    ],
    [
      'an AS with a letter',
      `${head}neighbors:\n  - address: 192.0.2.2\n    remoteAs: 65001x\n`,
      'peers.yaml:5:5: neighbors[0].remoteAs is "65001x"; it must be an AS number, internal or external',
    ],
    [
      'a router ID that is none',
      'routerId: 0.0.0.0\nlocalAs: 65000\n',
      'peers.yaml:1:1: routerId is "0.0.0.0"; it must be a dotted quad other than 0.0.0.0',
    ],
    [
      'an unknown key that is nearly a known one',
      `${head}neighbors:\n  - address: 192.0.2.2\n    remoteAS: 65001\n`,
      'peers.yaml:5:5: neighbors[0].remoteAS is no option; did you mean remoteAs?',
    ],
    [
      'an unknown key at the top',
      `${head}neighbours: []\n`,
      'peers.yaml:3:1: neighbours is no option; did you mean neighbors?',
    ],
    [
      'nearly a key of the app',
      `${head}controls: {}\n`,
      'peers.yaml:3:1: controls is no option; did you mean control?',
    ],
    [
      'a key that is like no other',
      `${head}bgp: 1\n`,
      'peers.yaml:3:1: bgp is no option; there are control, routerId, localAs, listen, workers, defaults, groups, neighbors, ranges, announce, handler, limits, workerMemory, restarting',
    ],
    [
      'an unknown key of control',
      `${head}control:\n  sockets: /run/x\n`,
      'peers.yaml:4:3: control.sockets is no option; did you mean socket?',
    ],
    [
      'a bad address',
      `${head}neighbors:\n  - address: 192.0.2.300\n    remoteAs: 65001\n`,
      'peers.yaml:4:5: neighbors[0].address is "192.0.2.300"; it must be an IPv4 or IPv6 address',
    ],
    [
      'an address that YAML took for a mapping',
      `${head}listen: [{ address: 2001:db8:: }]\n`,
      'peers.yaml:3:21: this is not valid YAML or JSON: Block collections are not allowed within flow collections; a text that ends in a colon needs quotes, as in "2001:db8::"',
    ],
    [
      'the same in a list',
      `${head}listen:\n  - address: 2001:db8::\n`,
      'peers.yaml:4:14: this is not valid YAML or JSON: Nested mappings are not allowed in compact mappings; a text that ends in a colon needs quotes, as in "2001:db8::"',
    ],
    [
      'a text for a flag',
      `${head}neighbors:\n  - { address: 192.0.2.2, remoteAs: 65001, passive: no }\nlisten: [{address: 127.0.0.1}]\n`,
      'peers.yaml:4:44: neighbors[0].passive is "no"; it must be true or false',
    ],
    [
      'a hold time of 2 seconds',
      `${head}neighbors:\n  - { address: 192.0.2.2, remoteAs: 65001, holdTime: 2 }\n`,
      'peers.yaml:4:44: neighbors[0].holdTime is 2; it must be 0, or 3 to 65535 seconds (RFC 4271 §4.2)',
    ],
    [
      'the same neighbor twice',
      `${head}neighbors:\n  - { address: 192.0.2.2, remoteAs: 65001 }\n  - { address: 192.0.2.2, remoteAs: 65002 }\n`,
      'peers.yaml:5:7: neighbors[1].address is 192.0.2.2, as neighbors[0] is; two sessions between the same addresses need a sourceAddress each',
    ],
    [
      'a group that does not exist',
      `${head}groups: { upstream: {} }\nneighbors:\n  - { address: 192.0.2.2, remoteAs: 65001, group: upstreams }\n`,
      'peers.yaml:5:44: neighbors[0].group is "upstreams", which is no group; there is upstream',
    ],
    [
      'a neighbor without an AS',
      `${head}neighbors:\n  - address: 192.0.2.2\n`,
      'peers.yaml:4:5: neighbors[0].remoteAs is missing; give the AS number of the neighbour, or internal or external',
    ],
    [
      'a password that is too long, without showing it',
      `${head}neighbors:\n  - { address: 192.0.2.2, remoteAs: 65001, password: ${'x'.repeat(81)} }\n`,
      'peers.yaml:4:44: neighbors[0].password is not right; it must be text of 1 to 80 octets',
    ],
    [
      'a port that is none',
      `${head}listen: [{ address: 127.0.0.1, port: 65536 }]\n`,
      'peers.yaml:3:32: listen[0].port is 65536; it must be a whole number from 0 to 65535',
    ],
    [
      'a route with bits after its length',
      `${head}announce:\n  - prefix: 198.51.100.1/24\n`,
      'peers.yaml:4:5: announce[0].prefix is "198.51.100.1/24", which has bits beyond its length; the prefix is 198.51.100.0/24',
    ],
    [
      'a route without a prefix',
      `${head}announce:\n  - nextHop: 192.0.2.1\n`,
      'peers.yaml:4:5: announce[0].prefix is missing; it must be a prefix such as 192.0.2.0/24 or 2001:db8::/32',
    ],
    [
      'a route of another family',
      `${head}announce: [{ prefix: 10.0.0.0/8, family: ipv6-unicast }]\n`,
      'peers.yaml:3:34: announce[0].family is ipv6-unicast, which 10.0.0.0/8 is not of',
    ],
    [
      'a bad community',
      `${head}announce: [{ prefix: 10.0.0.0/8, communities: [65000:70000] }]\n`,
      'peers.yaml:3:48: announce[0].communities[0] is "65000:70000"; it must be a community such as 65001:100 or no-export',
    ],
    [
      'an unknown attribute',
      `${head}announce: [{ prefix: 10.0.0.0/8, community: [65000:7] }]\n`,
      'peers.yaml:3:34: announce[0].community is no option; did you mean communities?',
    ],
    [
      'a next hop of a flow rule',
      `${head}announce: [{ nlri: protocol =17, family: ipv4-flowspec, nextHop: 192.0.2.1 }]\n`,
      'peers.yaml:3:57: announce[0].nextHop cannot stand here: a Flow Specification has no next hop (RFC 8955 §4)',
    ],
    [
      'a next hop that no host can have: 0.0.0.0',
      `${head}announce: [{ prefix: 10.0.0.0/8, nextHop: "0.0.0.0" }]\n`,
      'peers.yaml:3:34: announce[0].nextHop is "0.0.0.0"; it must be a host\'s IPv4 or IPv6 address, or self',
    ],
    [
      'a next hop that no host can have: 224.0.0.1',
      `${head}announce: [{ prefix: 10.0.0.0/8, nextHop: "224.0.0.1" }]\n`,
      'peers.yaml:3:34: announce[0].nextHop is "224.0.0.1"; it must be a host\'s IPv4 or IPv6 address, or self',
    ],
    [
      'a next hop that no host can have: 255.255.255.255',
      `${head}announce: [{ prefix: 10.0.0.0/8, nextHop: "255.255.255.255" }]\n`,
      'peers.yaml:3:34: announce[0].nextHop is "255.255.255.255"; it must be a host\'s IPv4 or IPv6 address, or self',
    ],
    [
      'a next hop that no host can have: ::',
      `${head}announce: [{ prefix: 2001:db8::/32, nextHop: "::" }]\n`,
      'peers.yaml:3:37: announce[0].nextHop is "::"; it must be a host\'s IPv4 or IPv6 address, or self',
    ],
    [
      'a next hop that no host can have: ff02::1',
      `${head}announce: [{ prefix: 2001:db8::/32, nextHop: "ff02::1" }]\n`,
      'peers.yaml:3:37: announce[0].nextHop is "ff02::1"; it must be a host\'s IPv4 or IPv6 address, or self',
    ],
    [
      'AS number 0 in a path',
      `${head}announce: [{ prefix: 9.0.0.0/8, asPath: [0] }]\n`,
      'peers.yaml:3:42: announce[0].asPath[0] is 0; it must be an AS number from 1 to 4294967295, or a list of them for an AS set',
    ],
    [
      'AS number 0 in a set',
      `${head}announce: [{ prefix: 9.0.0.0/8, asPath: [1, [2, 0]] }]\n`,
      'peers.yaml:3:45: announce[0].asPath[1] is a list; it must be an AS number from 1 to 4294967295, or a list of them for an AS set',
    ],
    [
      'a flow rule that is none',
      `${head}announce: [{ nlri: destination everywhere, family: ipv4-flowspec }]\n`,
      'peers.yaml:3:14: announce[0].nlri is "destination everywhere"; it must be a route of ipv4-flowspec, as show prints them',
    ],
    [
      'what is wrong between neighbors beside one that is wrong itself',
      `${head}neighbors:
  - { address: 10.0.0.1, remoteAs: 65001, group: nope }
  - { address: 10.0.0.300, remoteAs: 65001, passive: true }
  - { address: 10.0.0.1, remoteAs: 65001, ttl: 3, ttlSecurity: 1 }
`,
      `peers.yaml:4:43: neighbors[0].group is "nope", which is no group; there is none
peers.yaml:5:5: neighbors[1] waits for the neighbor to connect, but nothing listens; add listen at the top
peers.yaml:5:7: neighbors[1].address is "10.0.0.300"; it must be an IPv4 or IPv6 address
peers.yaml:6:7: neighbors[2].address is 10.0.0.1, as neighbors[0] is; two sessions between the same addresses need a sourceAddress each
peers.yaml:6:51: neighbors[2].ttlSecurity excludes ttl and multihop, for it sends with TTL 255 (RFC 5082 §3)`,
    ],
    [
      'a neighbor that is waited for while nothing listens',
      `${head}neighbors: [{ address: 192.0.2.2, remoteAs: 65001, passive: true }]\n`,
      'peers.yaml:3:13: neighbors[0] waits for the neighbor to connect, but nothing listens; add listen at the top',
    ],
    [
      'a wrong value in JSON',
      '{\n  "routerId": "192.0.2.1",\n  "localAs": "65000"\n}\n',
      'peers.yaml:3:3: localAs is "65000"; it must be a whole number from 1 to 4294967295',
    ],
  ];

  it.for(wrong)('%s', ([, text, complaint]) => {
    expect(complaints(text)).toBe(complaint);
  });

  it.for<[what: string, route: string, complaint: string]>([
    [
      'an IPv6 address as aggregator',
      '{ prefix: 9.0.0.0/8, aggregator: { as: 1, address: 2001:db8::1 } }',
      "9.0.0.0/8: the address of aggregator is '2001:db8::1'; it must be a dotted quad",
    ],
    [
      'an IPv4 next hop of IPv6',
      '{ prefix: 2001:db8::/32, nextHop: 192.0.2.1 }',
      '2001:db8::/32: the next hop of ipv6-unicast would have 4 octets; it must have 16 or 32 on this session',
    ],
    [
      'a prefix of a family that has more',
      '{ prefix: 9.0.0.0/8, family: ipv4-vpn }',
      '9.0.0.0/8: it is no route of ipv4-vpn, as they are shown',
    ],
    [
      'a set that is too large',
      `{ prefix: 9.0.0.0/8, asPath: [[${'1, '.repeat(256)}]] }`,
      '9.0.0.0/8: a set of an AS path has 256 AS numbers; at most 255 fit',
    ],
    [
      'more communities than fit',
      `{ prefix: 9.0.0.0/8, communities: [${'"1:1", '.repeat(17_000)}] }`,
      '9.0.0.0/8: COMMUNITIES has 68000 octets; at most 65535 fit',
    ],
  ])('a route that only the engine knows to be wrong: %s', ([, route, complaint]) => {
    const text = `${head}announce:\n  - { prefix: 8.0.0.0/8 }\n  - ${route}\n`;
    expect(complaints(text)).toBe(`peers.yaml:5:5: announce[1] cannot be announced: ${complaint}`);
  });

  it('a handler that is no file', () => {
    expect(complaints(`${head}handler: ./nope.js\n`)).toBe(
      `peers.yaml:3:1: handler is "./nope.js"; it must be the path of a file, and ${resolve('nope.js')} is none`,
    );
  });

  it('with keys that no terminal should see, or that nobody can', () => {
    const text = `${head}"\\x1b[31m\\u2028a": 1\n"": 2\nneighbors: [{ "\\n": 3 }]\n`;
    const lines = complaints(text).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^peers\.yaml:3:1: \\u\{1b\}\[31m\\u\{2028\}a is no option/);
    expect(lines[1]).toMatch(/^peers\.yaml:4:1: "" is no option/);
    expect(complaints(text)).toMatch(/^peers\.yaml:5:\d+: neighbors\[0\]\."\\n" is no option/m);
  });

  it('all of them, in the order of the file', () => {
    const text = `routerId: 192.0.2.1
localAs: 0
neighbors:
  - { address: nowhere, remoteAs: 65001 }
announce:
  - { prefix: 10.0.0.0/8, med: -1 }
control: /run/x
handler: nope.js
`;
    expect(complaints(text).split('\n')).toEqual([
      'peers.yaml:2:1: localAs is 0; it must be a whole number from 1 to 4294967295',
      'peers.yaml:4:7: neighbors[0].address is "nowhere"; it must be an IPv4 or IPv6 address',
      'peers.yaml:6:27: announce[0].med is -1; it must be a metric from 0 to 4294967295',
      'peers.yaml:7:1: control is "/run/x"; it must be a mapping (key: value)',
      `peers.yaml:8:1: handler is "nope.js"; it must be the path of a file, and ${resolve('nope.js')} is none`,
    ]);
    const routes = `routerId: 192.0.2.1\nlocalAs: 0\nannounce:\n  - { prefix: 2001:db8::/32, nextHop: 192.0.2.1 }\n`;
    expect(complaints(routes).split('\n')).toEqual([
      'peers.yaml:2:1: localAs is 0; it must be a whole number from 1 to 4294967295',
      expect.stringContaining('peers.yaml:4:5: announce[0] cannot be announced: ') as string,
    ]);
  });

  it('but no more than one can read', () => {
    const text = `${head}neighbors: [${'{ address: x, remoteAs: 1 }, '.repeat(30)}]\n`;
    const lines = complaints(text).split('\n');
    expect(lines).toHaveLength(21);
    expect(lines[20]).toBe('and 10 more');
  });
});

describe('a file that cannot be read', () => {
  it.for([
    ['is not there', () => {}, 'there is no such file; check the path given with -c'],
    [
      'is a directory',
      (path: string) => mkdirSync(path),
      'it is a directory; name the YAML or JSON file in it',
    ],
  ] as const)('because it %s', ([, prepare, why]) => {
    using directory = new TemporaryDirectory();
    const file = directory.file('peers.yaml');
    prepare(file);
    expect(() => readConfiguration(file)).toThrow(
      expect.objectContaining({
        code: 'ERR_PEERLOOM_CONFIGURATION_FILE',
        exitCode: 2,
        message: `cannot read ${file}: ${why}`,
      }),
    );
  });

  it('because it has no end', () => {
    expect(() => readConfiguration('/dev/zero')).toThrow(/cannot read \/dev\/zero: it is no text/);
  });

  it('and one that can is read', () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file('p.json'), '{"routerId": "192.0.2.1", "localAs": 1}');
    expect(readConfiguration(directory.file('p.json')).engine.localAs).toBe(1);
  });
});

it.for([
  ['remotAs', 'remoteAs'],
  ['LOCALAS', 'localAs'],
  ['neighbours', 'neighbors'],
  ['x', undefined],
  ['colour', undefined],
] as const)('%s is nearest to %s', ([word, known]) => {
  expect(nearest(word, ['remoteAs', 'localAs', 'neighbors', 'listen'])).toBe(known);
});
