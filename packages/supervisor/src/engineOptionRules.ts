import { isIPv4 } from 'node:net';
import { maximumPasswordLength } from '@peerloom/sockets';
import { parseFamilyName } from '@peerloom/wire';
import { canonicalAddress, parseAddressRange } from './address.ts';
import {
  anyOf,
  flag,
  integer,
  listOf,
  type OptionIssue,
  type OptionRule,
  oneOf,
  recordOf,
  rule,
  shape,
  text,
} from './optionRule.ts';
import { announcement } from './routeRules.ts';

const isText = (value: unknown): value is string => typeof value === 'string';

const address = rule(
  (value) => isText(value) && canonicalAddress(value) !== undefined,
  'an IPv4 or IPv6 address',
);
const prefix = rule(
  (value) => isText(value) && parseAddressRange(value) !== undefined,
  'a prefix without bits beyond its length, such as 10.0.0.0/8 or 2001:db8::/32',
);
const family = rule(
  (value) => isText(value) && parseFamilyName(value) !== undefined,
  'an address family, such as ipv4-unicast or ipv6-unicast',
);
const as = integer(1, 4_294_967_295);
const routerId = rule(
  (value) => isText(value) && isIPv4(value) && value !== '0.0.0.0',
  'a dotted quad other than 0.0.0.0',
);
const port = integer(1, 65_535);
const seconds = integer(0, 65_535, 'seconds');
const holdTime = rule(
  (value) =>
    Number.isInteger(value) &&
    (value as number) <= 65_535 &&
    (value === 0 || (value as number) >= 3),
  '0, or 3 to 65535 seconds (RFC 4271 §4.2)',
);
const password = rule(
  (value) => isText(value) && value !== '' && Buffer.byteLength(value) <= maximumPasswordLength,
  `text of 1 to ${maximumPasswordLength} octets`,
  true,
);

const gracefulRestart = shape({
  restartTime: integer(0, 4095, 'seconds'),
  families: listOf(family),
  forwarding: flag,
  notification: flag,
  staleTime: seconds,
  selectionDeferralTime: seconds,
});

const capabilities = shape({
  multiprotocol: flag,
  routeRefresh: flag,
  enhancedRouteRefresh: flag,
  fourOctetAs: flag,
  extendedMessage: flag,
  gracefulRestart: anyOf('true, false or an object', flag, gracefulRestart),
  longLivedGracefulRestart: anyOf(
    'false or an object with staleTime',
    oneOfValues(false),
    shape({ staleTime: integer(0, 16_777_215, 'seconds') }, ['staleTime']),
  ),
  addPath: recordOf(oneOf('send', 'receive', 'both'), family),
  extendedNextHop: listOf(family),
  role: oneOf('provider', 'rs', 'rs-client', 'customer', 'peer'),
  roleStrict: flag,
  fqdn: anyOf(
    'false or an object with hostname and domain',
    oneOfValues(false),
    shape({ hostname: text(), domain: text() }, ['hostname', 'domain']),
  ),
  softwareVersion: anyOf('false or text of at most 64 octets', oneOfValues(false), text(64)),
  pathsLimit: recordOf(integer(1, 65_535), family),
});

const maximumPrefixes = anyOf(
  'a number, or an object with limit',
  integer(1, 4_294_967_295),
  shape(
    {
      limit: integer(1, 4_294_967_295),
      families: recordOf(integer(1, 4_294_967_295), family),
      warningPercent: integer(1, 100),
      action: oneOf('warn', 'shutdown'),
      restartTime: integer(1, 4_294_967, 'seconds'),
    },
    ['limit'],
  ),
);

/** What {@link PeerSettings} may hold. */
const peerSettings: Readonly<Record<string, OptionRule>> = {
  port,
  sourceAddress: address,
  localAs: as,
  remoteAs: anyOf('an AS number, internal or external', as, oneOf('internal', 'external')),
  routerId,
  description: text(),
  passive: flag,
  shutdown: anyOf('true, false or a text for the neighbour', flag, text(255)),
  ttl: integer(1, 255),
  multihop: integer(1, 255),
  ttlSecurity: integer(1, 254, 'hops'),
  password,
  holdTime,
  keepaliveTime: integer(1, 65_535, 'seconds'),
  connectRetryTime: integer(1, 65_535, 'seconds'),
  idleHoldTime: integer(1, 65_535, 'seconds'),
  idleHoldTimeMaximum: integer(1, 65_535, 'seconds'),
  sendHoldTime: integer(0, 131_070, 'seconds'),
  delayOpenTime: seconds,
  profile: oneOf('classic', 'rfc4271'),
  families: listOf(family),
  capabilities,
  maximumPrefixes,
  collisionDetectEstablishedState: flag,
  allowAutomaticStart: flag,
  allowAutomaticStop: flag,
  dampPeerOscillations: flag,
  trackTcpState: flag,
  sendNotificationWithoutOpen: flag,
  storeRoutes: flag,
};

const neighbor = shape({ address, group: text(), ...peerSettings }, ['address']);
const range = shape({ prefix, group: text(), limit: integer(1, 1_000_000), ...peerSettings }, [
  'prefix',
]);
const positive = rule((value) => typeof value === 'number' && value > 0, 'a number above 0');

const engine = shape(
  {
    routerId,
    localAs: as,
    listen: listOf(shape({ address, port: integer(0, 65_535) }, ['address'])),
    workers: integer(0, 256),
    defaults: shape(peerSettings),
    groups: recordOf(shape(peerSettings)),
    neighbors: listOf(neighbor),
    ranges: listOf(range),
    announce: listOf(announcement),
    handler: anyOf(
      'a file: URL',
      rule((value) => value instanceof URL || (isText(value) && URL.canParse(value)), 'a URL'),
    ),
    limits: shape({
      connectionsPerPeer: integer(2, 1000),
      pendingConnections: integer(1, 1_000_000),
      bytesInFlight: integer(65_536, 1_073_741_824, 'octets'),
      events: integer(1, 10_000_000),
      updateBytes: integer(4096, 1_073_741_824, 'octets'),
      closeTime: positive,
      dynamicPeerTime: positive,
      workerAnswerTime: positive,
      workerRestartTime: positive,
      workerRestartTimeMaximum: positive,
    }),
    workerMemory: shape({
      maxOldGenerationSizeMb: positive,
      maxYoungGenerationSizeMb: positive,
      stackSizeMb: positive,
    }),
    restarting: flag,
  },
  ['routerId', 'localAs'],
);

/** What is wrong with the form of {@link EngineOptions}, taken by itself. */
export function engineOptionIssues(value: unknown): OptionIssue[] {
  const issues: OptionIssue[] = [];
  engine(value, [], issues);
  return issues;
}

/** What is wrong with the form of {@link NeighborOptions}, taken by itself. */
export function neighborOptionIssues(value: unknown, path: readonly string[] = []): OptionIssue[] {
  const issues: OptionIssue[] = [];
  neighbor(value, path, issues);
  return issues;
}

function oneOfValues(...values: readonly unknown[]): OptionRule {
  return rule((value) => values.includes(value), values.map(String).join(' or '));
}
