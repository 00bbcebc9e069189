import * as fc from 'fast-check';
import { type Capability, CapabilityCode } from '../../src/index.ts';

export const u8: fc.Arbitrary<number> = fc.integer({ min: 0, max: 0xff });
export const u16: fc.Arbitrary<number> = fc.integer({ min: 0, max: 0xffff });
export const u32: fc.Arbitrary<number> = fc.integer({ min: 0, max: 0xffff_ffff });

const utf8 = new TextEncoder();

/** Text whose UTF-8 has at most `maximum` octets; it may hold any character, but no lone surrogate. */
export function utf8Text(maximum: number, minLength = 0): fc.Arbitrary<string> {
  return fc
    .string({ unit: 'binary', minLength, maxLength: Math.floor(maximum / 2) })
    .filter((text) => utf8.encode(text).length <= maximum);
}

const family = { afi: u16, safi: u8 };
const knownCodes: ReadonlySet<number> = new Set(Object.values(CapabilityCode));

function listOf<T>(
  members: { [K in keyof T]: fc.Arbitrary<T[K]> },
  maxLength: number,
): fc.Arbitrary<T[]> {
  return fc.array(fc.record(members) as fc.Arbitrary<T>, { maxLength });
}

const byType: { readonly [T in Capability['type']]: fc.Arbitrary<Capability> } = {
  multiprotocol: fc.record({ type: fc.constant('multiprotocol'), ...family }),
  routeRefresh: fc.record({ type: fc.constant('routeRefresh') }),
  enhancedRouteRefresh: fc.record({ type: fc.constant('enhancedRouteRefresh') }),
  fourOctetAs: fc.record({ type: fc.constant('fourOctetAs'), as: u32 }),
  extendedMessage: fc.record({ type: fc.constant('extendedMessage') }),
  gracefulRestart: fc.record({
    type: fc.constant('gracefulRestart'),
    restarting: fc.boolean(),
    notification: fc.boolean(),
    restartTime: fc.integer({ min: 0, max: 4095 }),
    families: listOf({ ...family, forwarding: fc.boolean() }, 63),
  }),
  longLivedGracefulRestart: fc.record({
    type: fc.constant('longLivedGracefulRestart'),
    families: listOf(
      { ...family, forwarding: fc.boolean(), staleTime: fc.integer({ min: 0, max: 0xff_ffff }) },
      36,
    ),
  }),
  addPath: fc.record({
    type: fc.constant('addPath'),
    families: listOf({ ...family, sendReceive: fc.integer({ min: 1, max: 3 }) }, 63),
  }),
  extendedNextHop: fc.record({
    type: fc.constant('extendedNextHop'),
    tuples: listOf({ ...family, nextHopAfi: u16 }, 42),
  }),
  role: fc.record({ type: fc.constant('role'), role: u8 }),
  fqdn: fc.record({
    type: fc.constant('fqdn'),
    hostname: utf8Text(126),
    domain: utf8Text(127),
  }),
  softwareVersion: fc.record({
    type: fc.constant('softwareVersion'),
    version: utf8Text(254, 1),
  }),
  pathsLimit: fc.record({
    type: fc.constant('pathsLimit'),
    families: listOf({ ...family, limit: u16 }, 51),
  }),
  unknown: fc.record({
    type: fc.constant('unknown'),
    code: u8.filter((code) => !knownCodes.has(code)),
    value: fc.uint8Array({ maxLength: 255 }),
  }),
};

/** Any capability, each type as often as any other. */
export const capability: fc.Arbitrary<Capability> = fc.oneof(...Object.values(byType));
