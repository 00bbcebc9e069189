import { copyOf } from '../copyOf.ts';
import { requireInteger } from '../integerRange.ts';
import type { EvpnNlri } from '../nlri.ts';
import { WireError } from '../wireError.ts';
import type { NlriCodec } from './codec.ts';
import { evpnRoutes, evpnRouteType } from './evpnRoute.ts';
import { Flaw } from './flaw.ts';
import { badValue, requireKind } from './requirement.ts';

const headOctets = 2;

/**
 * `<route type, length, …>` (RFC 7432 §7, RFC 9136 §3.1). Routes of types that are not known are no fault
 * (RFC 7606 §5.4): they are handed on as bytes, for the receiver to discard.
 */
export const evpnCodec: NlriCodec = {
  kind: 'evpn',
  measure: (bytes, at, end) => {
    if (at + headOctets > end) return Flaw.truncated;
    const next = at + headOctets + bytes[at + 1]!;
    if (next > end) return Flaw.truncated;
    return evpnRoutes[bytes[at]!]?.measure(bytes, at + headOctets, next) ?? next;
  },
  check: (bytes, at, next) => evpnRoutes[bytes[at]!]?.check?.(bytes, at + headOctets, next) ?? 0,
  decode: (bytes, at, next, _context, path): EvpnNlri => {
    const routeType = bytes[at]!;
    const route = evpnRoutes[routeType];
    if (route !== undefined) return { ...route.read(bytes, at + headOctets, next), ...path };
    return {
      kind: 'evpn',
      route: 'unknown',
      routeType,
      bytes: copyOf(bytes, at + headOctets, next),
      ...path,
    };
  },
  encode: (writer, nlri, context) => {
    requireKind(nlri, 'evpn');
    if (nlri.route === 'unknown') {
      requireInteger('EVPN route type', nlri.routeType, 0xff);
      if (evpnRoutes[nlri.routeType] !== undefined) {
        throw badValue('EVPN route type', nlri.routeType, 'given by its own kind of route');
      }
      if (nlri.bytes.length > 0xff) {
        throw new WireError('ERR_WIRE_TOO_LONG', 'EVPN route: at most 255 octets fit');
      }
      writer.u8(nlri.routeType);
      writer.u8(nlri.bytes.length);
      writer.bytes(nlri.bytes);
      return;
    }
    const routeType = evpnRouteType(nlri.route);
    writer.u8(routeType);
    const lengthAt = writer.reserve(1);
    evpnRoutes[routeType]!.write(writer, nlri, context);
    writer.patchLength8(lengthAt);
  },
  key: {
    write: (bytes, at, next, _context, key) => {
      const routeType = bytes[at]!;
      const route = evpnRoutes[routeType];
      const bodyAt = at + headOctets;
      key[0] = routeType;
      if (route !== undefined) return route.writeKey(bytes, bodyAt, next, key, 1);
      for (let from = bodyAt, to = 1; from < next; from += 1, to += 1) key[to] = bytes[from]!;
      return 1 + next - bodyAt;
    },
  },
};
