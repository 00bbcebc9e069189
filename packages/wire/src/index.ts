/**
 * BGP-4 messages to and from bytes.
 *
 * ```ts
 * import { Deframer, decodeOpen, encodeOpen, formatMessage, MessageType } from '@peerloom/wire';
 *
 * const deframer = new Deframer();
 * deframer.push(bytesFromThePeer);
 * while (deframer.next()) {
 *   if (deframer.type !== MessageType.open) continue;
 *   const result = decodeOpen(deframer.bytes, deframer.start, deframer.end);
 *   console.log(result.ok ? formatMessage(result.message) : result.fault.text);
 * }
 * ```
 *
 * @module
 */

// Messages: what they are, and their bytes.

export * from './addressFamily.ts';
export { ByteWriter } from './byteWriter.ts';
export * from './capability.ts';
export { capabilityCode } from './capabilityCodec.ts';
export { Deframer } from './deframer.ts';
export { decodeKeepalive, encodeKeepalive } from './keepalive.ts';
export * from './message.ts';
export { type DecodedMessage, decodeMessage, encodeMessage } from './messageCodec.ts';
export {
  decodeNotification,
  encodeNotification,
  hardReset,
  hardResetReason,
  notification,
  notificationOf,
} from './notification.ts';
export { bgpVersion, decodeOpen, encodeCapabilities, encodeOpen } from './open.ts';
export { decodeRouteRefresh, encodeRouteRefresh, RouteRefreshSubtype } from './routeRefresh.ts';
export {
  decodeShutdownCommunication,
  encodeShutdownCommunication,
  maximumShutdownCommunication,
} from './shutdownCommunication.ts';

// Path attributes and routes.

export { AsPathSegmentType, asPathLength, asTrans, isConfederationSegment } from './asPath.ts';
export { as4PathFor, mergeAs4Attributes, mergeAs4Path } from './asPathMerge.ts';
export {
  type BlockRoutes,
  blockOptions,
  copyAttributeBlock,
  isBlockInPlace,
  longestBlock,
} from './attributeBlock.ts';
export { AttributeCodeSet } from './attributes/attributeCodeSet.ts';
export { AttributeCursor } from './attributes/attributeCursor.ts';
export { attributeName } from './attributes/attributeRules.ts';
export {
  decodePathAttributes,
  decodePathAttributesAsSent,
} from './attributes/decodeAttributes.ts';
export {
  attributeCode,
  attributesToPassOn,
  encodePathAttributes,
} from './attributes/encodeAttributes.ts';
export { isHostAddress } from './hostAddress.ts';
export type { NlriContext } from './nlri/codec.ts';
export { isPrefixFamily, NlriCursor } from './nlri/cursor.ts';
export { nlriKind } from './nlri/familyCodec.ts';
export { decodeNlri, encodeNlri, type NlriResult, validateNlri } from './nlri/field.ts';
export { NlriWalker } from './nlri/walker.ts';
export type * from './nlri.ts';
export * from './pathAttribute.ts';

// UPDATE: the readable way, and the quick one.

export { PlainUpdateScanner, plainLength } from './plainUpdateScanner.ts';
export * from './seededHash.ts';
export { type DecodedUpdate, decodeUpdate } from './updateDecode.ts';
export { encodeUpdate } from './updateEncode.ts';
export { endOfRibFamily, endOfRibFamilyOf } from './updateEndOfRib.ts';
export { strongestFault } from './updateFault.ts';
export { type NlriOptions, validateNlriFields } from './updateNlri.ts';
export {
  isFourOctetAs,
  type UpdateOptions,
  type ValidationOptions,
  validationKind,
  validationKinds,
} from './updateOptions.ts';
export { encodeEndOfRib, UpdatePacker } from './updatePacker.ts';
export { splitUpdate } from './updateSplit.ts';
export { validateAttributes } from './updateValidation.ts';
export { noFamily, UpdateView } from './updateView.ts';

// What can be wrong with a message, and what to do about it.

export * from './notificationCode.ts';
export { type OpenExpectations, openAs, validateOpen } from './openValidation.ts';
export { WireError, type WireErrorCode } from './wireError.ts';

// Text.

export { formatAsPath, formatAttribute } from './attributeText.ts';
export { formatCapability, roleName } from './capabilityText.ts';
export { type JsonValue, toJson } from './json.ts';
export { formatMessage } from './messageText.ts';
export { formatNotification } from './notificationText.ts';
export { printableText } from './printableText.ts';
export * from './text/community.ts';
export { formatExtendedCommunity, parseExtendedCommunity } from './text/extendedCommunity.ts';
export { formatFlowspec } from './text/flowspec.ts';
export { parseFlowspec } from './text/flowspecParse.ts';
export { formatEsi, formatHex, formatMac, parseEsi, parseHex, parseMac } from './text/hex.ts';
export { formatIpv4, parseIpv4 } from './text/ipv4.ts';
export { formatIpv6, formatIpv6Words, parseIpv6 } from './text/ipv6.ts';
export {
  formatIpv6ExtendedCommunity,
  parseIpv6ExtendedCommunity,
} from './text/ipv6ExtendedCommunity.ts';
export { formatNlri } from './text/nlri.ts';
export { nlriOctets, parseNlri } from './text/nlriParse.ts';
export {
  clearAfter,
  formatAddress,
  formatIpv4Prefix,
  formatIpv6Prefix,
  formatPrefix,
  type Prefix,
  parseAddress,
  parsePrefix,
} from './text/prefix.ts';
export { formatRouteDistinguisher, parseRouteDistinguisher } from './text/routeDistinguisher.ts';
