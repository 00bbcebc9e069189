import * as fc from 'fast-check';
import {
  Afi,
  type AigpAttribute,
  type AsPathSegment,
  AttributeCode,
  attributeCode,
  type FamilyKey,
  familyKey,
  familyOfKey,
  type MpNextHop,
  type MpReachNlriAttribute,
  type MpUnreachNlriAttribute,
  type PathAttribute,
  Safi,
  type UnknownAttribute,
  type UpdateOptions,
} from '../../src/index.ts';
import { u8, u32 } from './capability.ts';
import { addressText, nlriOf, octets } from './nlri.ts';

/** Any AS number that may be sent. */
export const asNumber: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 1, max: 0xffff }),
  fc.integer({ min: 1, max: 0xffffffff }),
);
const twoOctetAs = fc.integer({ min: 1, max: 0xffff });
const host = addressText(4).filter((text) => {
  const first = Number.parseInt(text, 10);
  return first > 0 && first < 224;
});

function segment(
  kind: AsPathSegment['kind'],
  number: fc.Arbitrary<number>,
): fc.Arbitrary<AsPathSegment> {
  return fc.record({
    kind: fc.constant(kind),
    asNumbers: fc.oneof(
      { weight: 9, arbitrary: fc.array(number, { minLength: 1, maxLength: 6 }) },
      { weight: 1, arbitrary: fc.array(number, { minLength: 250, maxLength: 255, size: 'max' }) },
    ),
  });
}

const plainSegments = fc.array(fc.oneof(segment('sequence', asNumber), segment('set', asNumber)), {
  maxLength: 4,
});
const confederationSegment = (number: fc.Arbitrary<number>): fc.Arbitrary<AsPathSegment> =>
  fc.oneof(segment('confederationSequence', number), segment('confederationSet', number));

/** A path that a session's peer may send, and that its encoding brings across unchanged (RFC 6793 loses some confederation segments). */
export function asPathSegments(options: UpdateOptions): fc.Arbitrary<AsPathSegment[]> {
  if (options.peerType === 'external') return plainSegments;
  const confederation = confederationSegment(options.fourOctetAs ? asNumber : twoOctetAs);
  const leading = fc.array(confederation, { maxLength: 2 });
  return options.fourOctetAs
    ? fc.array(fc.oneof(segment('sequence', asNumber), confederation), { maxLength: 5 })
    : fc.tuple(leading, plainSegments).map(([first, rest]) => [...first, ...rest]);
}

const partial = fc.constantFrom({}, { partial: true as const });

/** Adds the Partial bit or not. */
function transitive<T extends object>(members: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.tuple(members, partial).map(([value, flag]) => ({ ...value, ...flag }));
}

function some<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(value, { minLength: 1, maxLength: 8 });
}

const pmsiIdentifier: fc.Arbitrary<readonly [number, number]> = fc.constantFrom(
  [0, 0],
  [1, 12],
  [1, 24],
  [3, 8],
  [4, 32],
  [6, 4],
  [6, 16],
  [8, 8],
  [11, 19],
  [0x7b, 5],
  [0x83, 11],
);
const tunnelTlv = fc
  .tuple(u8, fc.array(fc.tuple(u8, fc.uint8Array({ maxLength: 40 })), { maxLength: 4 }))
  .map(([type, subTlvs]) => {
    const value = subTlvs.flatMap(([subType, bytes]) =>
      subType < 128 ? [subType, bytes.length, ...bytes] : [subType, 0, bytes.length, ...bytes],
    );
    return [0, type, value.length >> 8, value.length & 0xff, ...value];
  });
const longTlv = fc
  .tuple(u8, fc.uint8Array({ maxLength: 200 }))
  .map(([type, bytes]) => [4, type, 0, bytes.length, ...bytes]);
const prefixSidTlv = fc
  .tuple(fc.integer({ min: 7, max: 255 }), fc.uint8Array({ maxLength: 200 }))
  .map(([type, bytes]) => [type, 0, bytes.length, ...bytes]);

function joined(
  type: 'tunnelEncapsulation' | 'bgpLs' | 'prefixSid',
  tlv: fc.Arbitrary<number[]>,
): fc.Arbitrary<PathAttribute> {
  return some(tlv).map((tlvs) => ({ type, value: Uint8Array.from(tlvs.flat()) }));
}

const aigp: fc.Arbitrary<AigpAttribute> = fc
  .tuple(
    fc.option(fc.bigInt(0n, 2n ** 64n - 2n)),
    fc.array(
      fc.record({
        type: fc.integer({ min: 2, max: 255 }),
        value: fc.uint8Array({ maxLength: 20 }),
      }),
      { maxLength: 3 },
    ),
  )
  .filter(([metric, otherTlvs]) => metric !== null || otherTlvs.length > 0)
  .map(([metric, otherTlvs]) => ({
    type: 'aigp',
    ...(metric !== null && { metric }),
    ...(otherTlvs.length > 0 && { otherTlvs }),
  }));

const largeCommunity = fc.record({ globalAdministrator: u32, localData1: u32, localData2: u32 });

const knownCodes: ReadonlySet<number> = new Set(Object.values(AttributeCode));

/** An optional attribute that the codec does not know. */
export const unknownAttribute: fc.Arbitrary<UnknownAttribute> = fc.record({
  type: fc.constant('unknown'),
  code: u8.filter((code) => !knownCodes.has(code)),
  flags: fc.constantFrom(0x80, 0xc0, 0xe0),
  value: fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.uint8Array({ minLength: 250, maxLength: 300, size: 'max' }),
  ),
});

function of<T extends PathAttribute>(
  members: {
    [K in keyof T]: fc.Arbitrary<T[K]>;
  },
): fc.Arbitrary<PathAttribute> {
  return fc.record(members) as fc.Arbitrary<PathAttribute>;
}

function named<T extends string>(name: T): fc.Arbitrary<T> {
  return fc.constant(name);
}

function optionalAttributes(options: UpdateOptions): fc.Arbitrary<PathAttribute>[] {
  const fromAnyone = [
    of({ type: named('multiExitDiscriminator'), value: u32 }),
    of({ type: named('atomicAggregate') }),
    transitive(of({ type: named('aggregator'), as: asNumber, address: addressText(4) })),
    transitive(of({ type: named('communities'), communities: some(u32) })),
    transitive(of({ type: named('extendedCommunities'), communities: some(octets(8)) })),
    transitive(
      pmsiIdentifier.chain(([tunnelType, length]) =>
        of({
          type: named('pmsiTunnel'),
          flags: u8,
          tunnelType: fc.constant(tunnelType),
          label: fc.integer({ min: 0, max: 0xffffff }),
          identifier: octets(length),
        }),
      ),
    ),
    transitive(joined('tunnelEncapsulation', tunnelTlv)),
    transitive(of({ type: named('ipv6ExtendedCommunities'), communities: some(octets(20)) })),
    joined('bgpLs', longTlv),
    transitive(
      of({
        type: named('largeCommunities'),
        communities: fc.uniqueArray(largeCommunity, {
          minLength: 1,
          maxLength: 40,
          selector: (community) => JSON.stringify(community),
        }),
      }),
    ),
    transitive(of({ type: named('onlyToCustomer'), as: u32 })),
    transitive(joined('prefixSid', prefixSidTlv)),
    unknownAttribute,
  ];
  if (options.peerType === 'external') return fromAnyone;
  return [
    ...fromAnyone,
    of({ type: named('localPreference'), value: u32 }),
    of({ type: named('originatorId'), originatorId: addressText(4) }),
    of({ type: named('clusterList'), clusterIds: some(addressText(4)) }),
    aigp,
  ];
}

/** By ascending type code, each type once: as they are sent. */
function inOrder(attributes: readonly PathAttribute[]): PathAttribute[] {
  const byCode = new Map(attributes.map((attribute) => [attributeCode(attribute), attribute]));
  return [...byCode].toSorted(([a], [b]) => a - b).map(([, attribute]) => attribute);
}

/** Sound attributes of a route, ORIGIN and AS_PATH among them and MP attributes not; NEXT_HOP as asked for. */
export function pathAttributes(
  options: UpdateOptions,
  withNextHop: boolean,
): fc.Arbitrary<PathAttribute[]> {
  const mandatory: fc.Arbitrary<PathAttribute>[] = [
    fc.record({ type: fc.constant('origin'), origin: fc.constantFrom('igp', 'egp', 'incomplete') }),
    fc.record({ type: fc.constant('asPath'), segments: asPathSegments(options) }),
    ...(withNextHop ? [fc.record({ type: fc.constant('nextHop' as const), nextHop: host })] : []),
  ];
  const others = fc.array(fc.oneof(...optionalAttributes(options)), { maxLength: 8 });
  return fc
    .tuple(fc.tuple(...mandatory), others)
    .map(([first, more]) => inOrder([...first, ...more]));
}

const vpnFamilies: ReadonlySet<FamilyKey> = new Set([
  familyKey(Afi.ipv4, Safi.mplsVpn),
  familyKey(Afi.ipv6, Safi.mplsVpn),
]);

/** Address lengths of the next hops that a family takes. */
function nextHopShapes(family: FamilyKey, options: UpdateOptions): readonly (readonly number[])[] {
  const { afi, safi } = familyOfKey(family);
  if (safi === Safi.flowspec || safi === Safi.flowspecVpn) return [[], [4], [16]];
  if (afi === Afi.bgpLs) return [[4], [16], [16, 16]];
  if (afi === Afi.l2vpn || safi === Safi.routeTarget) return [[4], [16]];
  const ipv6 = [[16], [16, 16]];
  if (afi === Afi.ipv6) return ipv6;
  return options.extendedNextHop.has(family) ? [[4], ...ipv6] : [[4]];
}

function nextHops(family: FamilyKey, options: UpdateOptions): fc.Arbitrary<MpNextHop[]> {
  const distinguisher = vpnFamilies.has(family)
    ? fc.option(octets(8).filter((bytes) => bytes.some((octet) => octet !== 0)))
    : fc.constant(null);
  return fc
    .constantFrom(...nextHopShapes(family, options))
    .chain((lengths) =>
      fc.tuple(
        ...lengths.map((length) =>
          fc
            .tuple(addressText(length), distinguisher)
            .map(([address, routeDistinguisher]) =>
              routeDistinguisher === null ? { address } : { address, routeDistinguisher },
            ),
        ),
      ),
    );
}

const isWhole = (family: FamilyKey): boolean => family === familyKey(Afi.l2vpn, 65);

/** MP_REACH_NLRI of a family, with a route at the least; a family without known framing has one. */
export function mpReachOf(
  family: FamilyKey,
  options: UpdateOptions,
  maxLength = 10,
): fc.Arbitrary<MpReachNlriAttribute> {
  const shape = { addPath: options.addPathSend.has(family), context: 'reach' as const };
  const { afi, safi } = familyOfKey(family);
  const nextHop: fc.Arbitrary<Pick<MpReachNlriAttribute, 'nextHops' | 'nextHopBytes'>> = isWhole(
    family,
  )
    ? fc
        .uint8Array({ minLength: 1, maxLength: 48 })
        .map((nextHopBytes) => ({ nextHops: [], nextHopBytes }))
    : nextHops(family, options).map((each) => ({ nextHops: each }));
  const nlri = fc.array(nlriOf(family, shape), {
    minLength: 1,
    maxLength: isWhole(family) ? 1 : maxLength,
    size: 'max',
  });
  return fc
    .tuple(nextHop, nlri)
    .map(([head, routes]) => ({ type: 'mpReachNlri', afi, safi, ...head, nlri: routes }));
}

/** MP_UNREACH_NLRI of a family; without routes it is an End-of-RIB. */
export function mpUnreachOf(
  family: FamilyKey,
  options: UpdateOptions,
  maxLength = 10,
): fc.Arbitrary<MpUnreachNlriAttribute> {
  const shape = { addPath: options.addPathSend.has(family), context: 'unreach' as const };
  const { afi, safi } = familyOfKey(family);
  return fc.record({
    type: fc.constant('mpUnreachNlri'),
    afi: fc.constant(afi),
    safi: fc.constant(safi),
    withdrawn: fc.array(nlriOf(family, shape), {
      maxLength: isWhole(family) ? 1 : maxLength,
      size: 'max',
    }),
  });
}
