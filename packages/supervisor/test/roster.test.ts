import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, vi } from 'vitest';
import { DescriptorBudget } from '../src/descriptorBudget.ts';
import { Gate } from '../src/gate.ts';
import { Listeners } from '../src/listeners.ts';
import { resolvePeerOptions } from '../src/resolvePeerOptions.ts';
import { Roster } from '../src/roster.ts';
import { Supervisor } from '../src/supervisor.ts';

vi.setConfig({ testTimeout: 20_000 });

it('a peer that is removed leaves nothing of its connections with the host', async () => {
  const defaults = { routerId: '192.0.2.1', localAs: 65_001 };
  const supervisor = new Supervisor(defaults, 0);
  const { actors, pool, peers, traffic } = supervisor;
  const listeners = new Listeners(
    (socket) => gate.onConnection(socket),
    () => {},
  );
  const roster = new Roster(supervisor, listeners);
  const gate = new Gate(supervisor, actors, traffic, new DescriptorBudget(), roster);
  supervisor.onReady = gate.onReady;
  await listeners.open([{ address: '127.0.0.1', port: 0 }]);
  await pool.start();
  const [slot] = pool.slots;
  try {
    for (let turn = 0; turn < 5; turn++) {
      const neighbor = { address: '127.0.0.9', remoteAs: 65_009, passive: true };
      const record = await roster.enter(resolvePeerOptions(defaults, neighbor));
      await roster.start([record]);
      const { port } = listeners.addresses[0]!;
      const socket = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.9' });
      await once(socket, 'connect');
      await expect.poll(() => slot!.link!.connections.size).toBe(1);
      await roster.remove(record, '');
      socket.resume().end();
      await once(socket, 'close');
    }
    await expect.poll(() => traffic.size).toBe(0);
    expect(slot!.link!.connections.size).toBe(0);
    expect(slot!.peers.size).toBe(0);
    expect([...peers.all()]).toEqual([]);
  } finally {
    roster.stop();
    listeners.close();
    await pool.close('');
  }
});
