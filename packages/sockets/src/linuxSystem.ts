import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';
import { type Libc, loadLibc } from './libc.ts';
import { SocketOptionError } from './socketOptionError.ts';
import type { AddressPrefix, SocketFamily, System } from './system.ts';
import { checkTcpOptions } from './tcpOptions.ts';
import { refusingSystem } from './unsupportedSystem.ts';

// The numbers of the Linux ABI (asm-generic, so the same on x86, ARM, RISC-V, POWER and s390): socket.h, in.h, in6.h, tcp.h.
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const IPPROTO_IP = 0;
const IPPROTO_TCP = 6;
const IPPROTO_IPV6 = 41;
const IP_TTL = 2;
const IP_MINTTL = 21;
const IPV6_UNICAST_HOPS = 16;
const IPV6_MINHOPCOUNT = 73;
const TCP_MD5SIG = 14;
const TCP_MD5SIG_EXT = 32;
const TCP_MD5SIG_FLAG_PREFIX = 1;
const TCP_SAVE_SYN = 27;
const TCP_SAVED_SYN = 28;

const littleEndian = endianness() === 'LE';

/** Linux, called through koffi; where koffi does not load, a system that refuses each option and says so. */
export function linuxSystem(load: () => Libc = loadLibc): System {
  let libc: Libc;
  try {
    libc = load();
  } catch (cause) {
    return refusingSystem(
      'ERR_SOCKET_OPTION_LIBRARY',
      `needs the optional dependency koffi, which is not installed or has no binary for ${process.platform}-${process.arch}. Install it (npm install koffi@3), or leave out password, ttl, multihop and ttlSecurity`,
      cause,
    );
  }
  return new LinuxSystem(libc);
}

class LinuxSystem implements System {
  readonly #libc: Libc;

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  openSocket(family: SocketFamily): number {
    const domain = family === 4 ? AF_INET : AF_INET6;
    const fd = this.#libc.socket(domain, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (fd < 0) throw this.#refused('socket', 'socket(2)');
    return fd;
  }

  closeSocket(fd: number): void {
    this.#libc.close(fd);
  }

  setTtl(fd: number, family: SocketFamily, ttl: number): void {
    if (family === 6) this.#setInteger(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl, 'ttl');
    // On an IPv6 socket this one governs the IPv4 connections that a dual-stack listener takes.
    this.#setInteger(fd, IPPROTO_IP, IP_TTL, ttl, 'ttl');
  }

  setMinimumTtl(fd: number, family: SocketFamily, minimumTtl: number): void {
    if (family === 6) {
      this.#setInteger(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, minimumTtl, 'minimumTtl');
    }
    this.#setInteger(fd, IPPROTO_IP, IP_MINTTL, minimumTtl, 'minimumTtl');
  }

  setPassword(
    fd: number,
    family: SocketFamily,
    prefix: AddressPrefix,
    password: string | undefined,
  ): void {
    if (password !== undefined) checkTcpOptions({ password });
    const key = Buffer.from(password ?? '');
    // struct tcp_md5sig: sockaddr_storage, flags, prefix length, key length, interface index, key[80].
    const md5sig = new Uint8Array(216);
    const view = new DataView(md5sig.buffer);
    const mapped = family === 6 && isIPv4(prefix.address);
    this.#writeAddress(view, family, prefix.address);
    const whole = prefix.length === (isIPv4(prefix.address) ? 32 : 128);
    if (!whole) {
      view.setUint8(128, TCP_MD5SIG_FLAG_PREFIX);
      // For an IPv4-mapped address the kernel counts the IPv4 bits alone (tcp_v6_parse_md5_keys).
      view.setUint8(129, prefix.length);
    }
    view.setUint16(130, key.length, littleEndian);
    md5sig.set(key, 136);
    const option = whole ? TCP_MD5SIG : TCP_MD5SIG_EXT;
    if (this.#libc.setsockopt(fd, IPPROTO_TCP, option, md5sig, md5sig.length) === 0) return;
    if (password === undefined && this.#libc.errno().name === 'ENOENT') return;
    throw this.#refused('password', whole ? 'TCP_MD5SIG' : 'TCP_MD5SIG_EXT', mapped);
  }

  saveSyn(fd: number, on: boolean): void {
    this.#setInteger(fd, IPPROTO_TCP, TCP_SAVE_SYN, on ? 1 : 0, 'minimumTtl');
  }

  savedSynTtl(fd: number): number | undefined {
    const header = new Uint8Array(256);
    const length = [header.length];
    if (this.#libc.getsockopt(fd, IPPROTO_TCP, TCP_SAVED_SYN, header, length) !== 0)
      return undefined;
    if (length[0]! < 20) return undefined;
    // The IP header comes first: TTL is its ninth octet, Hop Limit its eighth.
    return header[0]! >> 4 === 4 ? header[8] : header[7];
  }

  #setInteger(fd: number, level: number, name: number, value: number, option: string): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setInt32(0, value, littleEndian);
    if (this.#libc.setsockopt(fd, level, name, bytes, 4) !== 0) {
      throw this.#refused(option, integerOptionNames[`${level}/${name}`]!);
    }
  }

  /** struct sockaddr_in / sockaddr_in6 with port 0; an IPv4 address is mapped on an IPv6 socket. */
  #writeAddress(view: DataView, family: SocketFamily, address: string): void {
    const [host, scope] = address.split('%') as [string, string?];
    const mapped = family === 6 && isIPv4(host);
    const out = new Uint8Array(view.buffer, family === 4 ? 4 : 8, family === 4 ? 4 : 16);
    const domain = family === 4 ? AF_INET : AF_INET6;
    view.setUint16(0, domain, littleEndian);
    if (this.#libc.inetPton(domain, mapped ? `::ffff:${host}` : host, out) !== 1) {
      throw new SocketOptionError('ERR_SOCKET_OPTION_VALUE', {
        option: 'password',
        text: `${address} is not an address that an IPv${family} socket can have as a neighbour`,
      });
    }
    if (family === 4 || scope === undefined) return;
    const index = this.#libc.ifNameToIndex(scope) || Number(scope) || 0;
    view.setUint32(24, index, littleEndian);
  }

  #refused(option: string, call: string, mapped = false): SocketOptionError {
    const { name, text } = this.#libc.errno();
    return new SocketOptionError('ERR_SOCKET_OPTION_REFUSED', {
      option,
      errno: name,
      text: `the system refused ${option} (${call}: ${name}, ${text})${mapped ? ' for an IPv4 neighbour on an IPv6 socket' : ''}. ${remedies[name] ?? otherwise}`,
    });
  }
}

const integerOptionNames: Readonly<Record<string, string>> = {
  [`${IPPROTO_IP}/${IP_TTL}`]: 'IP_TTL',
  [`${IPPROTO_IP}/${IP_MINTTL}`]: 'IP_MINTTL',
  [`${IPPROTO_IPV6}/${IPV6_UNICAST_HOPS}`]: 'IPV6_UNICAST_HOPS',
  [`${IPPROTO_IPV6}/${IPV6_MINHOPCOUNT}`]: 'IPV6_MINHOPCOUNT',
  [`${IPPROTO_TCP}/${TCP_SAVE_SYN}`]: 'TCP_SAVE_SYN',
};

const remedies: Readonly<Record<string, string>> = {
  ENOPROTOOPT:
    'This kernel was built without it: for TCP MD5 it needs CONFIG_TCP_MD5SIG; otherwise use a newer kernel',
  ENOMEM:
    'The keys of one listener share net.core.optmem_max: raise it (sysctl -w net.core.optmem_max=1048576), or spread the neighbours over several listen addresses',
  EPERM: 'A security policy (seccomp, SELinux) forbids it to this process: allow setsockopt',
  EACCES: 'A security policy (seccomp, SELinux) forbids it to this process: allow setsockopt',
  EMFILE: 'This process has no file descriptor left: raise ulimit -n',
  ENFILE: 'The system has no file descriptor left: raise fs.file-max',
  EAFNOSUPPORT: 'The address family is switched off on this system',
};
const otherwise = 'Check that the address and the value fit the socket';
