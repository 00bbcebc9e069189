import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests run the sources, not `dist`: this export condition of our packages leads there. It must be
// said twice: to Vite, which loads the tests, and to Node, which loads the worker threads that the
// tests start (a thread inherits the flags of its process).
const sourceCondition = 'peerloom-source';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions: [sourceCondition, 'node', 'module', 'import', 'default'] },
  ssr: { resolve: { conditions: [sourceCondition, 'node', 'module', 'import', 'default'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    execArgv: [`--conditions=${sourceCondition}`],
    reporters: ['default', fileURLToPath(new URL('countReporter.ts', import.meta.url))],
  },
});
