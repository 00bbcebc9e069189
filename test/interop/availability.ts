import { existsSync } from 'node:fs';
import { describe, it } from 'vitest';
import { bird } from './speakers/bird.ts';
import { exabgp } from './speakers/exabgp.ts';
import { frr } from './speakers/frr.ts';
import { gobgp } from './speakers/gobgp.ts';
import { openbgpd } from './speakers/openbgpd.ts';
import type { Speaker } from './speakers/speaker.ts';

/** Every real speaker that the tests know how to drive. */
export const speakers: readonly Speaker[] = [bird, frr, gobgp, openbgpd, exabgp];

/** What of a speaker is not installed, with the command that brings it; undefined when all is there. */
export function missing(programs: readonly string[], debianPackage: string): string | undefined {
  const absent = programs.filter((program) => !existsSync(program));
  if (absent.length === 0) return undefined;
  return `${absent.join(', ')} not found; install with: apt-get install ${debianPackage}`;
}

/** CI installs every speaker, and one that is missing there is a failure, not a gap. */
const required = process.env['PEERLOOM_REQUIRE_INTEROP'] === '1';

/** Runs `body` where the programs are installed; elsewhere says what is missing and how to get it. */
export function describeInterop(
  name: string,
  programs: readonly string[],
  debianPackage: string,
  body: () => void,
): void {
  const absent = missing(programs, debianPackage);
  if (absent === undefined) {
    // Meetings share nothing, and spend their time waiting.
    describe.concurrent(name, body);
  } else if (required) {
    it(`${name} is installed`, () => {
      throw new Error(absent);
    });
  } else {
    console.warn(`${name}: interop tests are skipped: ${absent}`);
    describe.skip(`${name} (${absent})`, body);
  }
}
