import { defineConfig } from 'vitest/config';

/** The short form of `npm run chaos`: half a minute of load, failures and kills, in plain Node. */
export default defineConfig({
  test: {
    include: ['test/chaos/**/*.test.ts'],
    testTimeout: 400_000,
  },
});
