import {
  type DecodedUpdate,
  decodeUpdate,
  endOfRibFamilyOf,
  familyName,
  formatNlri,
  MessageType,
  type PathAttribute,
  type UpdateMessage,
  type UpdateOptions,
} from '@peerloom/wire';
import { AdjRibOut } from '../src/adjRibOut.ts';
import type { OutboundProcedures } from '../src/adjRibOutFamily.ts';
import type { AnnouncementTable } from '../src/announcementTable.ts';
import type { OutboundSession } from '../src/outboundAttributes.ts';
import type { RibStore } from '../src/ribStore.ts';
import { sessionOptions } from './sessions.ts';

/** A session's sending side, and what comes out of it in words. */
export class OutboundPeer {
  readonly out: AdjRibOut;
  wakes = 0;
  #options: UpdateOptions = sessionOptions();

  constructor(store: RibStore, ...tables: AnnouncementTable[]) {
    this.out = new AdjRibOut(store, { tables, listener: { onPending: () => (this.wakes += 1) } });
  }

  up(
    options: Partial<UpdateOptions> = {},
    session: Partial<OutboundSession> = {},
    procedures: OutboundProcedures = {},
  ): this {
    this.#options = sessionOptions(options);
    this.out.sessionUp(
      {
        options: this.#options,
        localAs: 64999,
        nextHopSelf: { ipv4: '198.51.100.1', ipv6: '2001:db8::1' },
        ...session,
      },
      procedures,
    );
    return this;
  }

  /** Everything there is, a message a line: `+10.0.0.0/8 +10.1.0.0/16`, `-10.0.0.0/8`, `End-of-RIB ipv4-unicast`, `BoRR`, `EoRR`. */
  pull(): string[] {
    return this.messages().map((message) => this.#describe(message));
  }

  /** Everything there is, message by message. */
  messages(): Uint8Array[] {
    const messages: Uint8Array[] = [];
    for (let bytes = this.out.pull(65535); bytes !== undefined; bytes = this.out.pull(65535)) {
      for (let at = 0; at < bytes.length; ) {
        const end = at + bytes[at + 16]! * 256 + bytes[at + 17]!;
        messages.push(bytes.slice(at, end));
        at = end;
      }
    }
    return messages;
  }

  /** The attributes of the only announcement that is pulled, MP_REACH_NLRI without its NLRI. */
  attributes(): PathAttribute[] {
    const [first, second] = this.messages()
      .map((message) => this.decode(message))
      .filter(({ nlri, attributes }) => nlri.length > 0 || attributes.some(isReach));
    if (first === undefined || second !== undefined) throw new Error('not one announcement');
    return first.attributes.map((each) =>
      each.type === 'mpReachNlri' ? { ...each, nlri: [] } : each,
    );
  }

  decode(message: Uint8Array): UpdateMessage {
    const receiver = { ...this.#options, addPathReceive: this.#options.addPathSend };
    const decoded: DecodedUpdate = decodeUpdate(message, 0, message.length, receiver);
    if (!decoded.ok) throw new Error(decoded.fault.text);
    return decoded.message;
  }

  #describe(bytes: Uint8Array): string {
    if (bytes[18] === MessageType.routeRefresh) return ['request', 'BoRR', 'EoRR'][bytes[21]!]!;
    const message = this.decode(bytes);
    const ended = endOfRibFamilyOf(message);
    if (ended !== undefined) return `End-of-RIB ${familyName(ended)}`;
    const added = [
      ...message.nlri,
      ...message.attributes.flatMap((each) => (isReach(each) ? each.nlri : [])),
    ];
    const gone = [
      ...message.withdrawn,
      ...message.attributes.flatMap((each) =>
        each.type === 'mpUnreachNlri' ? each.withdrawn : [],
      ),
    ];
    return [
      ...added.map((nlri) => `+${formatNlri(nlri)}`),
      ...gone.map((nlri) => `-${formatNlri(nlri)}`),
    ].join(' ');
  }
}

function isReach(attribute: PathAttribute): attribute is PathAttribute & { type: 'mpReachNlri' } {
  return attribute.type === 'mpReachNlri' && attribute.nlri.length > 0;
}
