import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type PeerOptions, peerOptionDefaults } from '@peerloom/ipc';
import { describe, expect, it } from 'vitest';
import { DescriptorBudget } from '../src/descriptorBudget.ts';
import { DialAttempt } from '../src/dialAttempt.ts';
import { Listener } from '../src/listener.ts';
import { explainClosed, explainDial, listenError } from '../src/systemReason.ts';

const nothing = (): void => {};
const target = { address: '192.0.2.2', port: 179 };

describe('a refused attempt to connect says what it means', () => {
  it.for([
    ['ECONNREFUSED', target, 'no BGP speaker listens there'],
    ['ECONNRESET', target, 'set sourceAddress to the one it knows'],
    ['ECONNRESET', { ...target, sourceAddress: '192.0.2.9' }, 'which is 192.0.2.9'],
    ['ETIMEDOUT', target, 'it expects an MD5 password'],
    ['ETIMEDOUT', { ...target, password: 'x' }, 'the MD5 passwords differ'],
    ['EHOSTUNREACH', target, 'there is no route to 192.0.2.2'],
    ['ENETUNREACH', target, 'there is no route to 192.0.2.2'],
    [
      'EADDRNOTAVAIL',
      { ...target, sourceAddress: '192.0.2.9' },
      'sourceAddress 192.0.2.9 is not an address of this machine',
    ],
    ['EADDRNOTAVAIL', target, 'ip_local_port_range'],
    ['EACCES', target, 'a firewall rule'],
    ['EMFILE', target, 'ulimit -n'],
    [
      'EWEIRD',
      { ...target, address: '2001:db8::2' },
      'could not connect to [2001:db8::2]:179: as the system says',
    ],
  ] as const)('%s to %j: %s', ([errno, to, words]) => {
    expect(explainDial(errno, to, 'as the system says')).toContain(words);
  });

  it.for([
    ['', 'closed the connection'],
    ['ECONNRESET', 'reset the connection'],
    ['EPIPE', 'had closed the connection'],
    ['ETIMEDOUT', 'stopped acknowledging'],
    ['EWEIRD', 'as the system says'],
  ] as const)('and so does the end of a connection: "%s"', ([errno, words]) => {
    expect(explainClosed(errno, 'as the system says')).toContain(words);
  });
});

describe('a refused listen has a code and a remedy', () => {
  it.for([
    ['EADDRINUSE', 'ERR_PEERLOOM_ADDRESS_IN_USE', 'ss -ltnp'],
    ['EACCES', 'ERR_PEERLOOM_NOT_PERMITTED', 'setcap cap_net_bind_service=+ep'],
    ['EACCES', 'ERR_PEERLOOM_NOT_PERMITTED', 'net.ipv4.ip_unprivileged_port_start to 179'],
    ['EACCES', 'ERR_PEERLOOM_NOT_PERMITTED', 'authbind'],
    ['EADDRNOTAVAIL', 'ERR_PEERLOOM_ADDRESS_NOT_AVAILABLE', 'listen on 0.0.0.0'],
    ['EMFILE', 'ERR_PEERLOOM_LISTEN', 'ulimit -n'],
    ['EWEIRD', 'ERR_PEERLOOM_LISTEN', 'cannot listen on 192.0.2.1:179: as the system says'],
  ] as const)('%s: %s, %s', ([errno, code, words]) => {
    const cause = Object.assign(new Error('as the system says'), { code: errno });
    const error = listenError(cause, '192.0.2.1', 179);
    expect(error).toMatchObject({ code, cause });
    expect(error.message).toContain(words);
  });

  it('when the port is taken, for real', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await expect(Listener.open('127.0.0.1', port, nothing, nothing)).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_ADDRESS_IN_USE',
    });
    await expect(Listener.open('192.0.2.77', 0, nothing, nothing)).rejects.toMatchObject({
      code: 'ERR_PEERLOOM_ADDRESS_NOT_AVAILABLE',
    });
    server.close();
  });
});

const peer: PeerOptions = {
  ...peerOptionDefaults,
  address: '127.0.0.1',
  localAs: 1,
  remoteAs: 2,
  routerId: '192.0.2.1',
};

/** The socket, or the error's name and what it means. */
const outcomeOf = (options: PeerOptions): Promise<Socket | string> =>
  new Promise((resolve) => {
    // oxlint-disable-next-line no-new -- its outcome is all that is wanted
    new DialAttempt(options, 1, {
      connected: resolve,
      failed: (errno, text) => resolve(`${errno}: ${text}`),
    });
  });

describe('an attempt to connect', () => {
  it.for([
    ['plain', {}],
    // Not with GTSM: it drops the refusal of a host that answers with a TTL of 64.
    ['with options', { ttl: 64 }],
  ] as const)('that is refused says by whom: %s', async ([, extra]) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    expect(await outcomeOf({ ...peer, port, ...extra })).toBe(
      `ECONNREFUSED: 127.0.0.1:${port} refused: no BGP speaker listens there. Start it, or check address and port`,
    );
  });

  it('fails, and throws nothing, when an option cannot be had', async () => {
    const failed = await outcomeOf({ ...peer, password: '' });
    expect(failed).toContain('ERR_SOCKET_OPTION_VALUE');
  });

  it('is not heard of again once it is aborted', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const heard: unknown[] = [];
    const attempt = new DialAttempt({ ...peer, port }, 1, {
      connected: (socket) => heard.push(socket),
      failed: (errno) => heard.push(errno),
    });
    attempt.abort();
    const socket = await outcomeOf({ ...peer, port });
    expect(heard).toEqual([]);
    (socket as Socket).destroy();
    server.close();
  });
});

describe('file descriptors', () => {
  it.for([
    [1024, 30, 930],
    [100, 30, 45],
    [40, 40, 0],
  ] as const)('%i of them, %i in use: %i connections', ([limit, others, connections]) => {
    const budget = new DescriptorBudget(limit, others);
    expect(budget.connections).toBe(connections);
    expect(budget.refusal(connections - 1)).toBeUndefined();
  });

  it('are refused with the remedy when they run out', () => {
    expect(new DescriptorBudget(1024, 30).refusal(930)).toContain('raise ulimit -n');
  });

  it('are no matter where there is no limit to be read', () => {
    expect(new DescriptorBudget(Number.POSITIVE_INFINITY, 30).refusal(1e6)).toBeUndefined();
  });

  it('are counted in this process', () => {
    expect(new DescriptorBudget().connections).toBeGreaterThan(10);
  });
});
