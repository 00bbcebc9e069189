import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  checkTcpOptions,
  ListenerOptions,
  SocketOptionError,
  ttlSecurity,
} from '@peerloom/sockets';
import { describe, expect, it } from 'vitest';
import type { Libc } from '../src/libc.ts';
import { linuxSystem } from '../src/linuxSystem.ts';
import { unsupportedSystem } from '../src/unsupportedSystem.ts';

const prefix = { address: '192.0.2.1', length: 32 };

/** A C library in which every call fails with `name`. */
const refusing = (name: string): Libc => ({
  socket: () => -1,
  close: () => -1,
  setsockopt: () => -1,
  getsockopt: () => -1,
  inetPton: () => 1,
  ifNameToIndex: () => 0,
  errno: () => ({ name, text: 'as the system words it' }),
});

function errorOf(call: () => unknown): SocketOptionError {
  try {
    call();
  } catch (error) {
    if (error instanceof SocketOptionError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe.for([
  {
    where: 'another platform',
    system: unsupportedSystem('darwin'),
    code: 'ERR_SOCKET_OPTION_PLATFORM',
    says: ['darwin', 'run on Linux'],
  },
  {
    where: 'Linux without koffi',
    system: linuxSystem(() => {
      throw new Error("Cannot find module 'koffi'");
    }),
    code: 'ERR_SOCKET_OPTION_LIBRARY',
    says: ['npm install koffi@3', process.arch],
  },
])('on $where', ({ system, code, says }) => {
  it.for([
    ['password', () => system.setPassword(3, 4, prefix, 'secret')],
    ['ttl', () => system.setTtl(3, 4, 255)],
    ['minimumTtl', () => system.setMinimumTtl(3, 4, 255)],
    ['socket options before connect', () => system.openSocket(4)],
  ] as const)('%s is refused, and says what to do', ([option, call]) => {
    const error = errorOf(call);
    expect(error).toMatchObject({ code, option, name: 'SocketOptionError' });
    for (const words of says) expect(error.message).toContain(words);
  });

  it('neighbours without options are no trouble', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const options = new ListenerOptions(server, () => system);
    options.set(prefix, {});
    options.remove(prefix);
    expect(errorOf(() => options.set(prefix, { password: 'secret' })).code).toBe(code);
    expect(options.size).toBe(0);
    server.close();
  });
});

describe('a system that refuses', () => {
  it.for([
    ['ENOPROTOOPT', 'CONFIG_TCP_MD5SIG'],
    ['ENOMEM', 'net.core.optmem_max'],
    ['EPERM', 'seccomp'],
    ['EINVAL', 'fit the socket'],
  ])('%s: the message says "%s"', ([errno, words]) => {
    const system = linuxSystem(() => refusing(errno!));
    const error = errorOf(() => system.setPassword(3, 4, prefix, 'secret'));
    expect(error).toMatchObject({ code: 'ERR_SOCKET_OPTION_REFUSED', option: 'password', errno });
    expect(error.message).toContain(`TCP_MD5SIG: ${errno}, as the system words it`);
    expect(error.message).toContain(words);
  });

  it('no descriptor left: the message says how to get more', () => {
    const system = linuxSystem(() => refusing('EMFILE'));
    expect(errorOf(() => system.openSocket(4)).message).toContain('ulimit -n');
  });

  it('removing a key that is not there is no error', () => {
    const system = linuxSystem(() => refusing('ENOENT'));
    expect(() => system.setPassword(3, 4, prefix, undefined)).not.toThrow();
  });
});

describe('values', () => {
  it.for([
    [{ ttl: 0 }, 'ttl is 0'],
    [{ ttl: 256 }, 'ttl is 256'],
    [{ minimumTtl: 1.5 }, 'minimumTtl is 1.5'],
    [{ password: '' }, 'password has 0 octets'],
    [{ password: 'ü'.repeat(41) }, 'password has 82 octets'],
  ] as const)('%j is refused: %s', ([options, words]) => {
    const error = errorOf(() => checkTcpOptions(options));
    expect(error.code).toBe('ERR_SOCKET_OPTION_VALUE');
    expect(error.message).toContain(words);
  });

  it('GTSM counts hops down from 255', () => {
    expect(ttlSecurity(1)).toEqual({ ttl: 255, minimumTtl: 255 });
    expect(ttlSecurity(254)).toEqual({ ttl: 255, minimumTtl: 2 });
    expect(() => ttlSecurity(0)).toThrow('1 to 254');
    expect(() => ttlSecurity(255)).toThrow('1 to 254');
  });
});
