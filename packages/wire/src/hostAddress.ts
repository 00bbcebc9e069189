/** Whether the IPv4 address that begins with this octet can be a host's: not "this network", multicast or reserved (RFC 1122 §3.2.1.3). */
export function isHostOctet(firstOctet: number): boolean {
  return firstOctet !== 0 && firstOctet < 224;
}

/**
 * Whether the address `bytes[start, end)` can be a host's, and so a next hop (RFC 4271 §6.3). IPv6: neither the
 * unspecified address nor multicast (RFC 4291 §2.5.2, §2.7). Loopback addresses pass: sessions over them are how
 * people try things out.
 */
export function isHostAddress(
  bytes: Uint8Array,
  start: number = 0,
  end: number = bytes.length,
): boolean {
  if (end - start === 4) return isHostOctet(bytes[start]!);
  if (bytes[start] === 0xff) return false;
  for (let at = start; at < end; at += 1) if (bytes[at] !== 0) return true;
  return false;
}
