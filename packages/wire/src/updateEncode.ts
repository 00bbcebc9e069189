import { type FamilyKey, familyKey, ipv4Unicast } from './addressFamily.ts';
import { writePathAttributes } from './attributes/encodeAttributes.ts';
import { ByteWriter } from './byteWriter.ts';
import type { UpdateMessage } from './message.ts';
import type { NlriContext } from './nlri/codec.ts';
import { encodeNlri } from './nlri/field.ts';
import type { Nlri } from './nlri.ts';
import type {
  MpReachNlriAttribute,
  MpUnreachNlriAttribute,
  PathAttribute,
} from './pathAttribute.ts';
import type { UpdateOptions } from './updateOptions.ts';
import { UpdatePacker } from './updatePacker.ts';

/**
 * The UPDATEs that say what `message` says. One, if it has one field of routes and fits into
 * `options.maximumSendLength`; else more, with the attributes repeated: an UPDATE that we send has only one
 * of Withdrawn Routes, MP_UNREACH_NLRI, MP_REACH_NLRI and NLRI (RFC 7606 §5.1), in that order, so that
 * withdrawals come first. Attributes without any route to go with are an UPDATE of their own. A message
 * without anything is the End-of-RIB of IPv4 unicast (RFC 4724 §2).
 *
 * How AS numbers, ADD-PATH and next hops are written follows from `options`. NEXT_HOP goes with the routes
 * of the NLRI field if there are any (RFC 4760 §3).
 *
 * Throws a `WireError` for what cannot be sent, as `encodePathAttributes` and `encodeNlri` do, and with
 * `ERR_WIRE_TOO_LONG` when the attributes and a single route do not fit into a message.
 */
export function encodeUpdate(message: UpdateMessage, options: UpdateOptions): Uint8Array[] {
  const encoder = new UpdateEncoder(options);
  const { withdrawn, attributes, nlri } = message;
  const mpUnreach = attributes.filter(isMpUnreach);
  const mpReach = attributes.filter(isMpReach);
  const others = attributes.filter((each) => !isMpUnreach(each) && !isMpReach(each));

  if (withdrawn.length > 0) encoder.withdraw(ipv4Unicast, false, withdrawn);
  for (const each of mpUnreach) {
    encoder.withdraw(familyKey(each.afi, each.safi), true, each.withdrawn);
  }
  const withMpReach = nlri.length > 0 ? others.filter(({ type }) => type !== 'nextHop') : others;
  for (const each of mpReach) {
    const family = familyKey(each.afi, each.safi);
    encoder.announce([{ ...each, nlri: [] }, ...withMpReach], family, each.nlri);
  }
  const isUnsaid = mpReach.length === 0 && others.length > 0;
  if (nlri.length > 0 || isUnsaid) encoder.announce(others, ipv4Unicast, nlri);
  if (encoder.messages.length === 0) encoder.withdraw(ipv4Unicast, false, []);
  return encoder.messages;
}

function isMpReach(attribute: PathAttribute): attribute is MpReachNlriAttribute {
  return attribute.type === 'mpReachNlri';
}

function isMpUnreach(attribute: PathAttribute): attribute is MpUnreachNlriAttribute {
  return attribute.type === 'mpUnreachNlri';
}

// Encoding runs to its end without a break, so that one packer and one buffer serve all of it: making
// them anew took half of the time.
const packer = new UpdatePacker(0);
const scratch = new ByteWriter(256);

/** The messages made so far from the parts of one. */
class UpdateEncoder {
  readonly messages: Uint8Array[] = [];
  readonly #options: UpdateOptions;

  constructor(options: UpdateOptions) {
    this.#options = options;
    packer.maximumLength = options.maximumSendLength;
  }

  announce(attributes: readonly PathAttribute[], family: FamilyKey, nlri: readonly Nlri[]): void {
    scratch.reset();
    writePathAttributes(scratch, attributes, this.#options);
    packer.announce(scratch.view());
    this.#pack(family, nlri, 'reach');
  }

  withdraw(family: FamilyKey, inMpUnreach: boolean, nlri: readonly Nlri[]): void {
    packer.withdraw(family, inMpUnreach);
    this.#pack(family, nlri, 'unreach');
  }

  #pack(family: FamilyKey, nlri: readonly Nlri[], context: NlriContext): void {
    const addPath = this.#options.addPathSend.has(family);
    const manyLabels = this.#options.multipleLabels?.has(family);
    for (const each of nlri) {
      scratch.reset();
      encodeNlri(scratch, each, family, addPath, context, manyLabels);
      packer.add(scratch.view());
    }
    this.messages.push(...packer.finish());
  }
}
