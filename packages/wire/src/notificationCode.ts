/** NOTIFICATION error codes (RFC 4271 §4.5, RFC 7313 §5, RFC 9687 §3). */
export const ErrorCode = {
  messageHeader: 1,
  open: 2,
  update: 3,
  holdTimerExpired: 4,
  finiteStateMachine: 5,
  cease: 6,
  routeRefresh: 7,
  sendHoldTimerExpired: 8,
} as const;
/** One of the values of `ErrorCode`. */
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** Subcodes of Message Header Error (RFC 4271 §6.1). */
export const HeaderSubcode = {
  connectionNotSynchronized: 1,
  badMessageLength: 2,
  badMessageType: 3,
} as const;
/** One of the values of `HeaderSubcode`. */
export type HeaderSubcode = (typeof HeaderSubcode)[keyof typeof HeaderSubcode];

/** Subcodes of OPEN Message Error (RFC 4271 §6.2, RFC 5492 §5, RFC 9234 §4.2). */
export const OpenSubcode = {
  unspecific: 0,
  unsupportedVersionNumber: 1,
  badPeerAs: 2,
  badBgpIdentifier: 3,
  unsupportedOptionalParameter: 4,
  unacceptableHoldTime: 6,
  unsupportedCapability: 7,
  roleMismatch: 11,
} as const;
/** One of the values of `OpenSubcode`. */
export type OpenSubcode = (typeof OpenSubcode)[keyof typeof OpenSubcode];

/** Subcodes of UPDATE Message Error (RFC 4271 §6.3). */
export const UpdateSubcode = {
  malformedAttributeList: 1,
  unrecognizedWellKnownAttribute: 2,
  missingWellKnownAttribute: 3,
  attributeFlagsError: 4,
  attributeLengthError: 5,
  invalidOriginAttribute: 6,
  invalidNextHopAttribute: 8,
  optionalAttributeError: 9,
  invalidNetworkField: 10,
  malformedAsPath: 11,
} as const;
/** One of the values of `UpdateSubcode`. */
export type UpdateSubcode = (typeof UpdateSubcode)[keyof typeof UpdateSubcode];

/** Subcodes of Finite State Machine Error (RFC 6608 §3). */
export const FsmSubcode = {
  unspecified: 0,
  unexpectedMessageInOpenSent: 1,
  unexpectedMessageInOpenConfirm: 2,
  unexpectedMessageInEstablished: 3,
} as const;
/** One of the values of `FsmSubcode`. */
export type FsmSubcode = (typeof FsmSubcode)[keyof typeof FsmSubcode];

/** Subcodes of Cease (RFC 4486 §3, RFC 8538 §3, RFC 9384 §3). */
export const CeaseSubcode = {
  maximumNumberOfPrefixesReached: 1,
  administrativeShutdown: 2,
  peerDeconfigured: 3,
  administrativeReset: 4,
  connectionRejected: 5,
  otherConfigurationChange: 6,
  connectionCollisionResolution: 7,
  outOfResources: 8,
  hardReset: 9,
  bfdDown: 10,
} as const;
/** One of the values of `CeaseSubcode`. */
export type CeaseSubcode = (typeof CeaseSubcode)[keyof typeof CeaseSubcode];

/** Subcodes of ROUTE-REFRESH Message Error (RFC 7313 §5). */
export const RouteRefreshSubcode = { invalidMessageLength: 1 } as const;
/** One of the values of `RouteRefreshSubcode`. */
export type RouteRefreshSubcode = (typeof RouteRefreshSubcode)[keyof typeof RouteRefreshSubcode];

interface CodeNames {
  readonly name: string;
  /** Names by subcode; a hole is a number without a meaning. */
  readonly subcodes: readonly (string | undefined)[];
}

/** By code, from 1. The words are IANA's ("BGP Error (Notification) Codes" and "BGP Error Subcodes"). */
const names: readonly (CodeNames | undefined)[] = [
  undefined,
  {
    name: 'Message Header Error',
    subcodes: [undefined, 'Connection Not Synchronized', 'Bad Message Length', 'Bad Message Type'],
  },
  {
    name: 'OPEN Message Error',
    subcodes: [
      undefined,
      'Unsupported Version Number',
      'Bad Peer AS',
      'Bad BGP Identifier',
      'Unsupported Optional Parameter',
      'Authentication Failure (deprecated)',
      'Unacceptable Hold Time',
      'Unsupported Capability',
      undefined,
      undefined,
      undefined,
      'Role Mismatch',
    ],
  },
  {
    name: 'UPDATE Message Error',
    subcodes: [
      undefined,
      'Malformed Attribute List',
      'Unrecognized Well-known Attribute',
      'Missing Well-known Attribute',
      'Attribute Flags Error',
      'Attribute Length Error',
      'Invalid ORIGIN Attribute',
      'AS Routing Loop (deprecated)',
      'Invalid NEXT_HOP Attribute',
      'Optional Attribute Error',
      'Invalid Network Field',
      'Malformed AS_PATH',
    ],
  },
  { name: 'Hold Timer Expired', subcodes: [] },
  {
    name: 'Finite State Machine Error',
    subcodes: [
      undefined,
      'Receive Unexpected Message in OpenSent State',
      'Receive Unexpected Message in OpenConfirm State',
      'Receive Unexpected Message in Established State',
    ],
  },
  {
    name: 'Cease',
    subcodes: [
      undefined,
      'Maximum Number of Prefixes Reached',
      'Administrative Shutdown',
      'Peer De-configured',
      'Administrative Reset',
      'Connection Rejected',
      'Other Configuration Change',
      'Connection Collision Resolution',
      'Out of Resources',
      'Hard Reset',
      'BFD Down',
    ],
  },
  {
    name: 'ROUTE-REFRESH Message Error',
    subcodes: [undefined, 'Invalid Message Length'],
  },
  { name: 'Send Hold Timer Expired', subcodes: [] },
];

/**
 * A NOTIFICATION's code and subcode for people: `Cease/Administrative Shutdown`,
 * `Hold Timer Expired`, and `Cease/99` or `Error 99/1` where a number has no name.
 * Subcode 0 is left out: it says nothing (RFC 4271 §4.5).
 */
export function notificationName(code: number, subcode: number): string {
  const known = names[code];
  if (known === undefined) return `Error ${code}/${subcode}`;
  if (subcode === 0) return known.name;
  return `${known.name}/${known.subcodes[subcode] ?? subcode}`;
}
