import { isIP, SocketAddress } from 'node:net';
import { formatPrefix, type Prefix, parsePrefix } from '@peerloom/wire';

/**
 * The one text that an address has among us: dotted quad; RFC 5952 for IPv6, an IPv4-mapped address as
 * the IPv4 address it stands for, a zone (`%eth0`) kept. `undefined` when it is no address.
 */
export function canonicalAddress(text: string): string | undefined {
  const family = isIP(text);
  if (family === 4) return text;
  if (family === 0) return undefined;
  const [address, zone] = text.split('%') as [string, string?];
  const canonical = new SocketAddress({ address, family: 'ipv6' }).address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)?.[1];
  return mapped ?? (zone === undefined ? canonical : `${canonical}%${zone}`);
}

/** 4 or 6. */
export function addressFamilyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** `192.0.2.1:179`, `[2001:db8::1]:179` */
export function formatEndpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A prefix of neighbours, `10.0.0.0/8`. */
export interface AddressRange {
  readonly text: string;
  readonly address: string;
  readonly length: number;
}

/** The range that a text means; `undefined` unless it is a prefix, or has bits beyond its length. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const prefix: Prefix | undefined = parsePrefix(text);
  if (prefix === undefined) return undefined;
  const canonical = formatPrefix(prefix);
  const asWritten = canonicalAddress(text.slice(0, text.indexOf('/')));
  const address = canonicalAddress(canonical.slice(0, canonical.indexOf('/')))!;
  if (asWritten !== address) return undefined;
  return { text: canonical, address, length: prefix.length };
}
