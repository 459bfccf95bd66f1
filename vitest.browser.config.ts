import { defineConfig } from 'vitest/config';

const files = (...names: readonly string[]) => names.map((name) => `test/browser/${name}.test.ts`);

/** How pages look and stand still, and sites with pictures on them: see vitest.sites.config.ts, which runs beside this. */
export const sites = files('layout-shift', 'pages', 'site*');
/** Where pictures are made: see vitest.workbench.config.ts. */
export const workbench = files('bench-*', 'workbench', 'result', 'references', 'sweep', '*samples');

/** The pages in a real Chromium, against one service that `npm start` starts for all of them. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    exclude: [...sites, ...workbench],
    globalSetup: ['./test/browser/support/started-stage.ts'],
    setupFiles: ['./test/process/support/leave-sent.ts'],
    fileParallelism: false,
    // What all files import is loaded once.
    isolate: false,
    testTimeout: 60_000,
    // A second is too short for a page that opens on a busy machine; what is there is seen at once all the same.
    // And asked five times a second, not twenty: each time, the page and the processes between have to work.
    expect: { poll: { timeout: 20_000, interval: 200 } },
    hookTimeout: 120_000,
  },
});
