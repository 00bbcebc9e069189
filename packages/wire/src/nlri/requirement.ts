// What encoders ask of the values that a caller hands them. Each throws a `WireError` that names the
// value and what would be right.

import type { Nlri } from '../nlri.ts';
import { parseEsi, parseMac } from '../text/hex.ts';
import { type Prefix, parseAddress, parsePrefix } from '../text/prefix.ts';
import { parseRouteDistinguisher } from '../text/routeDistinguisher.ts';
import { WireError } from '../wireError.ts';

/** The error for a value that is not what it must be. */
export function badValue(what: string, value: unknown, right: string): WireError {
  return new WireError('ERR_WIRE_BAD_VALUE', `${what} ${String(value)}: must be ${right}`);
}

function present<T>(parsed: T | undefined, what: string, text: string, right: string): T {
  if (parsed === undefined) throw badValue(what, `"${text}"`, right);
  return parsed;
}

/** Throws unless `nlri` is of the kind that the family carries. */
export function requireKind<K extends Nlri['kind']>(
  nlri: Nlri,
  kind: K,
): asserts nlri is Extract<Nlri, { kind: K }> {
  if (nlri.kind !== kind) {
    throw new WireError(
      'ERR_WIRE_WRONG_FAMILY',
      `NLRI of kind ${nlri.kind}: the address family carries ${kind}`,
    );
  }
}

/** The prefix in `text`, of IPv4 (32) or IPv6 (128). */
export function requirePrefix(text: string, addressBits: number): Prefix {
  const version = addressBits === 32 ? 'IPv4' : 'IPv6';
  const prefix = parsePrefix(text);
  return present(
    prefix?.bytes.length === addressBits / 8 ? prefix : undefined,
    'prefix',
    text,
    `an ${version} address, a slash and a length 0–${addressBits}`,
  );
}

/** The 4 or 16 octets of an address. */
export function requireAddress(text: string): Uint8Array {
  return present(parseAddress(text), 'address', text, 'an IPv4 or IPv6 address');
}

/** The eight octets of a route distinguisher. */
export function requireRouteDistinguisher(text: string): Uint8Array {
  return present(
    parseRouteDistinguisher(text),
    'route distinguisher',
    text,
    'like 65000:100, 192.0.2.1:7 or 70000:7',
  );
}

/** The six octets of a MAC address. */
export function requireMac(text: string): Uint8Array {
  return present(parseMac(text), 'MAC address', text, 'six octets like 02:00:5e:10:00:01');
}

/** The ten octets of an Ethernet Segment Identifier. */
export function requireEsi(text: string): Uint8Array {
  return present(parseEsi(text), 'Ethernet Segment Identifier', text, 'ten octets with colons');
}
