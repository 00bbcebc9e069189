import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { encodeKeepalive, encodeOpen, MessageType } from '@peerloom/wire';
import { now } from '../measure/clock.ts';
import type { SpeakerPlan } from '../plan.ts';
import { defaultGroup } from '../scenario.ts';
import type { HostSetup } from './hostControl.ts';
import { openCapabilities } from './openCapabilities.ts';
import { countOf, makeRunMemory } from './runMemory.ts';
import { SpeakerHost } from './speakerHost.ts';

/** Sessions after which most of the code that brings one up is compiled; both ends of each are in this process. */
const sessions = 1000;
/** Speakers of a thread for which that is worth its while, and whose descriptors suffice for it. */
const worthwhile = 2 * sessions;
const concurrency = 50;
/** Milliseconds after which it is given up: a machine that is so slow has other worries. */
const usualPatience = 2000;
const address = '127.0.0.1';

/**
 * Brings sessions up with a peer in this very thread, and ends them, before any count. The first thousand
 * sessions of a thread cost it half as much again as the later ones, while their code is being compiled: CPU
 * that a device on the same machine lacks, and times of the tester's own in the device's percentiles.
 *
 * @param patience milliseconds after which it is given up
 * @returns how many came up; 0 in a run that is too small for it, and where there is no IPv4 on loopback
 */
export async function rehearse(
  { scenario, plans, ...setup }: HostSetup,
  patience: number = usualPatience,
): Promise<number> {
  if (plans.length < worthwhile) return 0;
  const cast = plans.slice(0, sessions).map(standIn);
  const memory = makeRunMemory(cast.length, 0, undefined);
  const server = createServer({ noDelay: true });
  const host = new SpeakerHost();
  try {
    await once(server.listen(0, address), 'listening');
    answer(server, cast[0]!);
    const { port } = server.address() as AddressInfo;
    const target = { address, port };
    host.setUp({
      ...setup,
      scenario: { ...scenario, target },
      plans: cast,
      memory,
      table: undefined,
    });
    host.establish(concurrency);
    const deadline = now() + patience;
    while (countOf(memory.states, 5) < cast.length && now() < deadline) {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
    return countOf(memory.states, 5);
  } catch {
    // Nothing but the speed of the first sessions depends on it.
    return 0;
  } finally {
    await host.shutDown();
    server.close();
  }
}

/** A peer that says no more than brings a session up, and is gone when told to go. */
function answer(server: Server, speaker: SpeakerPlan): void {
  const open = encodeOpen({
    kind: 'open',
    version: 4,
    myAs: 23_456,
    holdTime: 180,
    bgpIdentifier: address,
    capabilities: openCapabilities(speaker),
  });
  const greeting = Buffer.concat([open, encodeKeepalive()]);
  server.on('connection', (socket) => {
    let greeted = false;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (!greeted) socket.write(greeting);
      greeted = true;
      if (chunk[18] === MessageType.notification) socket.resetAndDestroy();
    });
  });
}

/** Somebody like the speaker, who neither announces nor keeps routes. */
function standIn({ group, ...plan }: SpeakerPlan, index: number): SpeakerPlan {
  const { routerId, holdTime, families, extendedMessage } = group;
  return {
    ...plan,
    index,
    source: -1,
    sink: -1,
    sourceAddress: address,
    group: { ...defaultGroup, routerId, holdTime, families, extendedMessage },
  };
}
