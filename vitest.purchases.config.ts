import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { eagerImports } from './test/eager-imports.ts';
import { settingsFor, simulators } from './test/vendors/all.ts';

/** No port is opened: test/support/vendor-network.ts answers for these origins inside workerd. */
const firstPort = 40_001;

/** A key and a base URL for every provider, so that all of them are configured. */
const vendorBindings = Object.assign(
  {},
  ...simulators.map((simulator, index) => settingsFor(simulator, `http://127.0.0.1:${firstPort + index}`)),
);

/** The contract suite of purchases: every provider against its simulator, by the front door. */
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
          SIGNING_SECRET: 'a signing secret for tests only',
          // Not shorter: the machine is busy with all of them at once, and only a vendor that never finishes waits for it.
          RENDER_DEADLINE_SECONDS: '30',
          // What a developer has in .dev.vars must not reach the tests.
          ...{ PROVIDERS: '', ROUTE: 'order', ON_UNKNOWN: 'fail', CLOUDFLARE_API_TOKEN: '' },
          ...vendorBindings,
        },
      },
    })),
  ],
  test: {
    include: ['test/purchases/**/*.test.ts'],
    // One service for all files, emptied after each.
    isolate: false,
    setupFiles: ['./test/apply-migrations.ts', './test/watch-log.ts'],
    testTimeout: 90_000,
    // Most of a test's time is a vendor's: they pass it together.
    maxConcurrency: 30,
    // The service's own log of what the vendors do to it.
    onConsoleLog: (text) => (text.startsWith('{"event":') ? false : undefined),
  },
});
