import type { PeerHandler } from '@peerloom/actor';

/** Milliseconds that each UPDATE takes. */
const each = 2;

const handler: PeerHandler = {
  onUpdate() {
    const until = performance.now() + each;
    while (performance.now() < until);
  },
};

export default handler;
