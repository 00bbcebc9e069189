import { BatchReader, type DecodedEnvelope } from './batchReader.ts';
import type { CommandKind, ToHostHotKind, ToHostMessage } from './envelopes.ts';
import { peerloom } from './generated/peerloom.ts';

/** Reads batches at a host: `while (reader.next()) ...` */
export class ToHostReader extends BatchReader<
  ToHostHotKind | ToHostMessage['kind'],
  ToHostMessage
> {
  protected override readHot(end: number): boolean {
    switch (this.body(end)) {
      case 1:
        this.kind = 'data';
        this.peer = this.number(1, end);
        this.connection = this.number(2, end);
        this.bytes = this.octets(3, end);
        break;
      case 2:
        this.kind = 'written';
        this.peer = this.number(1, end);
        this.connection = this.number(2, end);
        this.count = this.number(3, end);
        break;
      case 3:
        this.kind = 'accepted';
        this.message = this.#accepted(end);
        break;
      case 7:
        this.kind = 'command';
        this.message = this.#command(end);
        break;
      case 8:
        this.kind = 'stamp';
        this.message = { kind: 'stamp', time: this.double(1, end) };
        break;
      default:
        return false;
    }
    return this.position === end;
  }

  #accepted(end: number): ToHostMessage {
    return {
      kind: 'accepted',
      peer: this.number(1, end),
      connection: this.number(2, end),
      localAddress: this.recurringText(3, end),
      localPort: this.number(4, end),
      remoteAddress: this.text(5, end),
      remotePort: this.number(6, end),
    };
  }

  #command(end: number): ToHostMessage {
    return {
      kind: 'command',
      peer: this.number(1, end),
      action: this.number(2, end) as CommandKind,
      text: this.text(3, end),
    };
  }

  protected override decodeEnvelope(bytes: Uint8Array): DecodedEnvelope {
    return peerloom.ToHost.decode(bytes) as unknown as DecodedEnvelope;
  }

  protected override adopt(kind: string, body: unknown): boolean {
    if (kind === 'data') {
      const data = body as InstanceType<typeof peerloom.Data>;
      this.peer = data.peer;
      this.connection = data.connection;
      this.bytes = data.bytes;
    } else if (kind === 'written') {
      const written = body as InstanceType<typeof peerloom.Written>;
      this.peer = written.peer;
      this.connection = written.connection;
      this.count = written.bytes;
    } else {
      return false;
    }
    this.kind = kind;
    return true;
  }
}
