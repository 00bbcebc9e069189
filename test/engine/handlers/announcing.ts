import type { PeerHandler } from '@peerloom/actor';

const handler: PeerHandler = {
  onSessionUp(session) {
    session.announce([{ prefix: '203.0.113.0/24' }]);
  },
};

export default handler;
