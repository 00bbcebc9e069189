import { writeIpv4 } from './attributes/encodeValues.ts';
import { ByteWriter } from './byteWriter.ts';
import type { Capability } from './capability.ts';
import { decodeCapability, encodeCapability } from './capabilityCodec.ts';
import { copyOf } from './copyOf.ts';
import { type DecodeResult, type Fault, noData, sessionReset } from './fault.ts';
import { beginMessage, finishMessage, lengthFault } from './header.ts';
import { requireInteger } from './integerRange.ts';
import {
  MessageType,
  maximumMessageLength,
  type OpenMessage,
  type OptionalParameter,
} from './message.ts';
import { ErrorCode, OpenSubcode } from './notificationCode.ts';
import { formatIpv4 } from './text/ipv4.ts';
import { readU16, readU32 } from './text/number.ts';
import { WireError } from './wireError.ts';

/** The one version of the protocol that is spoken (RFC 4271 §4.2). */
export const bgpVersion = 4;

/** Shortest OPEN, header included (RFC 4271 §4.2). */
const minimumOpenLength = 29;

const parameterType = { capabilities: 2, extendedLength: 255 } as const;

/** Longest Optional Parameters field that the one-octet length can tell (RFC 9072 §2). */
const maximumShortLength = 255;

/**
 * Reads the OPEN in `bytes[start, end)`, header included. Both forms of the Optional Parameters field
 * are understood (RFC 4271 §4.2, RFC 9072 §2). What the fields say is not judged here, that is
 * `validateOpen`'s; faults are only a length that cannot be (1/2), a version whose layout is another
 * (2/1), and parameters that do not add up (2/0).
 */
export function decodeOpen(
  bytes: Uint8Array,
  start: number,
  end: number,
): DecodeResult<OpenMessage> {
  if (end - start < minimumOpenLength) {
    return {
      ok: false,
      fault: lengthFault(end - start, 'OPEN', minimumOpenLength, maximumMessageLength),
    };
  }
  const version = bytes[start + 19]!;
  if (version !== bgpVersion) return { ok: false, fault: versionFault(version) };

  const capabilities: Capability[] = [];
  const otherParameters: OptionalParameter[] = [];
  const fault = decodeParameters(bytes, start + 28, end, capabilities, otherParameters);
  if (fault !== undefined) return { ok: false, fault };
  return {
    ok: true,
    message: {
      kind: 'open',
      version,
      myAs: readU16(bytes, start + 20),
      holdTime: readU16(bytes, start + 22),
      bgpIdentifier: formatIpv4(readU32(bytes, start + 24)),
      capabilities,
      ...(otherParameters.length > 0 && { otherParameters }),
    },
  };
}

/** Reads the Optional Parameters, whose length octet is at `at`, into the two lists. */
function decodeParameters(
  bytes: Uint8Array,
  at: number,
  end: number,
  capabilities: Capability[],
  otherParameters: OptionalParameter[],
): Fault | undefined {
  let offset = at + 1;
  let length = bytes[at]!;
  const extended = length !== 0 && bytes[offset] === parameterType.extendedLength && offset < end;
  if (extended) {
    if (end - offset < 3)
      return parameterFault(
        'the extended length of the optional parameters is cut off',
        'RFC 9072 §2',
      );
    length = readU16(bytes, offset + 1);
    offset += 3;
  }
  if (offset + length !== end) {
    return parameterFault(
      `the optional parameters are said to be ${length} octets long, and ${end - offset} follow`,
    );
  }

  const headLength = extended ? 3 : 2;
  while (offset < end) {
    const room = end - offset - headLength;
    const valueLength = room < 0 ? 0 : extended ? readU16(bytes, offset + 1) : bytes[offset + 1]!;
    if (room < valueLength) {
      return parameterFault(`optional parameter ${bytes[offset]} goes past the end of the OPEN`);
    }
    const type = bytes[offset]!;
    const valueStart = offset + headLength;
    offset = valueStart + valueLength;
    if (type === parameterType.capabilities) {
      const fault = decodeCapabilities(bytes, valueStart, offset, capabilities);
      if (fault !== undefined) return fault;
    } else {
      otherParameters.push({ type, value: copyOf(bytes, valueStart, offset) });
    }
  }
  return undefined;
}

function decodeCapabilities(
  bytes: Uint8Array,
  start: number,
  end: number,
  capabilities: Capability[],
): Fault | undefined {
  for (let offset = start; offset < end; ) {
    const valueStart = offset + 2;
    const valueEnd = valueStart + (valueStart <= end ? bytes[offset + 1]! : 0);
    if (valueEnd > end) {
      return parameterFault(
        `capability ${bytes[offset]} goes past the end of its optional parameter`,
        'RFC 5492 §4',
      );
    }
    capabilities.push(decodeCapability(bytes[offset]!, bytes, valueStart, valueEnd));
    offset = valueEnd;
  }
  return undefined;
}

/** A recognized parameter that is malformed: OPEN Message Error, Unspecific (RFC 4271 §6.2). */
function parameterFault(text: string, section = 'RFC 4271 §6.2'): Fault {
  return sessionReset(ErrorCode.open, OpenSubcode.unspecific, noData, section, text);
}

/** OPEN Message Error/Unsupported Version Number; its data is the version that we speak (RFC 4271 §6.2). */
export function versionFault(version: number): Fault {
  return sessionReset(
    ErrorCode.open,
    OpenSubcode.unsupportedVersionNumber,
    Uint8Array.of(bgpVersion >>> 8, bgpVersion),
    'RFC 4271 §6.2',
    `the peer speaks BGP version ${version}; only version ${bgpVersion} is supported`,
  );
}

/**
 * The bytes of an OPEN. All capabilities go into one Capabilities parameter, the other parameters
 * after it; the extended form of the length is used only where the parameters need it (RFC 9072 §2).
 * Throws a `WireError` for a member out of its range, and for an OPEN of more than 4096 octets
 * (RFC 8654 §4).
 */
export function encodeOpen(message: OpenMessage): Uint8Array {
  const writer = beginMessage(MessageType.open, 128);
  writer.u8(requireInteger('version', message.version, 0xff));
  writer.u16(requireInteger('myAs', message.myAs, 0xffff));
  writer.u16(requireInteger('holdTime', message.holdTime, 0xffff));
  writeIpv4(writer, 'bgpIdentifier', message.bgpIdentifier);

  const parameters = [...(message.otherParameters ?? [])];
  for (const { type } of parameters) requireParameterType(type);
  if (message.capabilities.length > 0) {
    const value = encodeCapabilities(message.capabilities);
    parameters.unshift({ type: parameterType.capabilities, value });
  }
  const shortLength = parameters.reduce((sum, { value }) => sum + 2 + value.length, 0);
  if (shortLength <= maximumShortLength) {
    writer.u8(shortLength);
  } else {
    writer.u8(maximumShortLength);
    writer.u8(parameterType.extendedLength);
    writer.u16(shortLength + parameters.length);
  }
  for (const { type, value } of parameters) {
    writer.u8(type);
    if (shortLength <= maximumShortLength) writer.u8(value.length);
    else writer.u16(value.length);
    writer.bytes(value);
  }
  return finishMessage(writer, maximumMessageLength);
}

/**
 * Capabilities as they stand in an OPEN, one after another (RFC 5492 §4); also the data field of
 * Unsupported Capability (RFC 5492 §5). Throws a `WireError` for a member out of its range.
 */
export function encodeCapabilities(capabilities: readonly Capability[]): Uint8Array {
  const writer = new ByteWriter();
  for (const capability of capabilities) encodeCapability(writer, capability);
  return writer.toBytes();
}

function requireParameterType(type: number): void {
  requireInteger('type of an optional parameter', type, 0xff);
  if (type !== parameterType.capabilities && type !== parameterType.extendedLength) return;
  throw new WireError(
    'ERR_WIRE_BAD_VALUE',
    type === parameterType.capabilities
      ? 'an optional parameter has type 2; capabilities belong into `capabilities`'
      : 'an optional parameter has type 255, which is reserved for the extended length (RFC 9072 §3)',
  );
}
