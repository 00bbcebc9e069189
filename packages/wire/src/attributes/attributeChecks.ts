import { isHostAddress } from '../hostAddress.ts';
import { UpdateSubcode } from '../notificationCode.ts';
import { isAigpSession } from '../updateOptions.ts';
import type { RefusalCheck, ValueCheck } from './attributeRule.ts';

// Checks of single attributes that are too short for a file of their own, and the sessions on which
// attributes are not accepted.

/** IGP, EGP or INCOMPLETE. */
export function isOrigin(value: number): boolean {
  return value <= 2;
}

/** A known ORIGIN (RFC 4271 §6.3, RFC 7606 §7.1). */
export const checkOrigin: ValueCheck = (bytes, start) =>
  isOrigin(bytes[start]!)
    ? undefined
    : {
        subcode: UpdateSubcode.invalidOriginAttribute,
        withAttribute: true,
        text: `is ${bytes[start]}; it must be 0 (IGP), 1 (EGP) or 2 (INCOMPLETE)`,
      };

/**
 * A host address (RFC 4271 §6.3). Whether the address suits the session (criteria a and b of §6.3) is for who
 * knows the session's addresses.
 */
export const checkNextHop: ValueCheck = (bytes, start, end) =>
  isHostAddress(bytes, start, end)
    ? undefined
    : {
        subcode: UpdateSubcode.invalidNextHopAttribute,
        withAttribute: true,
        text: `is ${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}, which is no host's address`,
      };

/** AGGREGATOR and AS4_AGGREGATOR: the AS is not zero (RFC 7607 §2). `end` is four octets after the AS number. */
export const checkAggregator: ValueCheck = (bytes, start, end) => {
  for (let at = start; at < end - 4; at += 1) if (bytes[at] !== 0) return undefined;
  return {
    subcode: UpdateSubcode.optionalAttributeError,
    withAttribute: true,
    text: 'has AS number 0',
    section: 'RFC 7607 §2',
  };
};

/** Discarded when it comes from an external peer; `orConfederation`: one that is no member of the confederation (RFC 4271 §5.1.5, RFC 5065). */
export const onlyFromInternal =
  (section: string, orConfederation: boolean): RefusalCheck =>
  (options) => {
    if (options.peerType === 'internal') return undefined;
    if (orConfederation && options.confederationPeer === true) return undefined;
    return { section, text: 'is not accepted from an external peer' };
  };

/** AS4_PATH and AS4_AGGREGATOR between speakers that both have 4-octet AS numbers (RFC 6793 §6). */
export const onlyFromOldSpeaker: RefusalCheck = (options) =>
  options.fourOctetAs
    ? { section: 'RFC 6793 §6', text: 'has no place on a session with 4-octet AS numbers' }
    : undefined;

/** AIGP_SESSION, which is off by default on external sessions (RFC 7311 §3.3). */
export const aigpSession: RefusalCheck = (options) =>
  isAigpSession(options)
    ? undefined
    : { section: 'RFC 7311 §3.3', text: 'is not accepted: AIGP is disabled on this session' };
