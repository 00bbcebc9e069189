import { dial } from '@peerloom/sockets';
import { describe, expect, it } from 'vitest';
import { attempt, listen } from './loopback.ts';

/** Long enough for a handshake on loopback, shorter than the first retry of a SYN (1 s). */
const patience = 250;

describe.for([
  { family: 'IPv4', address: '127.0.0.1', whole: 32, range: { address: '127.0.0.0', length: 8 } },
  { family: 'IPv6', address: '::1', whole: 128, range: { address: '::', length: 64 } },
])('TCP MD5 over $family', ({ address, whole, range }) => {
  it('connects when both ends have the same password', async () => {
    await using listener = await listen(address);
    listener.options.set({ address, length: whole }, { password: 'secret' });
    const { port } = listener;
    expect(await attempt({ address, port, password: 'secret' })).toBe('hello');
  });

  it.for([
    { why: 'another password', password: 'guess' },
    { why: 'no password', password: undefined },
  ])('hears nothing with $why', async ({ password }) => {
    await using listener = await listen(address);
    listener.options.set({ address, length: whole }, { password: 'secret' });
    const options = { address, port: listener.port, ...(password && { password }) };
    expect(await attempt(options, patience)).toBe('silence');
    expect(listener.accepted).toEqual([]);
  });

  it('hears nothing when only the caller has a password', async () => {
    await using listener = await listen(address);
    const options = { address, port: listener.port, password: 'secret' };
    expect(await attempt(options, patience)).toBe('silence');
  });

  it('takes a range, and within it the neighbour with a password of its own', async () => {
    await using listener = await listen(address);
    const { port } = listener;
    listener.options.set(range, { password: 'range' });
    expect(await attempt({ address, port, password: 'range' })).toBe('hello');
    listener.options.set({ address, length: whole }, { password: 'own' });
    expect(await attempt({ address, port, password: 'own' })).toBe('hello');
    expect(await attempt({ address, port, password: 'range' }, patience)).toBe('silence');
  });

  it('follows a change and a removal', async () => {
    await using listener = await listen(address);
    const { port } = listener;
    const neighbor = { address, length: whole };
    listener.options.set(neighbor, { password: 'first' });
    listener.options.set(neighbor, { password: 'second' });
    expect(await attempt({ address, port, password: 'second' })).toBe('hello');
    expect(await attempt({ address, port, password: 'first' }, patience)).toBe('silence');
    listener.options.remove(neighbor);
    expect(await attempt({ address, port })).toBe('hello');
    expect(listener.options.size).toBe(0);
  });
});

it('keeps an open connection when its key is removed from the listener', async () => {
  await using listener = await listen('127.0.0.1');
  const neighbor = { address: '127.0.0.1', length: 32 };
  listener.options.set(neighbor, { password: 'secret' });
  const socket = dial({ address: '127.0.0.1', port: listener.port, password: 'secret' });
  const received: string[] = [];
  socket.on('data', (data) => received.push(data.toString()));
  await expect.poll(() => received.join('')).toBe('hello');
  listener.options.remove(neighbor);
  listener.accepted[0]!.write(' again');
  await expect.poll(() => received.join('')).toBe('hello again');
  socket.destroy();
});

it('keeps many keys on one listener, each for its own neighbour', async () => {
  await using listener = await listen('127.0.0.1');
  const { port } = listener;
  const neighbors = Array.from({ length: 300 }, (_, index) => ({
    address: `127.1.${index >> 8}.${index & 255}`,
    password: `key ${index}`,
  }));
  for (const { address, password } of neighbors) {
    listener.options.set({ address, length: 32 }, { password });
  }
  for (const index of [0, 137, 299]) {
    const { address: localAddress, password } = neighbors[index]!;
    expect(await attempt({ address: '127.0.0.1', port, localAddress, password })).toBe('hello');
  }
  const { address: localAddress } = neighbors[137]!;
  const wrong = { address: '127.0.0.1', port, localAddress, password: 'key 138' };
  expect(await attempt(wrong, patience)).toBe('silence');
});

it('holds an IPv4 neighbour to its password on a dual-stack listener', async () => {
  await using listener = await listen('::', false);
  const { port } = listener;
  listener.options.set({ address: '127.0.0.1', length: 32 }, { password: 'secret' });
  listener.options.set({ address: '127.2.0.0', length: 16 }, { password: 'range' });
  const address = '127.0.0.1';
  expect(await attempt({ address, port, password: 'secret' })).toBe('hello');
  expect(await attempt({ address, port }, patience)).toBe('silence');
  const ranged = { address, port, localAddress: '127.2.3.4' };
  expect(await attempt({ ...ranged, password: 'range' })).toBe('hello');
  expect(await attempt(ranged, patience)).toBe('silence');
});
