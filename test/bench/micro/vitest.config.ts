import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: [],
    benchmark: { enabled: true, include: ['*.bench.ts'] },
    // Each file in a process of its own, one after the other: nothing else runs, nothing else was compiled.
    pool: 'forks',
    maxWorkers: 1,
    // Node.js itself loads what is measured: our packages as they are compiled (`dist`). Vitest's loader
    // would turn each use of an import into a call of a getter, in the midst of what is measured.
    experimental: { viteModuleRunner: false },
    testTimeout: 600_000,
    reporters: [fileURLToPath(new URL('ratioReporter.ts', import.meta.url))],
  },
});
