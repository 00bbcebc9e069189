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

/** In a `validationKind`: AS numbers are of four octets. */
export const fourOctetAsBit = 1;
const internalBit = 2;
const confederationBit = 4;
const aigpBit = 8;

/** A number, 0–15, for all that decides which attributes are valid on a session, beside its families. */
export function validationKind(options: ValidationOptions): number {
  const isInternal = options.peerType === 'internal';
  const isConfederation = options.confederationPeer === true;
  return (
    (options.fourOctetAs ? fourOctetAsBit : 0) |
    (isInternal ? internalBit : 0) |
    (isConfederation ? confederationBit : 0) |
    ((options.aigpSession ?? (isInternal || isConfederation)) ? aigpBit : 0)
  );
}
