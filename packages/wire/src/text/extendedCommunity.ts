import { extendedCommunityForms, formByName } from './extendedCommunityForm.ts';
import { formatHex, parseHex } from './hex.ts';
import { readU16 } from './number.ts';

/**
 * An extended community (RFC 4360), eight octets from `offset` on, in the notation that people know:
 * a name, a colon and a value, `target:65000:1`, `origin:192.0.2.1:7`, `traffic-rate:0:0`, `color:100`,
 * `encapsulation:vxlan`, `mac-mobility:5`. One of a type without a notation here, or whose reserved
 * bits are set, is `0x` and 16 hexadecimal digits, so that every community can be written back.
 */
export function formatExtendedCommunity(bytes: Uint8Array, offset: number = 0): string {
  const form = extendedCommunityForms.get(readU16(bytes, offset));
  const value = form?.format(bytes, offset + 2);
  if (form === undefined || value === undefined) {
    return `0x${formatHex(bytes, offset, offset + 8)}`;
  }
  return value === '' ? form.name : `${form.name}:${value}`;
}

/**
 * The eight octets of an extended community in one of the forms of `formatExtendedCommunity`, or with
 * `rt` for `target`, `ro` or `soo` for `origin`; `undefined` for anything else.
 */
export function parseExtendedCommunity(text: string): Uint8Array | undefined {
  if (text.startsWith('0x')) return text.length === 18 ? parseHex(text.slice(2)) : undefined;
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const value = colon < 0 ? '' : text.slice(colon + 1);
  for (const { type, form } of formByName(name)) {
    const bytes = form.parse(value, type);
    if (bytes !== undefined) {
      bytes[0] = type >>> 8;
      bytes[1] = type;
      return bytes;
    }
  }
  return undefined;
}
