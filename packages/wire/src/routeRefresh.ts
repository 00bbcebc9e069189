import { copyOf } from './copyOf.ts';
import { type DecodeResult, sessionReset } from './fault.ts';
import { beginMessage, finishMessage, lengthFault } from './header.ts';
import { requireInteger } from './integerRange.ts';
import {
  headerLength,
  MessageType,
  maximumExtendedMessageLength,
  maximumMessageLength,
  type RouteRefreshMessage,
} from './message.ts';
import { ErrorCode, RouteRefreshSubcode } from './notificationCode.ts';
import { readU16 } from './text/number.ts';

/** Message subtypes of ROUTE-REFRESH (RFC 7313 §3.2). A receiver ignores any other (RFC 7313 §5). */
export const RouteRefreshSubtype = {
  /** Send the routes of the family again (RFC 2918 §4). */
  request: 0,
  /** Beginning of Route Refresh. */
  beginning: 1,
  /** Ending of Route Refresh. */
  ending: 2,
} as const;
/** One of the values of `RouteRefreshSubtype`. */
export type RouteRefreshSubtype = (typeof RouteRefreshSubtype)[keyof typeof RouteRefreshSubtype];

/** Header, AFI, subtype, SAFI (RFC 2918 §3). */
const fixedLength = headerLength + 4;

/**
 * Reads the ROUTE-REFRESH in `bytes[start, end)`, header included. A BoRR or EoRR whose body is not 4
 * octets long is 7/1 with the whole message as data, if the peer announced Enhanced Route Refresh
 * (RFC 7313 §5); any other that is too short for its fixed part is 1/2. Unknown subtypes are read and
 * kept; ignoring them is the receiver's.
 */
export function decodeRouteRefresh(
  bytes: Uint8Array,
  start: number,
  end: number,
  enhancedRouteRefresh: boolean = true,
): DecodeResult<RouteRefreshMessage> {
  const length = end - start;
  // The subtype can be read from a message that is one octet short; after that, there is none.
  const subtype = length >= fixedLength - 1 ? bytes[start + 21]! : undefined;
  const demarcation =
    subtype === RouteRefreshSubtype.beginning || subtype === RouteRefreshSubtype.ending;
  if (demarcation && enhancedRouteRefresh && length !== fixedLength) {
    return {
      ok: false,
      fault: sessionReset(
        ErrorCode.routeRefresh,
        RouteRefreshSubcode.invalidMessageLength,
        copyOf(bytes, start, end),
        'RFC 7313 §5',
        `a ROUTE-REFRESH of subtype ${subtype} is ${length} octets long; it must be ${fixedLength}`,
      ),
    };
  }
  if (length < fixedLength) {
    return {
      ok: false,
      fault: lengthFault(length, 'ROUTE-REFRESH', fixedLength, maximumMessageLength),
    };
  }
  return {
    ok: true,
    message: {
      kind: 'routeRefresh',
      afi: readU16(bytes, start + 19),
      safi: bytes[start + 22]!,
      subtype: subtype!,
      ...(length > fixedLength && { orf: copyOf(bytes, start + fixedLength, end) }),
    },
  };
}

/** The bytes of a ROUTE-REFRESH. Throws a `WireError` for a member out of its range, and above 65535 octets. */
export function encodeRouteRefresh(message: RouteRefreshMessage): Uint8Array {
  const writer = beginMessage(MessageType.routeRefresh, fixedLength + (message.orf?.length ?? 0));
  writer.u16(requireInteger('afi', message.afi, 0xffff));
  writer.u8(requireInteger('subtype', message.subtype, 0xff));
  writer.u8(requireInteger('safi', message.safi, 0xff));
  if (message.orf !== undefined) writer.bytes(message.orf);
  return finishMessage(writer, maximumExtendedMessageLength);
}
