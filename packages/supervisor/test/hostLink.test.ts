import { once } from 'node:events';
import { setImmediate as immediate } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import {
  batchLimit,
  CommandKind,
  type CommonPeerOptions,
  mailPatience,
  type SpawnRequest,
  ToHostReader,
  ToSupervisorWriter,
} from '@peerloom/ipc';
import { expose } from 'comlink';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Connection } from '../src/connection.ts';
import { HostLink, type HostSink } from '../src/hostLink.ts';
import { newCounters, type SupervisorCounters } from '../src/metrics.ts';
import { PeerloomError } from '../src/peerloomError.ts';

/** A host that does nothing of itself: a test says what it sends, and sees what it gets. */
interface FakeHost extends Disposable {
  readonly link: HostLink;
  readonly counters: SupervisorCounters;
  readonly mail: MessagePort;
  readonly batches: Uint8Array[];
  /** What the sink heard. */
  readonly heard: string[];
  /** What it was to send. */
  readonly sent: Uint8Array[];
  send(write: (writer: ToSupervisorWriter) => void): void;
  /** What all batches hold, in words. */
  readonly received: string[];
}

/** Octets in flight: the least that a window can be. */
const window = 65_536;
/** Milliseconds that a host may be without an answer. */
const answerTime = 200;

/** `endsBroken`: the link ends when its host has sent what cannot be read. */
function fakeHost(control: object = {}, endsBroken = false): FakeHost {
  const controls = new MessageChannel();
  const mails = new MessageChannel();
  const counters = newCounters();
  const heard: string[] = [];
  const sent: Uint8Array[] = [];
  const batches: Uint8Array[] = [];
  const sink: HostSink = {
    onSend: (_, connection, bytes, batch) => {
      heard.push(`send ${connection} ${bytes.length} of ${batch}`);
      sent.push(bytes);
    },
    onUpdate: (_, peer, session, bytes) => heard.push(`update ${peer} ${session} ${bytes.length}`),
    onMessage: (_, message) => heard.push(message.kind),
    onBatchEnd: () => heard.push('end'),
    onSilent: () => heard.push('silent'),
    onBroken: (broken, why) => {
      heard.push(`broken ${why}`);
      if (endsBroken) broken.die(new PeerloomError('ERR_PEERLOOM_WORKER', why));
    },
  };
  const link = new HostLink(0, controls.port1, mails.port1, sink, counters, window, answerTime);
  expose(control, controls.port2);
  mails.port2.on('message', (batch: Uint8Array) => batches.push(batch));
  return {
    link,
    counters,
    mail: mails.port2,
    batches,
    heard,
    sent,
    send(write) {
      const writer = new ToSupervisorWriter();
      write(writer);
      const batch = writer.take()!;
      mails.port2.postMessage(batch, [batch.buffer]);
    },
    get received() {
      const words: string[] = [];
      const reader = new ToHostReader();
      for (const batch of batches) {
        reader.open(batch);
        while (reader.next()) {
          if (reader.kind === 'data')
            words.push(`data ${reader.connection} ${reader.bytes.length}`);
          else if (reader.kind === 'written') words.push(`written ${reader.count}`);
          else if (reader.kind !== 'stamp') words.push(reader.kind!);
        }
      }
      return words;
    },
    [Symbol.dispose]() {
      link.die(new PeerloomError('ERR_PEERLOOM_CLOSED', 'the test is over'));
      controls.port2.close();
      mails.port2.close();
    },
  };
}

class FakeConnection {
  readonly id: number;
  readonly peer = 1;
  established = false;
  paused = true;
  progress = 0;
  constructor(id: number) {
    this.id = id;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  recent = 0;
  get noisy(): boolean {
    return this.recent > 8000;
  }
  count(octets: number): void {
    this.recent += octets;
  }
  takeProgress(): number {
    const { progress } = this;
    this.progress = 0;
    return progress;
  }
}

const fakeConnection = (id: number): Connection & FakeConnection =>
  new FakeConnection(id) as unknown as Connection & FakeConnection;

describe('batches', () => {
  it('leave once a turn of the event loop, whatever was written in it', async () => {
    using host = fakeHost();
    const connection = fakeConnection(5);
    for (let index = 0; index < 10; index += 1) host.link.data(connection, new Uint8Array(19));
    host.link.command(1, CommandKind.start);
    expect(host.batches).toEqual([]);
    await expect.poll(() => host.batches.length).toBe(1);
    expect(host.received).toEqual([...Array(10).fill('data 5 19'), 'command']);
    expect(host.counters).toMatchObject({ batchesToHosts: 1, bytesReceived: 190 });
  });

  it('wait for no company when the batch is full', () => {
    using host = fakeHost();
    const established = fakeConnection(5);
    established.established = true;
    host.link.attach(established);
    for (let read = 0; read < batchLimit / 19; read += 1) {
      host.link.data(established, new Uint8Array(19));
    }
    expect(host.counters.batchesToHosts).toBe(1);
  });

  it('wait for company with what can be no more than a KEEPALIVE', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    using host = fakeHost();
    const established = fakeConnection(5);
    established.established = true;
    host.link.data(established, new Uint8Array(19));
    await immediate();
    await immediate();
    expect(host.counters.batchesToHosts, 'it waits').toBe(0);
    host.link.data(established, new Uint8Array(19));
    host.link.data(established, new Uint8Array(20));
    await expect.poll(() => host.received).toEqual(['data 5 19', 'data 5 19', 'data 5 20']);
    expect(host.counters.batchesToHosts, 'what is more took them along').toBe(1);
    host.link.data(established, new Uint8Array(19));
    await immediate();
    expect(host.counters.batchesToHosts, 'it waits again').toBe(1);
    vi.advanceTimersByTime(mailPatience);
    // It does not wait for ever.
    await expect.poll(() => host.received.length).toBe(4);
    host.link.data(fakeConnection(6), new Uint8Array(19));
    await immediate();
    expect(host.counters.batchesToHosts, 'the session is to come up').toBe(3);
  });

  it('leave at once when they are full', async () => {
    using host = fakeHost();
    const connection = fakeConnection(5);
    for (let index = 0; index < 5; index += 1) host.link.data(connection, new Uint8Array(65_536));
    expect(host.counters.batchesToHosts).toBe(1);
    await expect.poll(() => host.received.length).toBe(5);
  });

  it('leave the memory of a large chunk free, and of one that shares its buffer alone', () => {
    using host = fakeHost();
    const connection = fakeConnection(5);
    const large = new Uint8Array(65_536);
    const shared = new Uint8Array(new ArrayBuffer(65_536), 0, 65_000);
    host.link.data(connection, large);
    host.link.data(connection, shared);
    expect([large.buffer.detached, shared.buffer.detached]).toEqual([true, false]);
    expect(connection.recent).toBe(130_536);
    expect(host.link.inFlight).toBe(130_536);
  });

  it("come back empty to be used again, which is nobody else's business", async () => {
    using host = fakeHost();
    const connection = fakeConnection(5);
    for (let index = 0; index < 5; index += 1) host.link.data(connection, new Uint8Array(65_536));
    await expect.poll(() => host.batches.length).toBe(2);
    const { buffer } = host.batches[0]! as Uint8Array<ArrayBuffer>;
    host.mail.postMessage(new Uint8Array(buffer, 0, 0), [buffer]);
    host.send((writer) => writer.consumed(1));
    await expect.poll(() => host.heard).toEqual(['end']);
    expect(host.counters.batchesFromHosts).toBe(1);
  });

  it('carry the progress of a connection once, however often there was some', async () => {
    using host = fakeHost();
    const connection = fakeConnection(5);
    for (let index = 0; index < 3; index += 1) {
      connection.progress += 100;
      host.link.progress(connection);
    }
    await expect.poll(() => host.received).toEqual(['written 300']);
  });

  it('carry a little progress with something else, and much of it by themselves', async () => {
    using host = fakeHost();
    const connection = fakeConnection(5);
    const turn = async (octets: number): Promise<void> => {
      connection.progress += octets;
      host.link.progress(connection);
      await immediate();
      await immediate();
    };
    await turn(19);
    expect(host.counters.batchesToHosts).toBe(0);
    host.link.command(5, CommandKind.softIn);
    await turn(0);
    await expect.poll(() => host.received).toEqual(['command', 'written 19']);
    await turn(64 * 1024);
    await expect.poll(() => host.received.at(-1)).toBe('written 65536');
  });

  it('are taken apart, each envelope to whom it concerns', async () => {
    using host = fakeHost();
    host.send((writer) => {
      writer.send(1, 5, new Uint8Array(19));
      writer.update(1, 3, new Uint8Array(23), 0, 23, false);
      writer.message({ kind: 'dial', peer: 1, dial: 1 });
    });
    await expect.poll(() => host.heard.length).toBe(4);
    expect(host.heard).toEqual([
      expect.stringMatching(/^send 5 19 of \d+$/),
      'update 1 3 23',
      'dial',
      'end',
    ]);
  });

  it('name octets of a shared buffer, which are sent from where they are', async () => {
    using host = fakeHost();
    const buffer = new SharedArrayBuffer(70_000);
    host.mail.postMessage(buffer, []);
    host.send((writer) => {
      writer.sendShared(1, 5, 0, 19, 65_555);
      writer.sendShared(1, 6, 0, 0, 70_000);
    });
    await expect.poll(() => host.heard).toEqual(['send 5 65536 of 0', 'send 6 70000 of 0', 'end']);
    expect(host.sent.map((bytes) => bytes.buffer)).toEqual([buffer, buffer]);
    expect(host.counters.bytesSent).toBe(135_536);
  });

  it('that name what is not there are reported', async () => {
    using host = fakeHost();
    host.mail.postMessage(new SharedArrayBuffer(8), []);
    host.send((writer) => writer.sendShared(1, 5, 0, 0, 9));
    host.send((writer) => writer.sendShared(1, 5, 1, 0, 8));
    await expect
      .poll(() => host.heard.filter((word) => word !== 'end'))
      .toEqual([
        'broken there is no shared buffer 0 with octets 0–9',
        'broken there is no shared buffer 1 with octets 0–8',
      ]);
  });

  it('that end the host are the last that is heard of it', async () => {
    using host = fakeHost({}, true);
    host.send((writer) => {
      writer.sendShared(1, 5, 0, 0, 9);
      writer.message({ kind: 'dial', peer: 1, dial: 1 });
    });
    await expect.poll(() => host.heard).toContain('end');
    expect(host.heard).toEqual([expect.stringContaining('broken'), 'end']);
  });

  it('that are none are reported, and end nothing but themselves', async () => {
    using host = fakeHost();
    const noBatch = new Uint8Array([200, 1, 2, 3]);
    host.mail.postMessage(noBatch, [noBatch.buffer]);
    await expect.poll(() => host.heard).toEqual(['end', expect.stringContaining('broken')]);
  });
});

describe('credit', () => {
  it('given back by the host lets those go on who filled the window', async () => {
    using host = fakeHost();
    const busy = fakeConnection(1);
    host.link.attach(busy);
    host.link.data(busy, new Uint8Array(window - 1));
    expect([busy.paused, host.link.paused]).toEqual([false, false]);
    host.link.data(busy, new Uint8Array(1));
    expect(busy.paused).toBe(true);
    expect(host.link).toMatchObject({ paused: true, inFlight: window, window });
    expect(host.counters.pauses).toBe(1);

    host.send((writer) => writer.consumed(1));
    await expect.poll(() => busy.paused).toBe(false);
    expect(host.link).toMatchObject({ paused: false, inFlight: window - 1 });
  });

  it('is not waited for by a connection that has gone', () => {
    using host = fakeHost();
    const gone = fakeConnection(1);
    host.link.attach(gone);
    host.link.data(gone, new Uint8Array(window));
    expect(host.link.paused).toBe(true);
    host.link.detach(gone);
    expect(host.link.paused).toBe(false);
  });
});

describe('questions', () => {
  it('are answered', async () => {
    using host = fakeHost({ usage: () => ({ peers: 3 }) });
    expect(await host.link.ask((control) => control.usage())).toEqual({ peers: 3 });
  });

  it('that the host refuses say why', async () => {
    using host = fakeHost({
      usage: () => {
        throw new Error('not today');
      },
    });
    await expect(host.link.ask((control) => control.usage())).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_HOST',
      message: 'not today',
    });
  });

  it('for actors say once what several peers are told', async () => {
    const asked: SpawnRequest[] = [];
    using host = fakeHost({
      spawn: (requests: SpawnRequest[]) => {
        asked.push(...requests);
        return [];
      },
    });
    const [common, other] = [{ localAs: 1 }, { localAs: 2 }] as unknown as CommonPeerOptions[];
    const request = (peer: number, options = common!): SpawnRequest => ({
      peer,
      address: '192.0.2.1',
      options,
    });
    expect(await host.link.spawn([request(1), request(2)])).toEqual([]);
    await host.link.spawn([request(3), request(4, other)]);
    await host.link.spawn([request(5)]);
    expect(asked.map(({ peer, options }) => [peer, options?.localAs])).toEqual([
      [1, 1],
      [2, undefined],
      [3, undefined],
      [4, 2],
      [5, 1],
    ]);
  });

  it('have the sink hear of a host that answers none of them', async () => {
    let hangs = false;
    using host = fakeHost({ usage: () => (hangs ? new Promise(() => {}) : { peers: 3 }) });
    await host.link.ask((control) => control.usage());
    hangs = true;
    host.link.ask((control) => control.usage()).catch(() => {});
    await expect.poll(() => host.heard).toContain('silent');
  });

  it('do not wait for a host that has died', async () => {
    using host = fakeHost({ usage: () => new Promise(() => {}) });
    const answer = host.link.ask((control) => control.usage());
    const reason = new PeerloomError('ERR_PEERLOOM_WORKER', 'out of memory');
    host.link.die(reason);
    await expect(answer).rejects.toBe(reason);
    await expect(host.link.ask((control) => control.usage())).rejects.toBe(reason);
    expect(host.link.alive).toBe(false);
  });

  it('close both ports when the host is given up', async () => {
    using host = fakeHost();
    const closed = once(host.mail, 'close');
    host.link.die(new PeerloomError('ERR_PEERLOOM_WORKER', 'gone'));
    await closed;
    host.link.data(fakeConnection(1), new Uint8Array(5));
    host.link.flush();
    expect(host.counters.batchesToHosts).toBe(0);
  });
});
