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
