// Ends its worker when a certain neighbour comes up, and costs nothing until then.

import type { PeerHandler } from '@peerloom/actor';

/** Who that is. */
export const lethalNeighbour = '127.1.255.1';

const handler: PeerHandler = {
  onSessionUp(session) {
    if (session.peer.address === lethalNeighbour) process.exit(1);
  },
};

export default handler;
