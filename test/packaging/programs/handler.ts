// A handler module: it runs where the actors run, and announces a route of its own to each peer, which
// tells whether that is a thread of theirs.

import { isMainThread } from 'node:worker_threads';
import type { PeerHandler } from '@peerloom/supervisor';

const network = isMainThread ? '192.0.2' : '198.18.0';

const handler: PeerHandler = {
  onSessionUp(session) {
    session.announce([{ prefix: `${network}.${session.peer.localAs - 65_000}/32` }]);
  },
};

export default handler;
