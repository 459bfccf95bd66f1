import { defineConfig } from 'vitest/config';

/** The pages in a real Chromium, against one service that `npm start` starts for all of them. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['./test/browser/support/started-stage.ts'],
    setupFiles: ['./test/process/support/leave-sent.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    // A second is too short for a page that opens on a busy machine; what is there is seen at once all the same.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
  },
});
