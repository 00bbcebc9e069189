import type { ByteWriter } from './byteWriter.ts';
import { type Capability, CapabilityCode } from './capability.ts';
import { copyOf } from './copyOf.ts';
import { requireInteger } from './integerRange.ts';
import { decodeUtf8 } from './printableText.ts';
import { readU16, readU24, readU32 } from './text/number.ts';
import { WireError } from './wireError.ts';

const utf8 = new TextEncoder();
const maximumValueLength = 255;

/** Bits of the Restart Flags and of the Flags for Address Family (RFC 4724 §3, RFC 8538 §2, RFC 9494 §3.1). */
const restartStateBit = 0x8000;
const notificationBit = 0x4000;
const restartTimeMask = 0x0fff;
const forwardingBit = 0x80;

/** Reads one capability's value, `bytes[at, end)`; `undefined` when it is not what its document says. */
type Reader = (bytes: Uint8Array, at: number, end: number) => Capability | undefined;

/** A capability that is its code alone. */
function bare(type: 'routeRefresh' | 'enhancedRouteRefresh' | 'extendedMessage'): Reader {
  return (_bytes, at, end) => (at === end ? { type } : undefined);
}

/** The value of a list capability as tuples of `size` octets; `undefined` when its length is no multiple. */
function tuples<T>(
  at: number,
  end: number,
  size: number,
  read: (at: number) => T,
): T[] | undefined {
  if ((end - at) % size !== 0) return undefined;
  const list: T[] = [];
  for (let offset = at; offset < end; offset += size) list.push(read(offset));
  return list;
}

const readers: { readonly [code: number]: Reader } = {
  [CapabilityCode.multiprotocol]: (bytes, at, end) =>
    end - at === 4
      ? { type: 'multiprotocol', afi: readU16(bytes, at), safi: bytes[at + 3]! }
      : undefined,

  [CapabilityCode.routeRefresh]: bare('routeRefresh'),
  [CapabilityCode.enhancedRouteRefresh]: bare('enhancedRouteRefresh'),
  [CapabilityCode.extendedMessage]: bare('extendedMessage'),

  [CapabilityCode.extendedNextHop]: (bytes, at, end) => {
    const list = tuples(at, end, 6, (offset) => ({
      afi: readU16(bytes, offset),
      safi: readU16(bytes, offset + 2),
      nextHopAfi: readU16(bytes, offset + 4),
    }));
    // The SAFI has two octets here; one above 255 names no family, and must not be taken for one.
    return list?.every(({ safi }) => safi <= 0xff)
      ? { type: 'extendedNextHop', tuples: list }
      : undefined;
  },

  [CapabilityCode.role]: (bytes, at, end) =>
    end - at === 1 ? { type: 'role', role: bytes[at]! } : undefined,

  [CapabilityCode.gracefulRestart]: (bytes, at, end) => {
    if (end - at < 2) return undefined;
    const head = readU16(bytes, at);
    const families = tuples(at + 2, end, 4, (offset) => ({
      afi: readU16(bytes, offset),
      safi: bytes[offset + 2]!,
      forwarding: (bytes[offset + 3]! & forwardingBit) !== 0,
    }));
    return (
      families && {
        type: 'gracefulRestart',
        restarting: (head & restartStateBit) !== 0,
        notification: (head & notificationBit) !== 0,
        restartTime: head & restartTimeMask,
        families,
      }
    );
  },

  [CapabilityCode.fourOctetAs]: (bytes, at, end) =>
    end - at === 4 ? { type: 'fourOctetAs', as: readU32(bytes, at) } : undefined,

  [CapabilityCode.addPath]: (bytes, at, end) => {
    const families = tuples(at, end, 4, (offset) => ({
      afi: readU16(bytes, offset),
      safi: bytes[offset + 2]!,
      sendReceive: bytes[offset + 3]!,
    }));
    // RFC 7911 §4: with any other value, the capability is taken as not understood.
    return families?.every(({ sendReceive }) => sendReceive >= 1 && sendReceive <= 3)
      ? { type: 'addPath', families }
      : undefined;
  },

  [CapabilityCode.longLivedGracefulRestart]: (bytes, at, end) => {
    const families = tuples(at, end, 7, (offset) => ({
      afi: readU16(bytes, offset),
      safi: bytes[offset + 2]!,
      forwarding: (bytes[offset + 3]! & forwardingBit) !== 0,
      staleTime: readU24(bytes, offset + 4),
    }));
    return families && { type: 'longLivedGracefulRestart', families };
  },

  [CapabilityCode.fqdn]: (bytes, at, end) => {
    const hostnameEnd = at + 1 + (bytes[at] ?? 0);
    if (hostnameEnd >= end || hostnameEnd + 1 + bytes[hostnameEnd]! !== end) return undefined;
    const hostname = decodeUtf8(bytes, at + 1, hostnameEnd);
    const domain = decodeUtf8(bytes, hostnameEnd + 1, end);
    return hostname === undefined || domain === undefined
      ? undefined
      : { type: 'fqdn', hostname, domain };
  },

  [CapabilityCode.softwareVersion]: (bytes, at, end) => {
    // An empty version is an encoding error, and the capability is to be ignored.
    if (end - at < 2 || bytes[at] !== end - at - 1) return undefined;
    const version = decodeUtf8(bytes, at + 1, end);
    return version === undefined ? undefined : { type: 'softwareVersion', version };
  },

  [CapabilityCode.pathsLimit]: (bytes, at, end) => {
    const families = tuples(at, end, 5, (offset) => ({
      afi: readU16(bytes, offset),
      safi: bytes[offset + 2]!,
      limit: readU16(bytes, offset + 3),
    }));
    return families && { type: 'pathsLimit', families };
  },
};

/**
 * The capability with `code` whose value is `bytes[at, end)`. One that this codec does not know, and
 * one whose value does not read as its document says, is `unknown` and keeps its bytes: a speaker
 * ignores what it does not understand, and never ends the session for it (RFC 5492 §3).
 */
export function decodeCapability(
  code: number,
  bytes: Uint8Array,
  at: number,
  end: number,
): Capability {
  return (
    readers[code]?.(bytes, at, end) ?? { type: 'unknown', code, value: copyOf(bytes, at, end) }
  );
}

/** The code under which a capability travels. */
export function capabilityCode(capability: Capability): number {
  return capability.type === 'unknown' ? capability.code : CapabilityCode[capability.type];
}

/**
 * Writes a capability as it stands in an OPEN: code, length, value (RFC 5492 §4). Throws a
 * `WireError` for a member out of its range or a value of more than 255 octets.
 */
export function encodeCapability(writer: ByteWriter, capability: Capability): void {
  const name = `capability ${capability.type}`;
  writer.u8(requireInteger(`code of ${name}`, capabilityCode(capability), 0xff));
  const lengthAt = writer.reserve(1);
  writeValue(writer, capability, name);
  const length = writer.length - lengthAt - 1;
  if (length > maximumValueLength) {
    throw new WireError(
      'ERR_WIRE_TOO_LONG',
      `the value of ${name} is ${length} octets long; at most ${maximumValueLength} fit`,
    );
  }
  writer.patchLength8(lengthAt);
}

function writeValue(writer: ByteWriter, capability: Capability, name: string): void {
  const write16 = (what: string, value: number): void =>
    writer.u16(requireInteger(`${what} of ${name}`, value, 0xffff));
  const write8 = (what: string, value: number): void =>
    writer.u8(requireInteger(`${what} of ${name}`, value, 0xff));
  const writeFamily = (family: { readonly afi: number; readonly safi: number }): void => {
    write16('afi', family.afi);
    write8('safi', family.safi);
  };

  switch (capability.type) {
    case 'multiprotocol':
      write16('afi', capability.afi);
      writer.u8(0);
      write8('safi', capability.safi);
      return;
    case 'routeRefresh':
    case 'enhancedRouteRefresh':
    case 'extendedMessage':
      return;
    case 'extendedNextHop':
      for (const tuple of capability.tuples) {
        write16('afi', tuple.afi);
        writer.u8(0);
        write8('safi', tuple.safi);
        write16('nextHopAfi', tuple.nextHopAfi);
      }
      return;
    case 'role':
      write8('role', capability.role);
      return;
    case 'gracefulRestart':
      writer.u16(
        (capability.restarting ? restartStateBit : 0) |
          (capability.notification ? notificationBit : 0) |
          requireInteger(`restartTime of ${name}`, capability.restartTime, restartTimeMask),
      );
      for (const family of capability.families) {
        writeFamily(family);
        writer.u8(family.forwarding ? forwardingBit : 0);
      }
      return;
    case 'fourOctetAs':
      writer.u32(requireInteger(`as of ${name}`, capability.as, 0xffff_ffff));
      return;
    case 'addPath':
      for (const family of capability.families) {
        writeFamily(family);
        write8('sendReceive', family.sendReceive);
      }
      return;
    case 'longLivedGracefulRestart':
      for (const family of capability.families) {
        writeFamily(family);
        writer.u8(family.forwarding ? forwardingBit : 0);
        writer.u24(requireInteger(`staleTime of ${name}`, family.staleTime, 0xff_ffff));
      }
      return;
    case 'fqdn':
      writeText(writer, `hostname of ${name}`, capability.hostname);
      writeText(writer, `domain of ${name}`, capability.domain);
      return;
    case 'softwareVersion':
      writeText(writer, `version of ${name}`, capability.version);
      return;
    case 'pathsLimit':
      for (const family of capability.families) {
        writeFamily(family);
        write16('limit', family.limit);
      }
      return;
    case 'unknown':
      writer.bytes(capability.value);
  }
}

/** A text of at most 254 octets of UTF-8, after an octet that says how many. */
function writeText(writer: ByteWriter, what: string, text: string): void {
  const bytes = utf8.encode(text);
  if (bytes.length > maximumValueLength - 1) {
    throw new WireError(
      'ERR_WIRE_TOO_LONG',
      `the ${what} is ${bytes.length} octets of UTF-8; at most ${maximumValueLength - 1} fit`,
    );
  }
  writer.u8(bytes.length);
  writer.bytes(bytes);
}
