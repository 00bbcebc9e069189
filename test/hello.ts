import { encodeKeepalive, encodeOpen } from '@peerloom/wire';

/**
 * OPEN and KEEPALIVE of a speaker of IPv4 unicast: all that it must say to bring a session up.
 *
 * @param as - 1–65535
 * @param holdTime - seconds
 */
export function encodeHello(as: number, holdTime: number, bgpIdentifier: string): Uint8Array {
  const open = encodeOpen({
    kind: 'open',
    version: 4,
    myAs: as,
    holdTime,
    bgpIdentifier,
    capabilities: [
      { type: 'multiprotocol', afi: 1, safi: 1 },
      { type: 'fourOctetAs', as },
    ],
  });
  return Buffer.concat([open, encodeKeepalive()]);
}
