// A handler module: it runs where the actors run, and announces a route of its own to each peer.

import type { PeerHandler } from '@peerloom/supervisor';

const handler: PeerHandler = {
  onSessionUp(session) {
    session.announce([{ prefix: `192.0.2.${session.peer.localAs - 65_000}/32` }]);
  },
};

export default handler;
