import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { type HostControl, ToHostWriter, ToSupervisorReader } from '@peerloom/ipc';
import { type Remote, wrap } from 'comlink';
import { expect, it } from 'vitest';
import { peerOptions } from './testHost.ts';

it('runs in a worker thread, answers over Comlink, takes mail, and ends when told to', async () => {
  const entry = new URL('../src/worker.ts', import.meta.url).href;
  const control = new MessageChannel();
  const mail = new MessageChannel();
  const bootstrap = `
    import(${JSON.stringify(entry)}).then(async ({ default: task }) => {
      const { workerData } = await import('node:worker_threads');
      await task(workerData);
    });
  `;
  const worker = new Worker(bootstrap, {
    eval: true,
    execArgv: ['--conditions=peerloom-source'],
    workerData: { control: control.port2, mail: mail.port2 },
    transferList: [control.port2, mail.port2],
  });
  const exited = once(worker, 'exit');
  const host = wrap(control.port1) as unknown as Remote<HostControl>;
  const options = peerOptions();
  const { address } = options;
  const refused = [{ peer: 3, why: 'the host has a peer 3 already' }];
  expect(await host.spawn([{ peer: 1, address, options }])).toEqual([]);
  // Options that are left out are those of the request before.
  expect(await host.spawn([2, 3, 3].map((peer) => ({ peer, address })))).toEqual(refused);
  expect(await host.snapshot(2)).toMatchObject([{ peer: 2, localAs: options.localAs }]);
  expect(await host.snapshot(1)).toMatchObject([{ peer: 1, state: 'Idle' }]);

  const answers: unknown[] = [];
  const answered = new Promise<void>((resolve) => {
    mail.port1.on('message', (batch: Uint8Array) => {
      const reader = new ToSupervisorReader();
      reader.open(batch);
      while (reader.next()) answers.push(reader.message);
      if (answers.some((answer) => (answer as { kind?: string }).kind === 'dial')) resolve();
    });
  });
  const writer = new ToHostWriter();
  writer.message({ kind: 'command', peer: 1, action: 1, text: '' });
  const batch = writer.take()!;
  mail.port1.postMessage(batch, [batch.buffer]);
  await answered;
  expect(answers).toContainEqual({ kind: 'dial', peer: 1, dial: 1 });

  expect((await host.usage()).mailboxDelay.max).toBeLessThan(5000);
  await expect(host.snapshot(7)).rejects.toThrow('no peer 7');
  await host.stop();
  expect((await exited)[0]).toBe(0);
  mail.port1.close();
  control.port1.close();
}, 20_000);
