import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Phase, Scenario, SpeakerGroup } from '@peerloom/load';
import { freePort } from '../interop/speakers/port.ts';
import { type SpeakerProcess, until } from '../interop/speakers/process.ts';

let networks = 0;

/** Loopback addresses that no other test process uses at the same time: `127.<x>.<y>` of `/24`s. */
export function network(): string {
  networks += 1;
  return `127.${192 + (process.pid % 48)}.${networks}`;
}

/** Where a device under test is to be, and who will call it. */
export interface Place {
  readonly address: string;
  readonly port: number;
  /** Where sources and sinks are: `.1` and up, AS 65001; `.129` and up, AS 66001. */
  readonly network: string;
  /** An empty folder of its own. */
  readonly directory: string;
}

/** Starts a daemon in AS 65000 that lets the tester's speakers in. */
export type StartDevice = (place: Place) => SpeakerProcess;

/** A device under test that runs. */
export interface Transit extends Omit<Place, 'directory'>, AsyncDisposable {
  readonly pid: number;
}

/** Starts a device and waits until it listens. */
export async function startTransit(start: StartDevice): Promise<Transit> {
  const prefix = network();
  const address = `${prefix}.254`;
  const port = await freePort(address);
  const directory = mkdtempSync(join(tmpdir(), 'peerloom-load-'));
  chmodSync(directory, 0o755);
  const place = { address, port, network: prefix };
  const daemon = start({ ...place, directory });
  const dispose = async (): Promise<void> => {
    await daemon.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await until(
      'the device listens',
      () => accepts(address, port),
      () => daemon.log(),
    );
  } catch (error) {
    await dispose();
    throw error;
  }
  return { ...place, pid: daemon.pid, [Symbol.asyncDispose]: dispose };
}

async function accepts(address: string, port: number): Promise<boolean> {
  const socket = connect(port, address);
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}

const group: Omit<SpeakerGroup, 'role' | 'count' | 'localAs' | 'routerId'> = {
  addressStep: 1,
  asStep: 0,
  holdTime: 90,
  families: ['ipv4-unicast'],
  nextHopIpv6: '2001:db8::1',
  extendedMessage: false,
  passive: false,
  listenPort: 179,
};

/** A scenario against a device: sources in AS 65001, sinks in AS 66001. */
export function scenario(
  device: Pick<Transit, 'address' | 'port' | 'network'> & { readonly pid?: number },
  sources: number,
  sinks: number,
  phases: readonly Phase[],
  more: Partial<Scenario> = {},
): Scenario {
  const { address, port, pid } = device;
  const speakers: SpeakerGroup[] = [
    {
      ...group,
      role: 'source',
      count: sources,
      localAs: 65_001,
      sourceAddress: `${device.network}.1`,
      routerId: '10.1.0.1',
    },
    {
      ...group,
      role: 'sink',
      count: sinks,
      localAs: 66_001,
      sourceAddress: `${device.network}.129`,
      routerId: '10.2.0.1',
    },
  ];
  return {
    name: 'test',
    target: { address, port, ...(pid !== undefined && { pid }) },
    speakers: speakers.filter(({ count }) => count > 0),
    routes: {
      kind: 'generated',
      prefixes: 200,
      ipv6Prefixes: 0,
      distribution: 'disjoint',
      overlap: 0.5,
    },
    seed: 1,
    phases,
    expect: { oracle: true, transparent: false },
    thresholds: [],
    workers: 1,
    ...more,
  };
}
