import {
  Afi,
  Deframer,
  decodeMessage,
  type FamilyKey,
  type Fault,
  familyKey,
  type Message,
  maximumExtendedMessageLength,
  Safi,
  type SessionOptions,
} from '@peerloom/wire';
import { usageError } from '../exitCode.ts';

/** A message of a stream, and what is wrong with it. */
export interface DecodedMessage {
  /** What it says; absent where it cannot be read, or must not be. */
  readonly message?: Message;
  /** Of the octets it was read from: where they begin in the input, and how many there are. */
  readonly offset: number;
  readonly length: number;
  readonly faults: readonly Fault[];
  /** Octets at the end of the input that are no whole message. */
  readonly incomplete?: boolean;
}

/** What the bytes of UPDATEs depend on, and the session would have told. */
export interface DecodeOptions {
  readonly fourOctetAs: boolean;
  readonly addPath: boolean;
  readonly peerType: 'internal' | 'external';
}

/**
 * Every message in `octets`, in order. A fault in a header ends the stream, as it would end a session:
 * where the next message begins is not known.
 */
export function decodeStream(octets: Uint8Array, options: DecodeOptions): DecodedMessage[] {
  const session = sessionOptions(options);
  const deframer = new Deframer();
  deframer.maximumLength = maximumExtendedMessageLength;
  deframer.push(octets);
  const messages: DecodedMessage[] = [];
  let offset = 0;
  while (deframer.next()) {
    const length = deframer.end - deframer.start;
    messages.push({ offset, length, ...decodeOne(deframer, session) });
    offset += length;
  }
  const length = octets.length - offset;
  if (deframer.fault) messages.push({ offset, length, faults: [deframer.fault] });
  else if (length > 0) messages.push({ offset, length, faults: [], incomplete: true });
  return messages;
}

function decodeOne(
  { bytes, start, end }: Deframer,
  session: SessionOptions,
): Pick<DecodedMessage, 'message' | 'faults'> {
  const decoded = decodeMessage(bytes, start, end, session);
  if (decoded.ok)
    return { message: decoded.message, faults: 'faults' in decoded ? decoded.faults : [] };
  if (!('faults' in decoded)) return { faults: [decoded.fault] };
  const { remaining, faults } = decoded;
  return { ...(remaining && { message: remaining }), faults };
}

/** Every family that the codec reads counts as negotiated. */
function sessionOptions({ fourOctetAs, addPath, peerType }: DecodeOptions): SessionOptions {
  const families: ReadonlySet<FamilyKey> = new Set([
    ...[Afi.ipv4, Afi.ipv6].flatMap((afi) =>
      Object.values(Safi).map((safi) => familyKey(afi, safi)),
    ),
    familyKey(Afi.l2vpn, Safi.evpn),
    familyKey(Afi.bgpLs, Safi.bgpLs),
  ]);
  return {
    fourOctetAs,
    maximumReceiveLength: maximumExtendedMessageLength,
    maximumSendLength: maximumExtendedMessageLength,
    families,
    addPathReceive: addPath ? families : new Set(),
    addPathSend: new Set(),
    extendedNextHop: families,
    peerType,
  };
}

/** The octets of an input that is either them or their hex digits. Throws a usage error for neither. */
export function octetsOf(input: Buffer): Uint8Array {
  // Every message begins with the marker, 16 octets of ones (RFC 4271 §4.1); no text does.
  if (input[0] === 0xff) return input;
  const text = input.toString('latin1').replaceAll(/0x|[\s:,-]/gi, '');
  const wrong = /[^0-9a-f]/i.exec(text);
  if (wrong) {
    throw usageError(
      `${JSON.stringify(wrong[0])} is no hex digit: give messages as hex digits, or as octets that begin with the marker (ff, 16 times)`,
    );
  }
  if (text.length % 2 === 1) {
    throw usageError(
      `there are ${text.length} hex digits, an odd number: one is missing or too many`,
    );
  }
  return Buffer.from(text, 'hex');
}
