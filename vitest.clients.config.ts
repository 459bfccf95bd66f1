import { defineConfig } from 'vitest/config';

/** Real clients and the vendors' own samples, in plain Node, against one service that `npm start` starts for all of them. */
export default defineConfig({
  test: {
    include: ['test/process/samples.test.ts', 'test/process/clients/**/*.test.ts'],
    globalSetup: ['./test/process/support/started-service.ts'],
    setupFiles: ['./test/process/support/leave-sent.ts'],
    fileParallelism: false,
    // What all files import is loaded once.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
