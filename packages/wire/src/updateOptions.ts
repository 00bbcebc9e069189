import type { FamilyKey } from './addressFamily.ts';
import type { SessionOptions } from './message.ts';

/** `SessionOptions`, and what else the rules for received UPDATEs depend on. Plain `SessionOptions` will do. */
export interface UpdateOptions extends SessionOptions {
  /**
   * The external peer is a member of our own confederation (RFC 5065): its AS_PATHs begin with an
   * AS_CONFED_SEQUENCE, and it may send LOCAL_PREF. Absent means no.
   */
  readonly confederationPeer?: boolean;
  /**
   * AIGP_SESSION of RFC 7311 §3.3: whether AIGP is accepted. Absent means its default: from internal
   * peers and members of the confederation yes, from others no.
   */
  readonly aigpSession?: boolean;
  /** Families in which an NLRI may carry more than one label (RFC 8277 §2.1). Absent means none. */
  readonly multipleLabels?: ReadonlySet<FamilyKey>;
}

/** What the validation of one attribute block depends on: blocks may be validated once for all sessions that agree in these. */
export type ValidationOptions = Pick<
  UpdateOptions,
  'fourOctetAs' | 'peerType' | 'families' | 'extendedNextHop' | 'confederationPeer' | 'aigpSession'
>;

/** Kinds that `validationKind` tells apart. */
export const validationKinds = 16;
const fourOctetAsBit = 1;
const internalBit = 2;
const confederationBit = 4;
const aigpBit = 8;

/** A number, 0–15, for all that decides which attributes are valid on a session, beside its families and extended next hops. */
export function validationKind(options: ValidationOptions): number {
  return (
    (options.fourOctetAs ? fourOctetAsBit : 0) |
    (options.peerType === 'internal' ? internalBit : 0) |
    (options.confederationPeer === true ? confederationBit : 0) |
    (isAigpSession(options) ? aigpBit : 0)
  );
}

/** Whether AS numbers are of four octets on sessions of this kind: all that decoding must know. Bits above it do not count. */
export function isFourOctetAs(kind: number): boolean {
  return (kind & fourOctetAsBit) !== 0;
}

/** AIGP_SESSION of RFC 7311 §3.3, with its default. */
export function isAigpSession({
  aigpSession,
  peerType,
  confederationPeer,
}: ValidationOptions): boolean {
  return aigpSession ?? (peerType === 'internal' || confederationPeer === true);
}
