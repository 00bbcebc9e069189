import { createEngine } from '@peerloom/supervisor';

// Run with few file descriptors: takes any neighbour of 127.4.0.0/16, and prints what it counts.
const engine = await createEngine({
  routerId: '192.0.2.1',
  localAs: 65_001,
  workers: 0,
  listen: [{ address: '127.0.0.1', port: 0 }],
  ranges: [{ prefix: '127.4.0.0/16', remoteAs: 'external' }],
  limits: { closeTime: 0.2 },
});

const say = (value: object): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};
say({ port: engine.addresses[0]!.port });

let last: string | undefined;
const events = engine.events();
process.stdin.once('data', () => void engine.close({ text: 'done' }).then(() => process.exit(0)));
setInterval(async () => {
  const { supervisor, connections } = await engine.metrics();
  const state = { connections, refused: supervisor.connectionsRefused.descriptors };
  if (JSON.stringify(state) !== last) say(state);
  last = JSON.stringify(state);
}, 20);
for await (const event of events) if (event.kind === 'refused') say({ text: event.text });
