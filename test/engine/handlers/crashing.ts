import type { PeerHandler } from '@peerloom/actor';

/** Announce one of these to make the worker fail in that way. */
const failures: Readonly<Record<string, () => void>> = {
  '192.0.2.1/32': () => {
    const hoard: unknown[] = [];
    for (;;) hoard.push(Array.from({ length: 100_000 }, () => hoard.length));
  },
  '192.0.2.2/32': () => process.exit(3),
  '192.0.2.3/32': () => {
    setImmediate(() => {
      throw new Error('nobody caught me');
    });
  },
  '192.0.2.4/32': () => {
    void Promise.reject(new Error('nobody awaited me'));
  },
  '192.0.2.5/32': () => {
    throw new Error('the handler failed');
  },
  '192.0.2.6/32': () => {
    for (;;);
  },
};

const handler: PeerHandler = {
  onUpdate(_, update) {
    const decoded = update.decode();
    if (!decoded.ok) return;
    for (const nlri of decoded.message.nlri) {
      if ('prefix' in nlri) failures[nlri.prefix]?.();
    }
  },
};

export default handler;
