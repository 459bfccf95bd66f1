import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { eagerImports } from './test/eager-imports.ts';

/** What `npm run fuzz` sets: see scripts/fuzz.mjs. Without it, the same cases every time. */
const { FUZZ_CASES = '2000', FUZZ_SEED = '20251125', FUZZ_DIALECT = '' } = process.env;
const isShort = Number(FUZZ_CASES) <= 2000;

/** Random requests, from the dialects' schemas, inside workerd. A file's tests share one service, and buy nothing to speak of. */
export default defineConfig({
  plugins: [
    eagerImports(),
    cloudflareTest(async () => ({
      wrangler: { configPath: './wrangler.toml' },
      remoteBindings: false,
      miniflare: {
        cf: false,
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations('migrations'),
          DEV_API_KEY: 'fg_dev_for_tests_only',
          ADMIN_TOKEN: 'an-admin-token-for-tests-only-0123456789',
          SIGNING_SECRET: 'a signing secret for tests only',
          SANDBOX_LATENCY_MS: '1',
          // What a developer has in .dev.vars must not reach the tests.
          ...{ PROVIDERS: 'sandbox', ANONYMOUS_ACCOUNT: '', CLOUDFLARE_API_TOKEN: '' },
          ...{ FUZZ_CASES, FUZZ_SEED, FUZZ_DIALECT },
        },
      },
    })),
  ],
  test: {
    include: ['test/fuzz/**/*.test.ts'],
    // One service for all files, emptied after each.
    isolate: false,
    setupFiles: ['./test/apply-migrations.ts', './test/watch-log.ts'],
    testTimeout: isShort ? 120_000 : 24 * 3600 * 1000,
  },
});
