import { UpdateSubcode } from '../notificationCode.ts';
import { readU16, readU32 } from '../text/number.ts';
import type { Malformation, ValueCheck } from './attributeRule.ts';

// Checks of the attributes that are lists of TLVs. The codec gives most of them as bytes; what stands
// here is what their specifications call malformed.

/** Type code of the one defined AIGP TLV, and its length with type and length (RFC 7311 §3). */
export const aigpTlvType = 1;
export const aigpTlvLength = 11;

/**
 * AIGP: TLVs that fill the attribute, the AIGP TLV eleven octets long, and the first one below the
 * largest metric (RFC 7311 §3, §3.2). Lengths here include the three octets of type and length.
 */
export const checkAigp: ValueCheck = (bytes, start, end) => {
  let isFirst = true;
  for (let at = start; at < end; ) {
    const length = end - at < 3 ? 0 : readU16(bytes, at + 1);
    if (length < 3 || at + length > end)
      return optionalError('has a TLV that does not fit into it');
    if (bytes[at] === aigpTlvType) {
      if (length !== aigpTlvLength) {
        return optionalError(`has an AIGP TLV of ${length} octets; it must be ${aigpTlvLength}`);
      }
      if (isFirst && isLargestMetric(bytes, at + 3)) {
        return optionalError('has the largest metric there is, which no hop could add to');
      }
      isFirst = false;
    }
    at += length;
  }
  return undefined;
};

function isLargestMetric(bytes: Uint8Array, at: number): boolean {
  return readU32(bytes, at) === 0xffffffff && readU32(bytes, at + 4) === 0xffffffff;
}

/** Tunnel Encapsulation: TLVs whose sub-TLVs fill them exactly (RFC 9012 §13). */
export const checkTunnelEncapsulation: ValueCheck = (bytes, start, end) => {
  for (let at = start; at < end; ) {
    const valueStart = at + 4;
    const valueEnd = valueStart + (valueStart > end ? 0 : readU16(bytes, at + 2));
    if (valueEnd > end) return optionalError('has a tunnel TLV that does not fit into it');
    if (!subTlvsFill(bytes, valueStart, valueEnd)) {
      return optionalError('has a tunnel TLV that its sub-TLVs do not fill exactly');
    }
    at = valueEnd;
  }
  return undefined;
};

/** Sub-TLVs of types below 128 have one octet of length, the others two (RFC 9012 §2). */
function subTlvsFill(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const headerEnd = at + (bytes[at]! < 128 ? 2 : 3);
    if (headerEnd > end) return false;
    at = headerEnd + (bytes[at]! < 128 ? bytes[at + 1]! : readU16(bytes, at + 1));
  }
  return at === end;
}

/** BGP-LS: TLVs with two octets each of type and length, which fill the attribute (RFC 9552 §8.2.2). */
export const checkBgpLs: ValueCheck = (bytes, start, end) => {
  let at = start;
  while (at < end) {
    if (at + 4 > end) break;
    at += 4 + readU16(bytes, at + 2);
  }
  return at === end ? undefined : optionalError('has TLVs whose lengths do not add up to its own');
};

/** Types of BGP Prefix-SID TLVs (RFC 8669 §3, RFC 9252 §2). */
const PrefixSidTlv = {
  labelIndex: 1,
  originatorSrgb: 3,
  srv6L3Service: 5,
  srv6L2Service: 6,
} as const;

/**
 * BGP Prefix-SID: TLVs that fit, of their defined lengths (RFC 8669 §6: attribute discard). SRv6 Service
 * TLVs are the exception: without their SIDs the route must go, too (RFC 9252 §7: treat-as-withdraw).
 */
export const checkPrefixSid: ValueCheck = (bytes, start, end) => {
  let found: Malformation | undefined;
  for (let at = start; at < end; ) {
    const type = bytes[at]!;
    const valueStart = at + 3;
    const isWhole = valueStart <= end && valueStart + readU16(bytes, at + 1) <= end;
    const valueEnd = isWhole ? valueStart + readU16(bytes, at + 1) : end;
    if (type === PrefixSidTlv.srv6L3Service || type === PrefixSidTlv.srv6L2Service) {
      if (!isWhole || !isSrv6Service(bytes, valueStart, valueEnd)) return malformedSrv6Service;
    } else if (!isWhole) {
      return found ?? optionalError('has a TLV that does not fit into it');
    } else if (!isPermittedLength(type, valueEnd - valueStart)) {
      found ??= optionalError(`has a TLV of type ${type} with ${valueEnd - valueStart} octets`);
    }
    at = valueEnd;
  }
  return found;
};

function isPermittedLength(type: number, length: number): boolean {
  if (type === PrefixSidTlv.labelIndex) return length === 7;
  if (type === PrefixSidTlv.originatorSrgb) return length >= 8 && (length - 2) % 6 === 0;
  return true;
}

const malformedSrv6Service: Malformation = {
  subcode: UpdateSubcode.optionalAttributeError,
  withAttribute: true,
  text: 'has an SRv6 Service TLV whose parts do not fit',
  action: 'treatAsWithdraw',
  section: 'RFC 9252 §7',
};

/** A reserved octet, then sub-TLVs; an SRv6 SID Information (type 1) has 21 octets before its own sub-sub-TLVs (RFC 9252 §3). */
function isSrv6Service(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 1) return false;
  for (let at = start + 1; at < end; ) {
    const valueStart = at + 3;
    if (valueStart > end) return false;
    const valueEnd = valueStart + readU16(bytes, at + 1);
    if (valueEnd > end) return false;
    if (bytes[at] === 1) {
      if (valueEnd - valueStart < 21) return false;
      if (!subSubTlvsFill(bytes, valueStart + 21, valueEnd)) return false;
    }
    at = valueEnd;
  }
  return true;
}

function subSubTlvsFill(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    if (at + 3 > end) return false;
    at += 3 + readU16(bytes, at + 1);
  }
  return at === end;
}

function optionalError(text: string): Malformation {
  return { subcode: UpdateSubcode.optionalAttributeError, withAttribute: true, text };
}
