import type { ByteWriter } from '../byteWriter.ts';
import { requireInteger } from '../integerRange.ts';
import type { Prefix } from '../text/prefix.ts';
import { formatRouteDistinguisher } from '../text/routeDistinguisher.ts';
import { WireError } from '../wireError.ts';
import type { NlriCodec, NlriContext } from './codec.ts';
import { Flaw } from './flaw.ts';
import { copyPrefixBits, octetsOf, readPrefixText, writePrefixBits } from './prefixBits.ts';
import { badValue, requireKind, requirePrefix, requireRouteDistinguisher } from './requirement.ts';

const labelBits = 24;
const bottomOfStack = 1;
/** What a withdrawal says in the place of a label (RFC 8277 §2.4). */
const withdrawnLabel = 0x800000;

/** What tells the labelled families apart. */
interface LabeledShape {
  /** 32 or 128. */
  readonly addressBits: number;
  /** Bits of the route distinguisher before the prefix: 64, or 0 for SAFI 4. */
  readonly distinguisherBits: number;
  /** Both sides sent the Multiple Labels Capability, so that the S bit ends the labels (RFC 8277 §2.3). */
  readonly multipleLabels: boolean;
}

/**
 * `<length, label(s), prefix>`, SAFI 4 (RFC 8277 §2.2, §2.3). Without the Multiple Labels Capability there
 * is exactly one label, whatever its S bit; in a withdrawal, exactly one field that says nothing (§2.4).
 * The label is a property of the route, not part of what it is a route to (§2.5).
 */
export function labeledCodec(addressBits: number, multipleLabels: boolean): NlriCodec {
  const shape: LabeledShape = { addressBits, distinguisherBits: 0, multipleLabels };
  return {
    kind: 'labeled',
    measure: (bytes, at, end, context) => measureLabeled(bytes, at, end, context, shape),
    decode: (bytes, at, _next, context, path) => {
      const count = labelCount(bytes, at, context, shape);
      return {
        kind: 'labeled',
        labels: readLabels(bytes, at + 1, context, count),
        prefix: readPrefix(bytes, at, count, shape),
        ...path,
      };
    },
    encode: (writer, nlri, context) => {
      requireKind(nlri, 'labeled');
      const prefix = requirePrefix(nlri.prefix, addressBits);
      writeHead(writer, nlri.labels, prefix, context, shape);
      writePrefixBits(writer, prefix);
    },
    key: { write: (bytes, at, _next, context, key) => writeKey(bytes, at, context, key, shape) },
  };
}

/** `<length, label(s), route distinguisher, prefix>`, SAFI 128 (RFC 4364 §4.3.4, RFC 4659 §2). */
export function vpnCodec(addressBits: number, multipleLabels: boolean): NlriCodec {
  const shape: LabeledShape = { addressBits, distinguisherBits: 64, multipleLabels };
  return {
    kind: 'vpn',
    measure: (bytes, at, end, context) => measureLabeled(bytes, at, end, context, shape),
    decode: (bytes, at, _next, context, path) => {
      const count = labelCount(bytes, at, context, shape);
      return {
        kind: 'vpn',
        routeDistinguisher: formatRouteDistinguisher(bytes, at + 1 + count * 3),
        labels: readLabels(bytes, at + 1, context, count),
        prefix: readPrefix(bytes, at, count, shape),
        ...path,
      };
    },
    encode: (writer, nlri, context) => {
      requireKind(nlri, 'vpn');
      const prefix = requirePrefix(nlri.prefix, addressBits);
      const distinguisher = requireRouteDistinguisher(nlri.routeDistinguisher);
      writeHead(writer, nlri.labels, prefix, context, shape);
      writer.bytes(distinguisher);
      writePrefixBits(writer, prefix);
    },
    key: { write: (bytes, at, _next, context, key) => writeKey(bytes, at, context, key, shape) },
  };
}

function measureLabeled(
  bytes: Uint8Array,
  at: number,
  end: number,
  context: NlriContext,
  shape: LabeledShape,
): number {
  if (at >= end) return Flaw.truncated;
  const length = bytes[at]!;
  const next = at + 1 + octetsOf(length);
  if (next > end) return Flaw.truncated;
  const rest = length - shape.distinguisherBits;
  if (rest < labelBits) return Flaw.labelMissing;
  const count = labelCount(bytes, at, context, shape);
  if (count === 0) return Flaw.labelUnterminated;
  return rest - count * labelBits > shape.addressBits ? Flaw.prefixTooLong : next;
}

/** How many labels the NLRI at `at` has; 0 when none of those that its length leaves room for ends the stack. */
function labelCount(
  bytes: Uint8Array,
  at: number,
  context: NlriContext,
  shape: LabeledShape,
): number {
  if (!shape.multipleLabels || context === 'unreach') return 1;
  const room = Math.floor((bytes[at]! - shape.distinguisherBits) / labelBits);
  for (let count = 1; count <= room; count += 1) {
    if ((bytes[at + count * 3]! & bottomOfStack) !== 0) return count;
  }
  return 0;
}

function readLabels(bytes: Uint8Array, at: number, context: NlriContext, count: number): number[] {
  if (context === 'unreach') return [];
  return Array.from({ length: count }, (_, index) => {
    const field = at + index * 3;
    return (bytes[field]! << 12) | (bytes[field + 1]! << 4) | (bytes[field + 2]! >>> 4);
  });
}

function readPrefix(bytes: Uint8Array, at: number, count: number, shape: LabeledShape): string {
  const before = count * labelBits + shape.distinguisherBits;
  return readPrefixText(bytes, at + 1 + before / 8, bytes[at]! - before, shape.addressBits);
}

/** The length octet and the labels. */
function writeHead(
  writer: ByteWriter,
  labels: readonly number[],
  prefix: Prefix,
  context: NlriContext,
  shape: LabeledShape,
): void {
  const isReach = context === 'reach';
  if (isReach && (labels.length === 0 || (labels.length > 1 && !shape.multipleLabels))) {
    throw badValue(
      'labels',
      `[${labels.join(', ')}]`,
      shape.multipleLabels
        ? 'at least one'
        : 'exactly one, unless both sides sent the Multiple Labels Capability',
    );
  }
  const length =
    (isReach ? labels.length : 1) * labelBits + shape.distinguisherBits + prefix.length;
  if (length > 0xff) {
    throw new WireError(
      'ERR_WIRE_TOO_LONG',
      `${labels.length} labels make the NLRI ${length} bits long: at most 255 fit (RFC 8277 §2.1)`,
    );
  }
  writer.u8(length);
  if (!isReach) return writer.u24(withdrawnLabel);
  for (const [index, label] of labels.entries()) {
    requireInteger('label', label, 0xfffff);
    writer.u24(label * 16 + (index === labels.length - 1 ? bottomOfStack : 0));
  }
}

/** The NLRI as if it had no label: `<length, route distinguisher, prefix>`. */
function writeKey(
  bytes: Uint8Array,
  at: number,
  context: NlriContext,
  key: Uint8Array,
  shape: LabeledShape,
): number {
  const count = labelCount(bytes, at, context, shape);
  const length = bytes[at]! - count * labelBits;
  key[0] = length;
  return copyPrefixBits(bytes, at + 1 + count * 3, length, key, 1);
}
