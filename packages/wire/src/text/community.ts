import type { LargeCommunity } from '../pathAttribute.ts';
import { parseDecimal } from './number.ts';

/** The well-known communities and the names people know them by (IANA "BGP Well-known Communities"). */
export const WellKnownCommunity = {
  'graceful-shutdown': 0xffff0000, // RFC 8326
  'accept-own': 0xffff0001, // RFC 7611
  'route-filter-translated-v4': 0xffff0002,
  'route-filter-v4': 0xffff0003,
  'route-filter-translated-v6': 0xffff0004,
  'route-filter-v6': 0xffff0005,
  'llgr-stale': 0xffff0006, // RFC 9494
  'no-llgr': 0xffff0007, // RFC 9494
  'accept-own-nexthop': 0xffff0008,
  'standby-pe': 0xffff0009, // RFC 9026
  blackhole: 0xffff029a, // RFC 7999
  'no-export': 0xffffff01, // RFC 1997
  'no-advertise': 0xffffff02,
  'no-export-subconfed': 0xffffff03,
  nopeer: 0xffffff04, // RFC 3765
} as const;

const nameOf: ReadonlyMap<number, string> = new Map(
  Object.entries(WellKnownCommunity).map(([name, value]) => [value, name]),
);
const valueOf: ReadonlyMap<string, number> = new Map<string, number>([
  ...Object.entries(WellKnownCommunity),
  ['no-peer', WellKnownCommunity.nopeer],
  ['local-as', WellKnownCommunity['no-export-subconfed']],
]);

/** A community, a 32-bit number, as `65001:100`, or by name where it is well known (`no-export`). */
export function formatCommunity(community: number): string {
  return nameOf.get(community) ?? `${community >>> 16}:${community & 0xffff}`;
}

/**
 * The 32-bit number of `65001:100` or of a well-known name. Besides the names of `WellKnownCommunity`,
 * `no-peer` and `local-as` are understood. `undefined` for anything else.
 */
export function parseCommunity(text: string): number | undefined {
  const wellKnown = valueOf.get(text);
  if (wellKnown !== undefined) return wellKnown;
  const parts = text.split(':', 3);
  if (parts.length !== 2) return undefined;
  const as = parseDecimal(parts[0]!, 0xffff);
  const value = parseDecimal(parts[1]!, 0xffff);
  return as === undefined || value === undefined ? undefined : as * 0x10000 + value;
}

/** A large community as `65000:1:2` (RFC 8092 §4). */
export function formatLargeCommunity(community: LargeCommunity): string {
  return `${community.globalAdministrator}:${community.localData1}:${community.localData2}`;
}

/** The large community of three decimal numbers 0–4294967295 with colons; `undefined` for anything else. */
export function parseLargeCommunity(text: string): LargeCommunity | undefined {
  const parts = text.split(':', 4).map((part) => parseDecimal(part, 0xffffffff));
  const [globalAdministrator, localData1, localData2] = parts;
  if (
    parts.length !== 3 ||
    globalAdministrator === undefined ||
    localData1 === undefined ||
    localData2 === undefined
  ) {
    return undefined;
  }
  return { globalAdministrator, localData1, localData2 };
}
