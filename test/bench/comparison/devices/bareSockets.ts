import { fileURLToPath } from 'node:url';
import { SpeakerProcess, until } from '../../../interop/speakers/process.ts';
import type { Device } from './device.ts';

/**
 * What is left when a device does nothing for a session but accept it, and answer: the sessions a second that the
 * tester, `node:net` and the kernel have room for on this machine. No device made with Node.js has more.
 */
export const bareSockets: Device = bareDevice(
  'bare node:net',
  'bareSocketsProcess.ts',
  'speaks no BGP: the same octets for everybody, and nothing kept, checked or said',
);

/** The same with the answers in a worker, where the engine has its actors: what their being there costs. */
export const bareRouted: Device = bareDevice(
  'bare node:net, answers in a worker',
  'bareRoutedProcess.ts',
  'as bare node:net, but that what it hears and says crosses to a worker and back, as between supervisor and actors',
);

function bareDevice(name: string, program: string, difference: string): Device {
  return {
    name,
    programs: [process.execPath],
    only: ['W3'],
    differences: [difference],
    version: async () => process.version,
    async start({ address, port, localAs, holdTime }) {
      const file = fileURLToPath(new URL(program, import.meta.url));
      const args = [file, address, port, localAs, holdTime].map(String);
      // As the launcher starts the engine, but for what concerns tables.
      const daemon = new SpeakerProcess(process.execPath, [
        '--no-warnings',
        '--max-semi-space-size=4',
        '--no-wasm-code-gc',
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
}
