import { BatchReader, type DecodedEnvelope, plain } from './batchReader.ts';
import type { PeerState, ToSupervisorHotKind, ToSupervisorMessage } from './envelopes.ts';
import { peerloom } from './generated/peerloom.ts';

/** Reads batches at the supervisor: `while (reader.next()) ...` */
export class ToSupervisorReader extends BatchReader<
  ToSupervisorHotKind | ToSupervisorMessage['kind'],
  ToSupervisorMessage
> {
  /** What the session agreed on that came up last. */
  #agreement = '';

  protected override readHot(end: number): boolean {
    switch (this.body(end)) {
      case 1:
        this.kind = 'send';
        this.peer = this.number(1, end);
        this.connection = this.number(2, end);
        this.bytes = this.octets(3, end);
        break;
      case 2:
        this.kind = 'consumed';
        this.count = this.number(1, end);
        break;
      case 7:
        this.kind = 'transition';
        this.message = this.#transition(end);
        break;
      case 8:
        this.kind = 'sessionUp';
        this.message = this.#sessionUp(end);
        break;
      case 10:
        this.kind = 'update';
        this.peer = this.number(1, end);
        this.connection = this.number(2, end);
        this.bytes = this.octets(3, end);
        this.postFault = this.number(4, end) !== 0;
        break;
      case 13:
        this.kind = 'sendShared';
        this.peer = this.number(1, end);
        this.connection = this.number(2, end);
        this.buffer = this.number(3, end);
        this.start = this.number(4, end);
        this.end = this.number(5, end);
        break;
      default:
        return false;
    }
    return this.position === end;
  }

  #transition(end: number): ToSupervisorMessage {
    return {
      kind: 'transition',
      peer: this.number(1, end),
      connection: this.number(2, end),
      from: this.number(3, end) as PeerState,
      to: this.number(4, end) as PeerState,
      event: this.number(5, end),
      why: this.text(6, end),
      time: this.double(7, end),
    };
  }

  #sessionUp(end: number): ToSupervisorMessage {
    return {
      kind: 'sessionUp',
      peer: this.number(1, end),
      session: this.number(2, end),
      connection: this.number(3, end),
      time: this.double(4, end),
      json: this.#agreed(this.text(5, end)),
      remoteAs: this.number(6, end),
      remoteRouterId: this.text(7, end),
      localAddress: this.recurringText(8, end),
      localPort: this.number(9, end),
      remoteAddress: this.text(10, end),
      remotePort: this.number(11, end),
      dialled: this.number(12, end) !== 0,
    };
  }

  /** It is left out when the session before agreed on the same. */
  #agreed(json: string): string {
    if (json !== '') this.#agreement = json;
    return this.#agreement;
  }

  protected override decodeEnvelope(bytes: Uint8Array): DecodedEnvelope {
    return peerloom.ToSupervisor.decode(bytes) as unknown as DecodedEnvelope;
  }

  protected override adopt(kind: string, body: unknown): boolean {
    if (kind === 'send') {
      const send = body as InstanceType<typeof peerloom.Send>;
      this.peer = send.peer;
      this.connection = send.connection;
      this.bytes = send.bytes;
    } else if (kind === 'sendShared') {
      const send = body as InstanceType<typeof peerloom.SendShared>;
      this.peer = send.peer;
      this.connection = send.connection;
      this.buffer = send.buffer;
      this.start = send.start;
      this.end = send.end;
    } else if (kind === 'consumed') {
      this.count = (body as InstanceType<typeof peerloom.Consumed>).bytes;
    } else if (kind === 'update') {
      const update = body as InstanceType<typeof peerloom.Update>;
      this.peer = update.peer;
      this.connection = update.session;
      this.bytes = update.bytes;
      this.postFault = update.postFault;
    } else if (kind === 'sessionUp') {
      const up = body as InstanceType<typeof peerloom.SessionUp>;
      this.message = { ...plain(kind, up), json: this.#agreed(up.json) } as ToSupervisorMessage;
    } else {
      return false;
    }
    this.kind = kind;
    return true;
  }
}
