import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../interop/speakers/port.ts';
import { deviceAs, neighbours } from '../workload.ts';
import type { Device, DeviceSetup, RunningDevice } from './device.ts';

/** Devices that run now, each with its folder. */
const devicesAtWork = new Map<RunningDevice, string>();

/** Ends whatever device is at work: what is left to do when the comparison itself is to end. */
export async function stopDevices(): Promise<void> {
  for (const [device, directory] of devicesAtWork) {
    await device.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Starts a device with a folder and a port of its own, and ends it after its use. Nothing is left behind. */
export async function withDevice<Result>(
  device: Device,
  wanted: Pick<DeviceSetup, 'peers' | 'listed' | 'holdTime' | 'sinks'>,
  use: (running: RunningDevice, setup: DeviceSetup) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'peerloom-bench-'));
  const address = '127.0.0.1';
  const setup: DeviceSetup = {
    directory,
    address,
    port: await freePort(address),
    localAs: deviceAs,
    peerAs: neighbours.as,
    firstPeer: neighbours.first,
    peerRange: neighbours.range,
    ...wanted,
  };
  try {
    const running = await device.start(setup);
    devicesAtWork.set(running, directory);
    try {
      return await use(running, setup);
    } catch (error) {
      const log = running.log().trim().split('\n').slice(-3).join('\n');
      throw new Error(`${(error as Error).message}; the end of its log: ${log}`, { cause: error });
    } finally {
      devicesAtWork.delete(running);
      await running.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
