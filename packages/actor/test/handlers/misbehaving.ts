import { CeaseSubcode, ErrorCode, notification } from '@peerloom/wire';
import type { PeerHandler } from '../../src/index.ts';

/** What happened, for the test that loaded this module into its own thread. */
export const log: string[] = [];

/** A handler that does what the prefix that it sees tells it to. */
const handler: PeerHandler = {
  onOpen(peer, open) {
    log.push(`open ${peer.address} ${open.myAs}`);
    return open.holdTime === 77 ? notification(ErrorCode.open, 6) : undefined;
  },
  onSessionUp(session) {
    log.push(`up ${session.peer.peer} AS ${session.negotiated.remoteAs}`);
  },
  onUpdate(session, update) {
    const result = update.decode();
    if (!result.ok) return undefined;
    for (const nlri of result.message.nlri) {
      if (nlri.kind !== 'prefix') continue;
      log.push(`update ${session.peer.peer} ${nlri.prefix}`);
      if (nlri.prefix === '10.66.0.0/16') throw new Error('I do not like this prefix');
      if (nlri.prefix === '10.67.0.0/16') {
        return notification(ErrorCode.cease, CeaseSubcode.connectionRejected);
      }
    }
    return undefined;
  },
  onSessionDown(session, end) {
    log.push(`down ${session.peer.peer} ${end.error?.name}`);
  },
};

export default handler;
