import { fileURLToPath } from 'node:url';
import { SpeakerProcess, until } from '../../../interop/speakers/process.ts';
import type { Device } from './device.ts';

const program = fileURLToPath(new URL('bareSocketsProcess.ts', import.meta.url));

/**
 * What is left when a device does nothing for a session but accept it, and answer: the sessions a second that the
 * tester, `node:net` and the kernel have room for on this machine. No device made with Node.js has more.
 */
export const bareSockets: Device = {
  name: 'bare node:net',
  programs: [process.execPath],
  only: ['W3'],
  differences: ['speaks no BGP: the same octets for everybody, and nothing kept, checked or said'],
  version: async () => process.version,
  async start({ address, port, localAs, holdTime }) {
    const args = [program, address, port, localAs, holdTime].map(String);
    // As the launcher starts the engine, but for what concerns tables.
    const daemon = new SpeakerProcess(process.execPath, [
      '--no-warnings',
      '--max-semi-space-size=4',
      '--initial-old-space-size=64',
      '--invocation-count-for-turbofan=30000',
      '--no-parallel-scavenge',
      ...args,
    ]);
    const answered = (): number | undefined => {
      const last = [...daemon.log().matchAll(/^answered: (\d+)$/gm)].at(-1)?.[1];
      return last === undefined ? undefined : Number(last);
    };
    await until(
      'the bare sockets listen',
      async () => answered(),
      () => daemon.log(),
    );
    return {
      pid: daemon.pid,
      held: async () => ({ sessions: answered() ?? 0 }),
      log: () => daemon.log(),
      stop: () => daemon.stop(),
    };
  },
};
