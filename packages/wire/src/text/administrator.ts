import { formatIpv4, parseIpv4 } from './ipv4.ts';
import { parseDecimal, readU16, readU32, storeNumber } from './number.ts';

/**
 * How six octets are split between an administrator and a number that the administrator assigns:
 * route distinguishers (RFC 4364 §4.2) and the AS- and address-specific extended communities
 * (RFC 4360 §3, RFC 5668 §2) share these three forms, and number them alike.
 */
export const AdministratorForm = { twoOctetAs: 0, ipv4Address: 1, fourOctetAs: 2 } as const;
/** One of the values of `AdministratorForm`. */
export type AdministratorForm = (typeof AdministratorForm)[keyof typeof AdministratorForm];

/**
 * Six octets from `offset` on as `65000:100`, `192.0.2.1:7` or `70000:7`. A 4-octet AS number below
 * 65536 gets an `L`, `65000L:7`, since `65000:7` is the 2-octet one.
 */
export function formatAdministrator(
  form: AdministratorForm,
  bytes: Uint8Array,
  offset: number,
): string {
  if (form === AdministratorForm.twoOctetAs) {
    return `${readU16(bytes, offset)}:${readU32(bytes, offset + 2)}`;
  }
  const administrator = readU32(bytes, offset);
  const assigned = readU16(bytes, offset + 4);
  if (form === AdministratorForm.ipv4Address) return `${formatIpv4(administrator)}:${assigned}`;
  return `${administrator}${administrator > 0xffff ? '' : 'L'}:${assigned}`;
}

/** The form and the six octets of such a text, at `[2, 8)` of eight; the first two are zero. `undefined` for anything else. */
export function parseAdministrator(
  text: string,
): { form: AdministratorForm; bytes: Uint8Array } | undefined {
  const [administrator, assigned, extra] = text.split(':', 3);
  if (administrator === undefined || assigned === undefined || extra !== undefined) {
    return undefined;
  }
  if (administrator.includes('.')) {
    return pack(AdministratorForm.ipv4Address, parseIpv4(administrator), assigned);
  }
  const isMarked = administrator.endsWith('L');
  const as = parseDecimal(isMarked ? administrator.slice(0, -1) : administrator, 0xffffffff);
  const isLong = isMarked || (as !== undefined && as > 0xffff);
  return pack(isLong ? AdministratorForm.fourOctetAs : AdministratorForm.twoOctetAs, as, assigned);
}

function pack(
  form: AdministratorForm,
  administrator: number | undefined,
  assignedText: string,
): { form: AdministratorForm; bytes: Uint8Array } | undefined {
  const octets = form === AdministratorForm.twoOctetAs ? 2 : 4;
  const assigned = parseDecimal(assignedText, octets === 2 ? 0xffffffff : 0xffff);
  if (administrator === undefined || assigned === undefined) return undefined;
  const bytes = new Uint8Array(8);
  storeNumber(bytes, 2, octets, administrator);
  storeNumber(bytes, 2 + octets, 6 - octets, assigned);
  return { form, bytes };
}
