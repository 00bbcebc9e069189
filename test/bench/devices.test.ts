import { connect } from 'node:net';
import { addressAfter } from '@peerloom/load';
import { describe, expect, it } from 'vitest';
import { describeInterop } from '../interop/availability.ts';
import { patience, until } from '../interop/speakers/process.ts';
import type { Device, DeviceSetup } from './comparison/devices/device.ts';
import { allDevices, exabgp, oneWorker } from './comparison/devices/devices.ts';
import { withDevice } from './comparison/devices/running.ts';
import { neighbours } from './comparison/workload.ts';

/** Whether a neighbour that connects from `source` is sent an OPEN (RFC 4271 §4.1, type 1) before anything else. */
async function isWelcome(source: string, { address, port }: DeviceSetup): Promise<boolean> {
  const socket = connect({ host: address, port, localAddress: source });
  socket.setTimeout(patience, () =>
    socket.destroy(new Error(`${source} was neither answered nor refused`)),
  );
  const header = Buffer.alloc(19);
  let filled = 0;
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      filled += chunk.copy(header, filled);
      if (filled === header.length) return header[18] === 1;
    }
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return false;
    throw error;
  } finally {
    socket.destroy();
  }
}

/** Whether a device with three neighbours sends an OPEN to them, and to one more of their range. */
async function welcomes(
  device: Device,
  listed: boolean,
): Promise<{ neighbour: boolean; another: boolean }> {
  const [, second, last, another] = [0, 1, 2, 3].map((index) =>
    addressAfter(neighbours.first, index),
  );
  return await withDevice(device, { peers: 3, listed, holdTime: 90 }, async (running, setup) => {
    // It may answer its user before it has all of its configuration.
    await until(
      `${device.name} welcomes its neighbour`,
      () => isWelcome(last!, setup),
      () => running.log(),
    );
    // Another one first: whether it is still there is seen from the neighbour.
    return {
      another: await isWelcome(another!, setup),
      neighbour: await isWelcome(second!, setup),
    };
  });
}

/** What holds for every device of the comparison. */
function itKnowsItsNeighbours(device: Device): void {
  it('accepts nobody but those that are listed', async () => {
    expect(await welcomes(device, true)).toEqual({ neighbour: true, another: false });
  });

  // ExaBGP's neighbours are always listed.
  if (device === exabgp) return;
  it('accepts everybody of a range', async () => {
    expect(await welcomes(device, false)).toEqual({ neighbour: true, another: true });
  });
}

describe(oneWorker.name, () => itKnowsItsNeighbours(oneWorker));

for (const device of allDevices) {
  const { name, programs, debianPackage } = device;
  if (debianPackage === undefined) continue;
  describeInterop(name, programs, debianPackage, () => itKnowsItsNeighbours(device));
}
