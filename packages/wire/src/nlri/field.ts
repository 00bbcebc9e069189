// A field of NLRI: the Withdrawn Routes or NLRI field of an UPDATE, or what MP_REACH_NLRI and
// MP_UNREACH_NLRI end with.

import type { FamilyKey } from '../addressFamily.ts';
import type { ByteWriter } from '../byteWriter.ts';
import type { Fault } from '../fault.ts';
import { requireInteger } from '../integerRange.ts';
import type { Nlri } from '../nlri.ts';
import { readU32 } from '../text/number.ts';
import type { NlriContext } from './codec.ts';
import { codecOf } from './familyCodec.ts';
import { type Flaw, faultOf } from './flaw.ts';
import { badValue } from './requirement.ts';

/** Octets of a Path Identifier (RFC 7911 §3). */
export const pathIdOctets = 4;

/** The NLRI of a field, or the fault that was found. */
export type NlriResult =
  | { readonly ok: true; readonly nlri: Nlri[] }
  | { readonly ok: false; readonly fault: Fault };

/**
 * The NLRI in `bytes[start, end)`, as readable objects. Never throws and reads nothing outside.
 *
 * `addPath`: a Path Identifier comes before each (RFC 7911 §3). `context`: whether they are announced or
 * withdrawn, which matters to labels (RFC 8277 §2.4). `multipleLabels`: both sides sent the Multiple
 * Labels Capability for the family (RFC 8277 §2.1); without it exactly one label is read, whatever its S
 * bit.
 *
 * A fault here is one of form, after which the field cannot be read: the session is reset over an NLRI or
 * Withdrawn Routes field of IPv4 unicast (Invalid Network Field, RFC 4271 §6.3), and the family disabled
 * over any other (RFC 7606 §3 j, §5.3, RFC 4760 §7).
 */
export function decodeNlri(
  bytes: Uint8Array,
  start: number,
  end: number,
  family: FamilyKey,
  addPath: boolean,
  context: NlriContext,
  multipleLabels: boolean = false,
): NlriResult {
  const codec = codecOf(family, multipleLabels);
  const pathOctets = addPath && !codec.isWholeField ? pathIdOctets : 0;
  const nlri: Nlri[] = [];
  let at = start;
  while (at < end) {
    const body = at + pathOctets;
    const next = codec.measure(bytes, body, end, context);
    if (next < 0) return { ok: false, fault: faultOf(next as Flaw, at - start, family) };
    const path = pathOctets === 0 ? {} : { pathId: readU32(bytes, at) };
    nlri.push(codec.decode(bytes, body, next, context, path));
    at = next;
  }
  return { ok: true, nlri };
}

/**
 * The fault in `bytes[start, end)`, found without decoding and without allocation: the one that
 * `decodeNlri` would return, or else the first announced route that is well formed but makes no sense,
 * which is treated as a withdrawal: an EVPN IP Prefix route with two overlay indexes (RFC 9136 §3.2).
 */
export function validateNlri(
  bytes: Uint8Array,
  start: number,
  end: number,
  family: FamilyKey,
  addPath: boolean,
  context: NlriContext,
  multipleLabels: boolean = false,
): Fault | undefined {
  const codec = codecOf(family, multipleLabels);
  const pathOctets = addPath && !codec.isWholeField ? pathIdOctets : 0;
  const check = context === 'reach' ? codec.check : undefined;
  let flaw = 0;
  let flawAt = 0;
  let at = start;
  while (at < end) {
    const body = at + pathOctets;
    const next = codec.measure(bytes, body, end, context);
    // What is wrong in form asks for more than what is wrong in sense (RFC 7606 §3 h), wherever it stands.
    if (next < 0) return faultOf(next as Flaw, at - start, family);
    if (check !== undefined && flaw === 0) {
      flaw = check(bytes, body, next);
      flawAt = at;
    }
    at = next;
  }
  return flaw === 0 ? undefined : faultOf(flaw as Flaw, flawAt - start, family);
}

/**
 * Appends one NLRI of `family`; parameters as in `decodeNlri`. Labels of a withdrawal are not sent: their
 * place is filled as RFC 8277 §2.4 asks.
 *
 * Throws a `WireError`: `ERR_WIRE_WRONG_FAMILY` when the family carries another kind of NLRI,
 * `ERR_WIRE_BAD_VALUE` when a member is out of range or not in its notation (`pathId` missing with
 * ADD-PATH, or present without it, included), `ERR_WIRE_TOO_LONG` when it does not fit its length field.
 * What was appended by then is for the caller to take back.
 */
export function encodeNlri(
  writer: ByteWriter,
  nlri: Nlri,
  family: FamilyKey,
  addPath: boolean,
  context: NlriContext,
  multipleLabels: boolean = false,
): void {
  const codec = codecOf(family, multipleLabels);
  const needsPathId = addPath && !codec.isWholeField;
  if (needsPathId !== (nlri.pathId !== undefined)) {
    throw badValue(
      'Path Identifier',
      nlri.pathId,
      needsPathId ? '0–4294967295 where ADD-PATH is in use' : 'absent where ADD-PATH is not in use',
    );
  }
  if (nlri.pathId !== undefined) {
    writer.u32(requireInteger('Path Identifier', nlri.pathId, 0xffffffff));
  }
  codec.encode(writer, nlri, context);
}
