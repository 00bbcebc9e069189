/** The version of this package, as published. */
export const version = '0.1.0';

export * from './addressFamily.ts';
export * from './byteWriter.ts';
export * from './capability.ts';
export { capabilityCode } from './capabilityCodec.ts';
export { Deframer } from './deframer.ts';
export type { DecodeResult, Fault, FaultAction } from './fault.ts';
export { decodeKeepalive, encodeKeepalive } from './keepalive.ts';
export * from './message.ts';
export type * from './nlri.ts';
export {
  decodeNotification,
  encodeNotification,
  hardReset,
  hardResetReason,
  notification,
  notificationOf,
} from './notification.ts';
export * from './notificationCode.ts';
export { bgpVersion, decodeOpen, encodeCapabilities, encodeOpen } from './open.ts';
export { type OpenExpectations, openAs, validateOpen } from './openValidation.ts';
export * from './pathAttribute.ts';
export { printableText } from './printableText.ts';
export { decodeRouteRefresh, encodeRouteRefresh, RouteRefreshSubtype } from './routeRefresh.ts';
export {
  decodeShutdownCommunication,
  encodeShutdownCommunication,
  maximumShutdownCommunication,
} from './shutdownCommunication.ts';
export { WireError, type WireErrorCode } from './wireError.ts';
