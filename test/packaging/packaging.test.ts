// What goes to the registry, tested as those get it who install it. Alone, after set-up:
//
//   node_modules/.bin/vitest run -c test/vitest.config.ts test/packaging

import { afterAll, beforeAll, describe, vi } from 'vitest';
import { testProject } from './projectTests.ts';
import { packEverything, type Tarballs } from './tarballs.ts';
import { testTarballs } from './tarballTests.ts';

vi.setConfig({ testTimeout: 60_000 });

// Packed once for all tests: that is what most of the time goes into.
let tarballs: Tarballs;
beforeAll(async () => {
  tarballs = await packEverything();
}, 60_000);
afterAll(() => tarballs?.[Symbol.dispose]());

testTarballs(() => tarballs);
describe('a project with every package', () => testProject(() => tarballs));
