import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { addressAfter } from '@peerloom/load';
import type { DeviceSetup } from './devices/device.ts';

/** A neighbour that floods, at work on one device. */
export class Flood {
  /** Its session had ended before it was to. */
  wasLost = false;
  readonly #child: ChildProcess;

  /** Has it connect from the address after all others, and begin. */
  constructor({ address, port, firstPeer, peers, peerAs }: DeviceSetup) {
    const program = fileURLToPath(new URL('floodProcess.ts', import.meta.url));
    const own = addressAfter(firstPeer, peers - 1);
    this.#child = fork(program, [address, String(port), own, String(peerAs)], {
      execArgv: ['--no-warnings'],
    });
  }

  /** Ends it. */
  async end(): Promise<void> {
    this.wasLost = this.#child.exitCode !== null || this.#child.signalCode !== null;
    if (this.wasLost) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
