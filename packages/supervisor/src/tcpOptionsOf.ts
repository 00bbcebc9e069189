import type { CommonPeerOptions } from '@peerloom/ipc';
import { type TcpOptions, ttlSecurity } from '@peerloom/sockets';

/** What a peer's options ask of its TCP connections. A TTL concerns external neighbours alone, as routers have it. */
export function tcpOptionsOf(peer: CommonPeerOptions): TcpOptions {
  const { password } = peer;
  return { ...ttlOptionsOf(peer), ...(password === undefined ? {} : { password }) };
}

function ttlOptionsOf(peer: CommonPeerOptions): TcpOptions {
  if (peer.ttlSecurity !== undefined) return ttlSecurity(peer.ttlSecurity);
  const internal = peer.remoteAs === 'internal' || peer.remoteAs === peer.localAs;
  const ttl = peer.multihop ?? peer.ttl;
  return internal || ttl === undefined ? {} : { ttl };
}
