import { createEngine, PeerloomError } from '@peerloom/supervisor';

// Run as root: gives up its rights, and tries to listen on the BGP port.
process.setgid!(65_534);
process.setuid!(65_534);
try {
  await createEngine({
    routerId: '192.0.2.1',
    localAs: 65_001,
    workers: 0,
    listen: [{ address: '127.0.0.1' }],
  });
} catch (error) {
  if (!(error instanceof PeerloomError)) throw error;
  process.stdout.write(`${JSON.stringify({ code: error.code, message: error.message })}\n`);
}
