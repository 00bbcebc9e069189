import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addressAfter } from '@peerloom/load';
import { describe, expect, it } from 'vitest';
import { freePort } from '../interop/speakers/port.ts';
import type { DeviceSetup } from './comparison/devices/device.ts';
import { allDevices, exabgp, missingOf } from './comparison/devices/devices.ts';
import { deviceAs, neighbours } from './comparison/workload.ts';

/** Whether a neighbour that connects from `source` is sent an OPEN (RFC 4271 §4.1, type 1) before anything else. */
async function isWelcome(source: string, { address, port }: DeviceSetup): Promise<boolean> {
  const socket = connect({ host: address, port, localAddress: source });
  const header = Buffer.alloc(19);
  let filled = 0;
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      filled += chunk.copy(header, filled);
      if (filled === header.length) return header[18] === 1;
    }
    return false;
  } catch {
    // Refused by a reset.
    return false;
  } finally {
    socket.destroy();
  }
}

describe.for(
  allDevices.filter((device) => device.only === undefined && missingOf(device) === undefined),
)('$name', (device) => {
  it.for([
    ['a range, accepts whoever is of it', false],
    ['a list, accepts nobody else', true],
  ] as const)('with %s', async ([, listed]) => {
    const listsAlways = device === exabgp;
    const directory = mkdtempSync(join(tmpdir(), 'peerloom-bench-test-'));
    const address = '127.0.0.1';
    const setup: DeviceSetup = {
      directory,
      address,
      port: await freePort(address),
      localAs: deviceAs,
      peers: 2,
      peerAs: neighbours.as,
      firstPeer: neighbours.first,
      peerRange: neighbours.range,
      listed,
      holdTime: 90,
    };
    try {
      const running = await device.start(setup);
      try {
        expect(await isWelcome(addressAfter(neighbours.first, 1), setup)).toBe(true);
        expect(await isWelcome(addressAfter(neighbours.first, 2), setup)).toBe(
          !listed && !listsAlways,
        );
      } finally {
        await running.stop();
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
