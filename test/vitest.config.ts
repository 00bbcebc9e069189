import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

/**
 * Packages that are functions of their inputs. Their tests leave nothing behind, and may share a process:
 * to load the codec anew for each file took more time than to test it.
 */
const pureTests = 'packages/{wire,fsm}/test/**/*.test.ts';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  // Tests run the sources, not `dist`: this export condition of our packages leads there. Vitest
  // hands it to Node too (`--conditions`), so the threads and processes that a test forks inherit it.
  ssr: { resolve: { conditions: ['peerloom-source', 'node'] } },
  test: {
    pool: 'forks',
    // Where a thread is started on our sources, Node strips their types, and one run in some hundreds ended in SIGSEGV
    // or SIGTRAP: see `kept` in the launcher (`apps/peerloom/bin/peerloom`).
    execArgv: ['--no-wasm-code-gc'],
    // Vitest would leave one processor to itself. Much of what is tested waits for others: on two
    // processors this takes 135 s in place of 184 s.
    maxWorkers: Math.max(2, availableParallelism()),
    // Tests wait for conditions; this only ends one that waits for what will not come. A machine that is
    // busy with other work must not look like a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', fileURLToPath(new URL('countReporter.ts', import.meta.url))],
    projects: [
      { extends: true, test: { name: 'pure', include: [pureTests], isolate: false } },
      {
        extends: true,
        test: {
          name: 'engine',
          include: [
            'packages/*/test/**/*.test.ts',
            'apps/*/test/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, pureTests],
        },
      },
    ],
  },
});
