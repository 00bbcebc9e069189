import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { endpointText } from '../addresses.ts';
import { LoadError } from '../loadError.ts';
import { read } from '../measure/procFs.ts';
import type { SpeakerPlan } from '../plan.ts';
import type { Scenario, Target } from '../scenario.ts';

/** Descriptors that are left for everything that is no session. */
const spareDescriptors = 64;
/** Milliseconds that the target has to answer a plain connection. */
const probePatience = 2000;

/**
 * Looks whether this machine and the target are up to the scenario, before anything starts.
 *
 * @throws LoadError `ERR_LOAD_PREFLIGHT` or `ERR_LOAD_UNREACHABLE`, with the remedy
 */
export async function preflight(scenario: Scenario, plans: readonly SpeakerPlan[]): Promise<void> {
  checkProcess(scenario.target);
  checkPorts(plans.filter(({ group }) => !group.passive));
  await checkAddresses(plans);
  if (plans.some(({ group }) => !group.passive)) await checkTarget(scenario.target);
}

/** Threads for the speakers: what the scenario says, or all cores but one. */
export function workerCount({ workers }: Scenario, speakers: number): number {
  const wanted = workers === 0 ? Math.max(1, availableParallelism() - 1) : workers;
  return Math.max(1, Math.min(wanted, speakers));
}

/**
 * Looks whether so many sessions fit into the file descriptors of this process.
 *
 * @throws LoadError `ERR_LOAD_PREFLIGHT`
 */
export function checkDescriptors({ speakers }: Scenario): void {
  const sessions = speakers.reduce((sum, group) => sum + group.count, 0);
  const listening = speakers.reduce((sum, group) => sum + (group.passive ? group.count : 0), 0);
  const line = /^Max open files\s+(\d+)/m.exec(read('/proc/self/limits'));
  if (line === null) return;
  const limit = Number(line[1]);
  const used = openDescriptors();
  const needed = sessions + listening + used + spareDescriptors;
  if (needed <= limit) return;
  throw new LoadError(
    'ERR_LOAD_PREFLIGHT',
    `${sessions} sessions need ${needed} file descriptors, and this process may have ${limit}; run ulimit -n ${needed} before, or use fewer peers`,
  );
}

function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

/** A figure of a process that is not there would be nothing, and look like little. */
function checkProcess({ pid }: Target): void {
  if (pid === undefined || read(`/proc/${pid}/stat`) !== '') return;
  throw new LoadError(
    'ERR_LOAD_PREFLIGHT',
    `there is no process ${pid} on this machine; give the device's (pidof bird), or leave --dut-pid away if it runs elsewhere`,
  );
}

/** Sessions from one source address to one target differ in their local port. */
function checkPorts(plans: readonly SpeakerPlan[]): void {
  const range = /^(\d+)\s+(\d+)/.exec(read('/proc/sys/net/ipv4/ip_local_port_range'));
  if (range === null) return;
  const ports = Number(range[2]) - Number(range[1]) + 1;
  const used = new Map<string, number>();
  for (const { sourceAddress = '' } of plans) {
    used.set(sourceAddress, (used.get(sourceAddress) ?? 0) + 1);
  }
  for (const [address, sessions] of used) {
    if (sessions <= ports) continue;
    throw new LoadError(
      'ERR_LOAD_PREFLIGHT',
      `${sessions} sessions from ${address === '' ? 'one source address' : address} need as many local ports, and there are ${ports}; give each speaker an address of its own (sourceAddress, addressStep: 1), or widen net.ipv4.ip_local_port_range`,
    );
  }
}

/** The first and the last address of each group: whether they are this machine's, and free to listen on. */
async function checkAddresses(plans: readonly SpeakerPlan[]): Promise<void> {
  const groups = new Set(plans.map(({ group }) => group));
  for (const group of groups) {
    const own = plans.filter((plan) => plan.group === group);
    for (const plan of [own[0]!, own.at(-1)!]) {
      if (plan.sourceAddress === undefined) continue;
      const port = group.passive ? group.listenPort : 0;
      const errno = await bindError(plan.sourceAddress, port);
      if (errno === undefined) continue;
      if (errno === 'EADDRINUSE' || errno === 'EACCES') {
        throw new LoadError(
          'ERR_LOAD_PREFLIGHT',
          `speaker ${plan.index + 1} cannot listen on ${endpointText(plan.sourceAddress, port)} (${errno}); set another listenPort, and the same in the device`,
        );
      }
      throw new LoadError(
        'ERR_LOAD_PREFLIGHT',
        `${plan.sourceAddress}, the source address of speaker ${plan.index + 1}, is not an address of this machine (${errno}); add it (ip address add ${plan.sourceAddress} dev lo), or set another sourceAddress: all of 127.0.0.0/8 is there on Linux`,
      );
    }
  }
}

async function bindError(address: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen(port, address);
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    server.close();
  }
}

/**
 * A plain connection, from an address that is no speaker's: a refusal is told at once. No answer means
 * little, as a device may drop what is not signed or comes from nobody it knows.
 */
async function checkTarget({ address, port }: Target): Promise<void> {
  const socket = connect({ host: address, port });
  const errno = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(resolve, probePatience, undefined);
    const settle = (code: string | undefined): void => {
      clearTimeout(timer);
      resolve(code);
    };
    socket.once('connect', () => settle(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code));
  });
  socket.on('error', () => {});
  socket.destroy();
  const endpoint = endpointText(address, port);
  if (errno === 'ECONNREFUSED') {
    throw new LoadError(
      'ERR_LOAD_UNREACHABLE',
      `${endpoint} refused: no BGP speaker listens there; start the device under test, or check --target`,
    );
  }
  if (errno === 'EHOSTUNREACH' || errno === 'ENETUNREACH') {
    throw new LoadError(
      'ERR_LOAD_UNREACHABLE',
      `there is no route to ${endpoint} (${errno}); check --target and the routes of this machine`,
    );
  }
}
