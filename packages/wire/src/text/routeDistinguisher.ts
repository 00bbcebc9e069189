import {
  type AdministratorForm,
  formatAdministrator,
  parseAdministrator,
} from './administrator.ts';
import { formatHex, parseHex } from './hex.ts';
import { readU16 } from './number.ts';

/**
 * A route distinguisher (RFC 4364 §4.2), eight octets from `offset` on: type 0 as `65000:100`, type 1 as
 * `192.0.2.1:7`, type 2 as `70000:7` (`65000L:7` for an AS number below 65536), any other type in
 * hexadecimal, `0x` and 16 digits.
 */
export function formatRouteDistinguisher(bytes: Uint8Array, offset: number = 0): string {
  const type = readU16(bytes, offset);
  return type <= 2
    ? formatAdministrator(type as AdministratorForm, bytes, offset + 2)
    : `0x${formatHex(bytes, offset, offset + 8)}`;
}

/** The eight octets of a route distinguisher in one of the forms of `formatRouteDistinguisher`; `undefined` for anything else. */
export function parseRouteDistinguisher(text: string): Uint8Array | undefined {
  if (text.startsWith('0x')) return text.length === 18 ? parseHex(text.slice(2)) : undefined;
  const parsed = parseAdministrator(text);
  if (parsed === undefined) return undefined;
  parsed.bytes[1] = parsed.form;
  return parsed.bytes;
}
