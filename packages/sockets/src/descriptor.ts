import type { Server, Socket } from 'node:net';

/**
 * The file descriptor of a listening server or of an open socket, `undefined` once it is closed.
 * Node.js has no public name for it; `_handle.fd` has been there since 0.10, and a test here holds it.
 */
export function fileDescriptor(owner: Server | Socket): number | undefined {
  const { _handle: handle } = owner as unknown as { readonly _handle?: { readonly fd: number } };
  return handle !== null && handle !== undefined && handle.fd >= 0 ? handle.fd : undefined;
}
