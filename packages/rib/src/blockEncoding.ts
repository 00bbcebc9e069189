import type { UpdateOptions } from '@peerloom/wire';

/** How blocks of announcements are encoded, whatever session they will go out on: with 4-octet AS numbers. */
export const blockEncoding: UpdateOptions = {
  fourOctetAs: true,
  maximumReceiveLength: 65535,
  maximumSendLength: 65535,
  families: new Set(),
  addPathReceive: new Set(),
  addPathSend: new Set(),
  extendedNextHop: new Set(),
  peerType: 'internal',
};
