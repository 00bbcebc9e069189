import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, SpeakerProcess } from './process.ts';

/** A daemon with a configuration, and what asks it and orders it about. */
export interface Launched {
  readonly daemon: SpeakerProcess;
  readonly control: (...words: string[]) => Promise<string>;
}

/** BIRD's programs: the daemon, and its control. */
export const birdPrograms = ['/usr/sbin/bird', '/usr/sbin/birdc'] as const;
/** FRR's: bgpd, and its shell. */
export const frrPrograms = ['/usr/lib/frr/bgpd', '/usr/bin/vtysh'] as const;

/** Starts a BIRD that keeps all it has in `directory`; `control` takes the words of one command. */
export function launchBird(directory: string, configuration: string): Launched {
  const [program, birdc] = birdPrograms;
  const file = join(directory, 'bird.conf');
  const socket = join(directory, 'bird.ctl');
  writeFileSync(file, configuration);
  const pidFile = join(directory, 'daemon.pid');
  return {
    daemon: new SpeakerProcess(program, ['-f', '-c', file, '-s', socket, '-P', pidFile]),
    control: (...words) => run(birdc, '-s', socket, ...words),
  };
}

/** Starts FRR's bgpd on its own, without zebra, which listens there; `control` takes whole commands. */
export function launchFrr(
  directory: string,
  configuration: string,
  { address, port }: { readonly address: string; readonly port: number },
): Launched {
  const [program, vtysh] = frrPrograms;
  const file = join(directory, 'bgpd.conf');
  writeFileSync(file, configuration);
  chmodSync(directory, 0o755);
  const args = [
    ['-f', file, '-i', join(directory, 'bgpd.pid'), '--vty_socket', directory],
    ['-p', String(port), '-l', address],
    ['--no_zebra', '--skip_runas', '-P', '0', '--log', 'stdout'],
  ];
  return {
    daemon: new SpeakerProcess(program, args.flat()),
    control: (...commands) =>
      run(vtysh, '--vty_socket', directory, ...commands.flatMap((command) => ['-c', command])),
  };
}
