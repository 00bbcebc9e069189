import {
  AttributeCode,
  AttributeCursor,
  AttributeFlag,
  ByteWriter,
  blockOptions,
  decodePathAttributes,
  encodePathAttributes,
  type FamilyKey,
  familyName,
  ipv4Unicast,
  type PathAttribute,
  type UpdateOptions,
} from '@peerloom/wire';
import { beginsWithPlaceholder } from './announcementBlock.ts';
import { onlyToCustomerRules } from './onlyToCustomer.ts';
import { isIpv6ForIpv4, mpHeadOf, selfNextHop } from './outboundNextHop.ts';

/** LOCAL_PREF where an announcement has none: what routers assume (RFC 4271 §5.1.5 asks for one, and names no value). */
const defaultLocalPreference = 100;

/** Types of AS_PATH segments (RFC 4271 §4.3, RFC 5065 §3). */
const asSequence = 2;
const asConfederationSequence = 3;

/** The session that announcements go out on. */
export interface OutboundSession {
  readonly options: UpdateOptions;
  /** The AS number that the peer knows this speaker by; inside a confederation its member AS. */
  readonly localAs: number;
  /** This speaker's own addresses as next hops: where an announcement names none. */
  readonly nextHopSelf: { readonly ipv4?: string; readonly ipv6?: string };
  /** Our role towards the peer (RFC 9234 §4.1, `BgpRole`), where we have one. */
  readonly role?: number;
}

/**
 * How announcements become the attributes of an UPDATE on a session. All policy on what is sent is here.
 *
 * What the user announces is sent as given, except for what the RFCs require:
 *
 * | attribute | missing | given |
 * |---|---|---|
 * | ORIGIN | `igp` (RFC 4271 §5.1.1) | as given |
 * | AS_PATH | external: the local AS; confederation peer: the same as AS_CONFED_SEQUENCE (RFC 5065 §4.1); internal: empty (RFC 4271 §5.1.2) | as given; if `prependsLocalAs`, as when missing and then as given |
 * | next hop | this speaker's own address (RFC 4271 §5.1.3) | as given, in NEXT_HOP for IPv4 unicast with an IPv4 address, else in MP_REACH_NLRI (RFC 4760 §3, RFC 8950 §4) |
 * | LOCAL_PREF | internal: 100 | internal and confederation: as given; external: left out (RFC 4271 §5.1.5) |
 * | AS4_PATH, AS4_AGGREGATOR | where the session has 2-octet AS numbers and one is larger (RFC 6793 §4.2.2) | never taken from the announcement |
 * | OTC | to customers, RS-clients and peers: the local AS (RFC 9234 §5) | as given; to providers, RSes and peers the route is not sent |
 * | any other | - | as given |
 *
 * One object serves one session, or all sessions that agree, and one family.
 */
export class OutboundAttributes {
  /** The attributes without MP_REACH_NLRI, after `encode`. */
  readonly others: ByteWriter = new ByteWriter(256);
  /** What stands in MP_REACH_NLRI before the NLRI, after `encode`; empty: the routes go to the NLRI field. */
  readonly mpHead: ByteWriter = new ByteWriter(32);
  readonly #session: OutboundSession;
  readonly #family: FamilyKey;
  /** Attributes that are added where they are missing, by ascending code. */
  readonly #defaults: readonly { readonly code: number; readonly bytes: Uint8Array }[];
  readonly #selfMpHead: Uint8Array | undefined;
  /** Routes with OTC are not for this peer (RFC 9234 §5). */
  readonly #withholdsOnlyToCustomer: boolean;
  readonly #cursor = new AttributeCursor();
  /** `others` has a NEXT_HOP. */
  #hasNextHop = false;

  constructor(session: OutboundSession, family: FamilyKey) {
    this.#session = session;
    this.#family = family;
    const self = selfNextHop(session, family);
    const onlyToCustomer = onlyToCustomerRules(session, family);
    this.#withholdsOnlyToCustomer = onlyToCustomer.isForbidden;
    this.#selfMpHead = self?.type === 'mpReachNlri' ? mpHeadOf(self) : undefined;
    this.#defaults = [
      { type: 'origin', origin: 'igp' } as const,
      defaultAsPath(session),
      ...(self?.type === 'nextHop' ? [self] : []),
      ...(session.options.peerType === 'internal'
        ? [{ type: 'localPreference', value: defaultLocalPreference } as const]
        : []),
      ...(onlyToCustomer.isAdded ? [{ type: 'onlyToCustomer', as: session.localAs } as const] : []),
    ].map((attribute) => {
      const bytes = encodePathAttributes([attribute], blockOptions);
      return { code: bytes[1]!, bytes };
    });
  }

  /**
   * Makes `others` and `mpHead` from the attributes of an announcement (a block of `encodeAnnouncement`).
   * Returns why it cannot be sent on this session, `undefined` if it can.
   */
  encode(block: Uint8Array): string | undefined {
    const { others, mpHead } = this;
    others.reset();
    mpHead.reset();
    const cursor = this.#cursor;
    const defaults = this.#defaults;
    const keepsLocalPreference =
      this.#session.options.peerType === 'internal' ||
      this.#session.options.confederationPeer === true;
    let next = 0;
    let isOnlyToCustomer = false;
    this.#hasNextHop = false;
    cursor.reset(block, 0, block.length);
    while (cursor.next()) {
      const { code } = cursor;
      if (code === AttributeCode.mpReachNlri) {
        mpHead.bytes(block, cursor.valueStart, cursor.valueEnd);
        continue;
      }
      if (code === AttributeCode.nextHop) this.#hasNextHop = true;
      if (code === AttributeCode.onlyToCustomer) isOnlyToCustomer = true;
      for (; next < defaults.length && defaults[next]!.code <= code; next += 1) {
        if (defaults[next]!.code < code) this.#addDefault(next);
      }
      if (code === AttributeCode.localPreference && !keepsLocalPreference) continue;
      if (code === AttributeCode.asPath && beginsWithPlaceholder(cursor)) this.#addAsPath(cursor);
      else others.bytes(block, cursor.start, cursor.valueEnd);
    }
    for (; next < defaults.length; next += 1) this.#addDefault(next);
    if (!this.#hasNextHop && mpHead.length === 0 && this.#selfMpHead !== undefined) {
      mpHead.bytes(this.#selfMpHead);
    }
    if (isOnlyToCustomer && this.#withholdsOnlyToCustomer) {
      return 'a route with OTC: it may go to customers only, and the peer is none (RFC 9234 §5)';
    }
    const problem = this.#nextHopProblem();
    if (problem === undefined && !this.#session.options.fourOctetAs) this.#narrowAsNumbers();
    return problem;
  }

  /** What `encode` has made, as one block: MP_REACH_NLRI without NLRI first. */
  block(): Uint8Array {
    const { others, mpHead } = this;
    if (mpHead.length === 0) return others.toBytes();
    const bytes = new Uint8Array(3 + mpHead.length + others.length);
    bytes.set([AttributeFlag.optional, AttributeCode.mpReachNlri, mpHead.length]);
    bytes.set(mpHead.view(), 3);
    bytes.set(others.view(), 3 + mpHead.length);
    return bytes;
  }

  #addDefault(index: number): void {
    const { code, bytes } = this.#defaults[index]!;
    // Routes in MP_REACH_NLRI have their next hop there.
    if (code === AttributeCode.nextHop) {
      if (this.mpHead.length > 0) return;
      this.#hasNextHop = true;
    }
    this.others.bytes(bytes);
  }

  /** The AS_PATH at the cursor with the local AS where it belongs (RFC 4271 §5.1.2, RFC 5065 §4.1). */
  #addAsPath({ bytes, valueStart, valueEnd }: AttributeCursor): void {
    const { others } = this;
    const { options, localAs } = this.#session;
    const count = bytes[valueStart + 1]!;
    const isInternal = options.peerType === 'internal';
    const isConfederation = !isInternal && options.confederationPeer === true;
    const restStart = valueStart + 6;
    const own = isInternal ? 0 : isConfederation || count === 1 ? 6 : 4;
    const length = own + (count === 1 ? 0 : 2) + (valueEnd - restStart);
    others.u8(AttributeFlag.transitive | (length > 0xff ? AttributeFlag.extendedLength : 0));
    others.u8(AttributeCode.asPath);
    if (length > 0xff) others.u16(length);
    else others.u8(length);
    if (isConfederation) {
      others.u16((asConfederationSequence << 8) | 1);
      others.u32(localAs);
    }
    const inSequence = count - (isInternal || isConfederation ? 1 : 0);
    if (inSequence > 0) others.u16((asSequence << 8) | inSequence);
    if (!isInternal && !isConfederation) others.u32(localAs);
    others.bytes(bytes, restStart, valueEnd);
  }

  #nextHopProblem(): string | undefined {
    const family = this.#family;
    if (this.mpHead.length > 0) {
      const length = this.mpHead.view()[3]!;
      if (!isIpv6ForIpv4(family, length) || this.#session.options.extendedNextHop.has(family)) {
        return undefined;
      }
      return `${familyName(family)} with an IPv6 next hop: the peer has not agreed to it (RFC 8950 §4)`;
    }
    if (family === ipv4Unicast && this.#hasNextHop) return undefined;
    return `${familyName(family)} without next hop: none was given, and this speaker has no address of its own that fits`;
  }

  /** The rare speaker with 2-octet AS numbers is served by the readable codec (RFC 6793 §4.2.2). */
  #narrowAsNumbers(): void {
    const attributes = decodePathAttributes(this.others.view(), blockOptions);
    const bytes = encodePathAttributes(attributes, { ...blockOptions, fourOctetAs: false });
    this.others.reset();
    this.others.bytes(bytes);
  }
}

/**
 * What `encode` depends on, as text: sessions with the same one send the same bytes. `uses`: what the
 * announcements leave to the session at all, so that sessions are not told apart by the rest.
 */
export function outboundKey(
  session: OutboundSession,
  family: FamilyKey,
  uses: { readonly asPath: boolean; readonly nextHop: boolean },
): string {
  const { options, localAs, nextHopSelf } = session;
  const { isAdded, isForbidden } = onlyToCustomerRules(session, family);
  return [
    options.maximumSendLength,
    options.fourOctetAs ? 'as4' : 'as2',
    options.peerType,
    options.confederationPeer === true ? 'confederation' : '',
    options.addPathSend.has(family) ? 'add-path' : '',
    options.extendedNextHop.has(family) ? 'extended-next-hop' : '',
    options.multipleLabels?.has(family) === true ? 'labels' : '',
    uses.asPath || isAdded ? localAs : '',
    uses.nextHop ? `${nextHopSelf.ipv4},${nextHopSelf.ipv6}` : '',
    isAdded ? 'adds-otc' : '',
    isForbidden ? 'withholds-otc' : '',
  ].join(' ');
}

function defaultAsPath({ options, localAs }: OutboundSession): PathAttribute {
  if (options.peerType === 'internal') return { type: 'asPath', segments: [] };
  const kind = options.confederationPeer === true ? 'confederationSequence' : 'sequence';
  return { type: 'asPath', segments: [{ kind, asNumbers: [localAs] }] };
}
