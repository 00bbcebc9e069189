import { existsSync } from 'node:fs';
import { bareRouted, bareSockets } from './bareSockets.ts';
import { bird } from './bird.ts';
import type { Device } from './device.ts';
import { exabgp } from './exabgp.ts';
import { frr } from './frr.ts';
import { gobgp } from './gobgp.ts';
import { openbgpd } from './openbgpd.ts';
import { peerloom } from './peerloom.ts';

/** Peerloom as the targets measure it. */
export const oneWorker: Device = peerloom(1);
/** Peerloom with the work spread. */
export const twoWorkers: Device = peerloom(2);

/** Everything that can be compared, in the order of the tables. */
export const allDevices: readonly Device[] = [
  oneWorker,
  twoWorkers,
  bird,
  frr,
  gobgp,
  openbgpd,
  exabgp,
  bareSockets,
  bareRouted,
];

export { bird, exabgp, frr, gobgp, openbgpd };

/** What is missing of a device, and how to get it; `undefined` when all is there. */
export function missingOf({ name, programs, debianPackage }: Device): string | undefined {
  const absent = programs.filter((program) => !existsSync(program));
  if (absent.length === 0) return undefined;
  const remedy = debianPackage === undefined ? 'npm run build' : `apt-get install ${debianPackage}`;
  return `${name} is not installed (${absent.join(', ')}): ${remedy}`;
}
