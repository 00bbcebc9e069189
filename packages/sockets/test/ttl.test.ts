import { once } from 'node:events';
import { dial, fileDescriptor, system, ttlSecurity } from '@peerloom/sockets';
import { describe, expect, it } from 'vitest';
import { attempt, listen } from './loopback.ts';

const patience = 250;

describe.for([
  { family: 'IPv4', address: '127.0.0.1', whole: 32 },
  { family: 'IPv6', address: '::1', whole: 128 },
])('TTL over $family', ({ address, whole }) => {
  it.for([1, 64, 255])('opens with the TTL that was asked for: %i', async (ttl) => {
    await using listener = await listen(address);
    system().saveSyn(fileDescriptor(listener.server)!, true);
    const socket = dial({ address, port: listener.port, ttl });
    await once(listener.server, 'connection');
    expect(system().savedSynTtl(fileDescriptor(listener.accepted[0]!)!)).toBe(ttl);
    socket.destroy();
  });

  it('connects two that both use GTSM', async () => {
    await using listener = await listen(address);
    listener.options.set({ address, length: whole }, ttlSecurity(1));
    listener.acceptedOptions = ttlSecurity(1);
    expect(await attempt({ address, port: listener.port, ...ttlSecurity(1) })).toBe('hello');
  });

  it('lets the kernel drop a low TTL when every neighbour uses GTSM', async () => {
    await using listener = await listen(address);
    listener.options.set({ address, length: whole }, ttlSecurity(1));
    const { port } = listener;
    expect(await attempt({ address, port, ttl: 254 }, patience)).toBe('silence');
    listener.options.set({ address, length: whole }, ttlSecurity(2));
    expect(await attempt({ address, port, ttl: 254 })).toBe('hello');
  });

  it('refuses a low TTL by its SYN where another neighbour may call from afar', async () => {
    await using listener = await listen(address);
    listener.options.set({ address, length: whole }, ttlSecurity(1));
    listener.options.set({ address, length: whole - 8 }, {});
    listener.acceptedOptions = ttlSecurity(1);
    expect(await attempt({ address, port: listener.port, ttl: 254 })).toBe('closed');
    expect(listener.refusals).toMatchObject([
      { code: 'ERR_SOCKET_TTL_TOO_LOW', message: expect.stringContaining('TTL 254') as string },
    ]);
  });

  it('takes anything again when the neighbour with GTSM is removed', async () => {
    await using listener = await listen(address);
    listener.options.set({ address, length: whole }, ttlSecurity(1));
    listener.options.remove({ address, length: whole });
    expect(await attempt({ address, port: listener.port, ttl: 5 })).toBe('hello');
  });

  it('hears nothing from a listener that is too far for our GTSM', async () => {
    await using listener = await listen(address);
    const options = { address, port: listener.port, ...ttlSecurity(1) };
    expect(await attempt(options, patience)).toBe('silence');
  });
});
