import { defineConfig } from 'vitest/config';

/** Tests in plain Node that start the real service, and kill it. One file after the other: each has processes to run. */
export default defineConfig({
  test: {
    include: ['test/process/**/*.test.ts'],
    // These share one service: vitest.clients.config.ts.
    exclude: ['test/process/samples.test.ts', 'test/process/clients/**'],
    // Files that neither kill it nor need it otherwise share one, too.
    globalSetup: ['./test/process/support/shared-service.ts'],
    setupFiles: ['./test/process/support/leave-sent.ts'],
    fileParallelism: false,
    // What all files import is loaded once.
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
