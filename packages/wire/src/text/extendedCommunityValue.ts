// Notations of the six value octets of extended communities that are more than an administrator and a
// number. `format` gives up (`undefined`) where reserved bits are set, so that nothing is lost in text.

import { formatMac, parseMac } from './hex.ts';
import { formatIpv4, parseIpv4 } from './ipv4.ts';
import { parseDecimal, readU16, readU24, readU32, storeNumber } from './number.ts';

interface ValueNotation {
  readonly format: (bytes: Uint8Array, at: number) => string | undefined;
  readonly parse: (text: string) => Uint8Array | undefined;
}

/** Eight octets with numbers in some of them; `undefined` when one of the numbers is. */
function pack(
  ...fields: readonly [offset: number, octets: number, value: number | undefined][]
): Uint8Array | undefined {
  const bytes = new Uint8Array(8);
  for (const [offset, octets, value] of fields) {
    if (value === undefined) return undefined;
    storeNumber(bytes, offset, octets, value);
  }
  return bytes;
}

function areZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] !== 0) return false;
  return true;
}

/** The parts between colons, when there are exactly `count`. */
function split(text: string, count: number): string[] | undefined {
  const parts = text.split(':', count + 1);
  return parts.length === count ? parts : undefined;
}

/** All six octets zero: the name says everything. */
export const nothing: ValueNotation = {
  format: (bytes, at) => (areZero(bytes, at, at + 6) ? '' : undefined),
  parse: (text) => (text === '' ? new Uint8Array(8) : undefined),
};

/** A 2-octet AS number and a rate per second in IEEE 754 single precision: `65000:125000000` (RFC 8955 §7.1). */
export const rate: ValueNotation = {
  format: (bytes, at) => {
    const value = new DataView(bytes.buffer, bytes.byteOffset).getFloat32(at + 2);
    const isPlain = Number.isFinite(value) && value >= 0 && !Object.is(value, -0);
    return isPlain ? `${readU16(bytes, at)}:${value}` : undefined;
  },
  parse: (text) => {
    const [as, value] = split(text, 2) ?? [];
    if (as === undefined || value === undefined) return undefined;
    if (!/^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value)) return undefined;
    const single = Math.fround(Number(value));
    const bytes = pack([2, 2, parseDecimal(as, 0xffff)]);
    if (bytes === undefined || !Number.isFinite(single)) return undefined;
    new DataView(bytes.buffer).setFloat32(4, single);
    return bytes;
  },
};

/** `0.0.0.1:5:0`: area, route type, options. */
export const ospfRouteType: ValueNotation = {
  format: (bytes, at) => `${formatIpv4(readU32(bytes, at))}:${bytes[at + 4]!}:${bytes[at + 5]!}`,
  parse: (text) => {
    const [area, type, options] = split(text, 3) ?? [];
    if (area === undefined || type === undefined || options === undefined) return undefined;
    return pack(
      [2, 4, parseIpv4(area)],
      [6, 1, parseDecimal(type, 0xff)],
      [7, 1, parseDecimal(options, 0xff)],
    );
  },
};

/** `100`, or `1:100` with the Color-Only bits of RFC 9256 §8.8.1 (1–3). */
export const color: ValueNotation = {
  format: (bytes, at) => {
    const flags = readU16(bytes, at);
    if ((flags & 0x3fff) !== 0) return undefined;
    const value = readU32(bytes, at + 2);
    return flags === 0 ? `${value}` : `${flags >>> 14}:${value}`;
  },
  parse: (text) => {
    const parts = text.split(':', 3);
    if (parts.length > 2) return undefined;
    const colorOnly = parts.length === 2 ? parseDecimal(parts[0]!, 3) : 0;
    return pack(
      [2, 2, colorOnly === undefined ? undefined : colorOnly << 14],
      [4, 4, parseDecimal(parts.at(-1)!, 0xffffffff)],
    );
  },
};

const tunnelTypes: ReadonlyMap<number, string> = new Map([
  [1, 'l2tpv3'],
  [2, 'gre'],
  [7, 'ip-in-ip'],
  [8, 'vxlan'],
  [9, 'nvgre'],
  [10, 'mpls'],
  [11, 'mpls-in-gre'],
  [12, 'vxlan-gpe'],
  [13, 'mpls-in-udp'],
  [19, 'geneve'],
]);
const tunnelNumbers: ReadonlyMap<string, number> = new Map(
  [...tunnelTypes].map(([number, name]) => [name, number]),
);

/** `vxlan`, or the number of the tunnel type (IANA "BGP Tunnel Encapsulation Attribute Tunnel Types"). */
export const encapsulation: ValueNotation = {
  format: (bytes, at) => {
    if (!areZero(bytes, at, at + 4)) return undefined;
    const type = readU16(bytes, at + 4);
    return tunnelTypes.get(type) ?? `${type}`;
  },
  parse: (text) => pack([6, 2, tunnelNumbers.get(text) ?? parseDecimal(text, 0xffff)]),
};

const validationStates: readonly string[] = ['valid', 'not-found', 'invalid'];

/** `valid`, `not-found` or `invalid`. */
export const originValidation: ValueNotation = {
  format: (bytes, at) =>
    areZero(bytes, at, at + 5) ? validationStates[bytes[at + 5]!] : undefined,
  parse: (text) => {
    const state = validationStates.indexOf(text);
    return state < 0 ? undefined : pack([7, 1, state]);
  },
};

/** `5` or `5:sticky`: the sequence number. */
export const macMobility: ValueNotation = {
  format: (bytes, at) => {
    if (bytes[at]! > 1 || bytes[at + 1] !== 0) return undefined;
    return `${readU32(bytes, at + 2)}${bytes[at] === 1 ? ':sticky' : ''}`;
  },
  parse: (text) => {
    const isSticky = text.endsWith(':sticky');
    const sequence = isSticky ? text.slice(0, -':sticky'.length) : text;
    return pack([2, 1, isSticky ? 1 : 0], [4, 4, parseDecimal(sequence, 0xffffffff)]);
  },
};

/** `1600:single-active` or `1600:all-active`: the 24-bit label field as sent, and the redundancy mode. */
export const esiLabel: ValueNotation = {
  format: (bytes, at) => {
    if (bytes[at]! > 1 || !areZero(bytes, at + 1, at + 3)) return undefined;
    return `${readU24(bytes, at + 3)}:${bytes[at] === 1 ? 'single' : 'all'}-active`;
  },
  parse: (text) => {
    const [label, mode] = split(text, 2) ?? [];
    if (label === undefined || (mode !== 'single-active' && mode !== 'all-active')) {
      return undefined;
    }
    return pack([2, 1, mode === 'single-active' ? 1 : 0], [5, 3, parseDecimal(label, 0xffffff)]);
  },
};

/** A MAC address. */
export const mac: ValueNotation = {
  format: (bytes, at) => formatMac(bytes, at),
  parse: (text) => {
    const octets = parseMac(text);
    if (octets === undefined) return undefined;
    const bytes = new Uint8Array(8);
    bytes.set(octets, 2);
    return bytes;
  },
};

const trafficActions: readonly string[] = ['none', 'terminal', 'sample', 'sample,terminal'];

/**
 * `sample`, `terminal`, `sample,terminal` or `none`: the S and T bits. Note that T *set* lets later
 * rules be evaluated too (RFC 8955 §7.3).
 */
export const trafficAction: ValueNotation = {
  format: (bytes, at) => (areZero(bytes, at, at + 5) ? trafficActions[bytes[at + 5]!] : undefined),
  parse: (text) => {
    const bits = trafficActions.indexOf(text);
    return bits < 0 ? undefined : pack([7, 1, bits]);
  },
};

/** The DSCP to write, 0–63. */
export const trafficMarking: ValueNotation = {
  format: (bytes, at) =>
    areZero(bytes, at, at + 5) && bytes[at + 5]! < 64 ? `${bytes[at + 5]!}` : undefined,
  parse: (text) => pack([7, 1, parseDecimal(text, 63)]),
};
