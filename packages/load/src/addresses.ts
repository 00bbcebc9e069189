import { isIPv6 } from 'node:net';
import { formatAddress, parseAddress } from '@peerloom/wire';

/** The address `distance` after `first`: 127.0.0.254 is followed by 127.0.0.255 and 127.0.1.0. */
export function addressAfter(first: string, distance: number): string {
  const bytes = parseAddress(first);
  if (bytes === undefined) throw new Error(`${first} is no IPv4 or IPv6 address`);
  let carry = distance;
  for (let i = bytes.length - 1; i >= 0 && carry > 0; i--) {
    const sum = bytes[i]! + carry;
    bytes[i] = sum & 0xff;
    carry = Math.floor(sum / 256);
  }
  return formatAddress(bytes);
}

/** `127.0.0.1:179` or `[::1]:179`. */
export function endpointText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Why no connection can be between a source address and the target; `undefined` where one can be. */
export function familyMismatch(source: string | undefined, target: string): string | undefined {
  if (source === undefined || isIPv6(source) === isIPv6(target)) return undefined;
  const [own, other] = isIPv6(source) ? ['IPv6', 'IPv4'] : ['IPv4', 'IPv6'];
  return `is ${source}, an ${own} address, and cannot reach the ${other} target ${target}; give an ${other} address of this machine`;
}
