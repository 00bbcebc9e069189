import type { EncodedAnnouncement } from '@peerloom/ipc';
import {
  ByteWriter,
  blockOptions,
  encodeNlri,
  encodePathAttributes,
  type PathAttribute,
  parseFamilyName,
  parseNlri,
} from '@peerloom/wire';

/** A route of any family, its NLRI as `formatNlri` writes it. */
export function encodedRoute(
  family: string,
  nlri: string,
  attributes: readonly PathAttribute[] = [],
  nextHop: Uint8Array = new Uint8Array(0),
): EncodedAnnouncement {
  const key = parseFamilyName(family);
  const parsed = key === undefined ? undefined : parseNlri(nlri, key);
  if (key === undefined || parsed === undefined) throw new Error(`no ${family} route: ${nlri}`);
  const writer = new ByteWriter();
  encodeNlri(writer, parsed, key, false, 'reach');
  return {
    family,
    attributes: encodePathAttributes(
      [{ type: 'origin', origin: 'igp' }, { type: 'asPath', segments: [] }, ...attributes],
      blockOptions,
    ),
    nextHop,
    nlri: writer.toBytes(),
  };
}
