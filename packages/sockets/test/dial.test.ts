import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dial, fileDescriptor, system } from '@peerloom/sockets';
import { describe, expect, it } from 'vitest';
import { attempt, listen } from './loopback.ts';

const openDescriptors = (): number => readdirSync('/proc/self/fd').length;

describe.for([
  { path: "Node's own path", extra: {} },
  { path: 'the path with options', extra: { ttl: 64 } },
])('dialling on $path', ({ extra }) => {
  it('leaves from the source address', async () => {
    await using listener = await listen('127.0.0.1');
    const { port } = listener;
    const options = { address: '127.0.0.1', port, localAddress: '127.0.0.77', ...extra };
    expect(await attempt(options)).toBe('hello');
    expect(listener.accepted[0]!.remoteAddress).toBe('127.0.0.77');
  });

  it('says who refused', async () => {
    await using listener = await listen('127.0.0.1');
    const { port } = listener;
    expect(await attempt({ address: '127.0.0.2', port, ...extra })).toBe('ECONNREFUSED');
  });

  it('says that a source address is not ours', async () => {
    const options = { address: '127.0.0.1', port: 9, localAddress: '192.0.2.9', ...extra };
    expect(await attempt(options)).toBe('EADDRNOTAVAIL');
  });

  it('reads into a buffer of the caller, and says when the other end is done', async () => {
    await using listener = await listen('127.0.0.1');
    const buffer = new Uint8Array(64);
    let text = '';
    const callback = (length: number): boolean => {
      text += Buffer.from(buffer.subarray(0, length)).toString();
      return true;
    };
    const options = { address: '127.0.0.1', port: listener.port, ...extra };
    const socket = dial({ ...options, onRead: { buffer, callback } });
    await expect.poll(() => text).toBe('hello');
    listener.accepted[0]!.end(' again');
    await once(socket, 'close');
    expect(text).toBe('hello again');
  });

  it('leaves no descriptor behind when it is aborted or refused', async () => {
    await using listener = await listen('127.0.0.1');
    await attempt({ address: '127.0.0.1', port: listener.port, ...extra });
    const before = openDescriptors();
    for (let round = 0; round < 20; round += 1) {
      const socket = dial({ address: '127.0.0.1', port: listener.port, ...extra });
      socket.on('error', () => {});
      socket.destroy();
      await once(socket, 'close');
      await attempt({ address: '127.0.0.2', port: listener.port, ...extra });
    }
    for (const socket of listener.accepted) socket.destroy();
    await expect.poll(openDescriptors).toBeLessThanOrEqual(before);
  });
});

it('leaves no descriptor behind when an option is refused', () => {
  system();
  const before = openDescriptors();
  expect(() => dial({ address: '127.0.0.1', port: 9, ttl: 300 })).toThrow('1 to 255');
  expect(() => dial({ address: '127.0.0.1', port: 9, password: '' })).toThrow('1 to 80');
  expect(() => dial({ address: 'localhost', port: 9, password: 'x' })).toThrow('not an address');
  expect(openDescriptors()).toBe(before);
});

it('knows the descriptor of a socket only while it is open', async () => {
  await using listener = await listen('127.0.0.1');
  const socket = connect(listener.port, '127.0.0.1');
  await once(socket, 'connect');
  expect(fileDescriptor(socket)).toBeGreaterThan(2);
  socket.destroy();
  await once(socket, 'close');
  expect(fileDescriptor(socket)).toBeUndefined();
});
