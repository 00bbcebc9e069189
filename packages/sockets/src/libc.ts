import { createRequire } from 'node:module';
import { getSystemErrorMessage, getSystemErrorName } from 'node:util';
import type * as Koffi from 'koffi';

/** The functions of the C library that the options need, each with its C meaning: −1 is a failure that `errno()` names. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  close(fd: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number[]): number;
  /** 1 when `text` is an address of the family, written to `out` in network order. */
  inetPton(family: number, text: string, out: Uint8Array): number;
  /** 0 when there is no such interface. */
  ifNameToIndex(name: string): number;
  /** Of the last call that failed: the system's name and its words. */
  errno(): { readonly name: string; readonly text: string };
}

/** Binds the C library of this process. Throws whatever koffi throws when it is absent or has no binary for this machine. */
export function loadLibc(): Libc {
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  const library = koffi.load(null);
  return {
    socket: library.func('int socket(int, int, int)') as Libc['socket'],
    close: library.func('int close(int)') as Libc['close'],
    setsockopt: library.func(
      'int setsockopt(int, int, int, const void *, unsigned int)',
    ) as Libc['setsockopt'],
    getsockopt: library.func(
      'int getsockopt(int, int, int, void *, _Inout_ unsigned int *)',
    ) as Libc['getsockopt'],
    inetPton: library.func('int inet_pton(int, const char *, void *)') as Libc['inetPton'],
    ifNameToIndex: library.func(
      'unsigned int if_nametoindex(const char *)',
    ) as Libc['ifNameToIndex'],
    errno: () => {
      const errno = -koffi.errno();
      return { name: getSystemErrorName(errno), text: getSystemErrorMessage(errno) };
    },
  };
}
