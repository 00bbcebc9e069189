import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ControlClient } from '../src/control/client.ts';
import { LineReader } from '../src/control/lineReader.ts';
import type { EventItem, SpeakerInfo } from '../src/control/methods.ts';
import { longestRequest } from '../src/control/protocol.ts';
import { type ControlHandler, ControlServer } from '../src/control/server.ts';
import { defaultSocketPath } from '../src/control/socketPath.ts';
import { CommandError } from '../src/exitCode.ts';
import { TemporaryDirectory } from './temporary.ts';

const speaker: SpeakerInfo = { routerId: '192.0.2.1', localAs: 65000 };

async function* events(count: number, made?: (index: number) => void): AsyncGenerator<EventItem> {
  for (let index = 0; index < count; index++) {
    made?.(index);
    yield { time: index, kind: 'notice', text: 'x'.repeat(1000), details: null };
  }
}

const answering: ControlHandler = (method) => {
  if (method === 'speaker') return Promise.resolve(speaker);
  if (method === 'events') return events(3);
  throw new CommandError('ERR_TEST', `there is no ${method}`, 2);
};

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no error',
    (error: NodeJS.ErrnoException) => error.code,
  );
}

describe('the control socket', () => {
  it('answers with a result, with items, or with an error that keeps code and exit status', async () => {
    using directory = new TemporaryDirectory();
    await using server = await ControlServer.listen(directory.file('s'), answering);
    using client = await ControlClient.connect(server.path);

    expect(await client.call('speaker', {})).toEqual(speaker);
    const times: number[] = [];
    for await (const { time } of client.stream('events', {})) times.push(time);
    expect(times).toEqual([0, 1, 2]);
    await expect(client.call('reload', {})).rejects.toMatchObject({
      code: 'ERR_TEST',
      message: 'there is no reload',
      exitCode: 2,
    });
    expect(await client.call('speaker', {}), 'the connection goes on after an error').toEqual(
      speaker,
    );
  });

  it('may be opened by its owner alone, in a directory of its owner alone', async () => {
    using directory = new TemporaryDirectory();
    await using server = await ControlServer.listen(directory.file('made/here/s'), answering);
    const before = process.umask();
    expect(statSync(server.path).mode & 0o777).toBe(0o600);
    expect(statSync(directory.file('made/here')).mode & 0o777).toBe(0o700);
    expect(process.umask(), 'the umask of the process is what it was').toBe(before);
  });

  it('is gone when the server is closed', async () => {
    using directory = new TemporaryDirectory();
    const server = await ControlServer.listen(directory.file('s'), answering);
    await server.close();
    expect(existsSync(server.path)).toBe(false);
  });

  it('replaces a socket that a dead engine left behind', async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file('s');
    await leaveSocketBehind(path);
    expect(existsSync(path)).toBe(true);
    await using server = await ControlServer.listen(path, answering);
    using client = await ControlClient.connect(server.path);
    expect(await client.call('speaker', {})).toEqual(speaker);
  });

  it('is not taken from a living engine', async () => {
    using directory = new TemporaryDirectory();
    await using server = await ControlServer.listen(directory.file('s'), answering);
    await expect(ControlServer.listen(server.path, answering)).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_CONTROL_TAKEN',
      message: `an engine already answers at ${server.path}: stop it, or give this one another socket with --socket`,
    });
    using client = await ControlClient.connect(server.path);
    expect(await client.call('speaker', {}), 'and that one still has it').toEqual(speaker);
  });

  it('does not remove what is no socket', async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file('s'), 'precious');
    await expect(ControlServer.listen(directory.file('s'), answering)).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_CONTROL_PATH',
    });
    expect(statSync(directory.file('s')).size).toBe(8);
  });

  it('is not made where others could put another in its place', async () => {
    using directory = new TemporaryDirectory();
    mkdirSync(directory.file('open'));
    chmodSync(directory.file('open'), 0o777);
    expect(await codeOf(ControlServer.listen(directory.file('open/s'), answering))).toBe(
      'ERR_PEERLOOM_CONTROL_PATH',
    );
  });

  it('says so when its path is longer than the system has room for', async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file('x'.repeat(120));
    await expect(ControlServer.listen(path, answering)).rejects.toThrow(/room for 10[37].*shorter/);
  });

  it('says where a directory cannot be made', async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file('file'), '');
    await expect(ControlServer.listen(directory.file('file/s'), answering)).rejects.toThrow(
      /cannot use .*file for the control socket: .*choose another place with --socket/,
    );
  });

  it('lives in the runtime directory of the user, else in one of the user’s own', () => {
    expect(defaultSocketPath({ XDG_RUNTIME_DIR: '/run/user/7' }, 7)).toBe(
      '/run/user/7/peerloom/control.sock',
    );
    expect(defaultSocketPath({}, 7)).toBe('/tmp/peerloom-7/control.sock');
  });
});

describe('a slow or wrong client', () => {
  it('gets items no faster than it reads them, and holds up nobody', async () => {
    using directory = new TemporaryDirectory();
    let made = 0;
    const handler: ControlHandler = (method) =>
      method === 'events'
        ? events(100_000, (index) => (made = index + 1))
        : answering(method, {}, never);
    await using server = await ControlServer.listen(directory.file('s'), handler);

    const slow = connect(server.path);
    await once(slow, 'connect');
    slow.pause();
    slow.write('{"id": 1, "method": "events"}\n');
    using other = await ControlClient.connect(server.path);
    expect(await other.call('speaker', {})).toEqual(speaker);
    await expect.poll(() => made).toBeGreaterThan(0);
    // What the kernel and the stream buffer hold, of the 100 MB that there are.
    for (let before = -1; before !== made; ) {
      before = made;
      await other.call('speaker', {});
    }
    expect(made).toBeLessThan(5000);
    slow.destroy();
  });

  it('ends the work for it by going away', async () => {
    using directory = new TemporaryDirectory();
    let signal: AbortSignal | undefined;
    let ended = false;
    await using server = await ControlServer.listen(
      directory.file('s'),
      async function* (_method, _parameters, given) {
        signal = given;
        try {
          for (let index = 0; ; index++) yield index;
        } finally {
          ended = true;
        }
      },
    );
    using client = await ControlClient.connect(server.path);
    for await (const _ of client.stream('events', {})) break;
    await expect.poll(() => signal?.aborted && ended).toBe(true);
  });

  it('is told what a request is, and goes on', async () => {
    using directory = new TemporaryDirectory();
    await using server = await ControlServer.listen(directory.file('s'), answering);
    const socket = connect(server.path);
    socket.write('hello\n{"id": 2, "method": "speaker"}\n');
    let text = '';
    for await (const chunk of socket) {
      text += String(chunk);
      if (text.split('\n').length === 3) break;
    }
    const [first, second] = text.split('\n').map((line) => (line ? JSON.parse(line) : {}));
    expect(first.error.code).toBe('ERR_PEERLOOM_REQUEST');
    expect(second).toEqual({ id: 2, done: speaker });
  });

  it('is cut off when its line does not end', async () => {
    using directory = new TemporaryDirectory();
    await using server = await ControlServer.listen(directory.file('s'), answering);
    const socket = connect(server.path);
    socket.on('error', () => {});
    socket.write('x'.repeat(longestRequest + 1));
    await once(socket, 'close');
  });
});

describe('a client', () => {
  it.for([
    ['nothing is there', () => {}],
    ['the engine is dead', leaveSocketBehind],
  ] as const)('says how to start an engine when %s', async ([, prepare]) => {
    using directory = new TemporaryDirectory();
    const path = directory.file('s');
    await prepare(path);
    await expect(ControlClient.connect(path)).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_NO_ENGINE',
      exitCode: 3,
      message: `no engine answers at ${path}: start one with peerloom run -c peers.yaml, or name the socket of a running one with --socket`,
    });
  });

  it('says so when the engine goes away before its answer is complete', async () => {
    using directory = new TemporaryDirectory();
    const server = await ControlServer.listen(directory.file('s'), () => new Promise(() => {}));
    using client = await ControlClient.connect(server.path);
    const answer = codeOf(client.call('speaker', {}));
    await server.close();
    expect(await answer).toBe('ERR_PEERLOOM_INTERRUPTED');
  });

  it('has the whole of an answer that comes to its end as the server closes', async () => {
    using directory = new TemporaryDirectory();
    const end = Promise.withResolvers<void>();
    const server = await ControlServer.listen(directory.file('s'), async function* () {
      yield { time: 1 };
      await end.promise;
      yield { time: 2 };
    });
    using client = await ControlClient.connect(server.path);
    const items = client.stream('events', { follow: true });
    expect(await items.next()).toMatchObject({ value: { time: 1 } });
    const closed = server.close();
    end.resolve();
    expect(await items.next()).toMatchObject({ value: { time: 2 } });
    expect(await items.next()).toMatchObject({ done: true });
    await closed;
  });
});

describe('lines', () => {
  it('are cut from a stream wherever its pieces end, within a character too', () => {
    const octets = Buffer.from('äö\nü\nrest');
    for (let cut = 0; cut <= octets.length; cut++) {
      const reader = new LineReader(10);
      const lines = [...reader.push(octets.subarray(0, cut)), ...reader.push(octets.subarray(cut))];
      expect(lines).toEqual(['äö', 'ü']);
    }
  });

  it('may not be longer than they may', () => {
    expect(() => new LineReader(3).push(Buffer.from('four'))).toThrow(RangeError);
    expect(() => new LineReader(3).push(Buffer.from('four\n'))).toThrow(RangeError);
    expect(new LineReader(3).push(Buffer.from('abc\n'))).toEqual(['abc']);
  });
});

const never = new AbortController().signal;

/** What an engine that was killed leaves: a socket that nobody listens at. */
async function leaveSocketBehind(path: string): Promise<void> {
  const server = createServer();
  server.listen(path);
  await once(server, 'listening');
  // The handle goes without the unlink that an orderly close would do.
  const kept = `${path}.kept`;
  linkSync(path, kept);
  await new Promise((resolve) => server.close(resolve));
  renameSync(kept, path);
}
