import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { eagerImports } from './test/eager-imports.ts';

const vendors = ['BFL', 'CLOUDFLARE', 'COMETAPI', 'HINOW', 'OXEN', 'AIGATEWAY', 'ONEMIN', 'REPLICATE', 'FAL'];
const operatorSettings = [
  'PROVIDERS',
  'ANONYMOUS_ACCOUNT',
  ...vendors.map((vendor) => `${vendor}_API_KEY`),
  'CLOUDFLARE_API_TOKEN',
];

/** Tests that run inside workerd: all but those in `test/process`, which start real processes from Node. */
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
          SANDBOX_LATENCY_MS: '60',
          // What a developer has in .dev.vars must not reach the tests.
          ...Object.fromEntries(operatorSettings.map((name) => [name, ''])),
        },
      },
    })),
  ],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/process/**',
      'test/purchases/**',
      'test/browser/**',
      'test/fuzz/**',
      'test/chaos/**',
      'node_modules/**',
    ],
    // One service for many files, emptied after each: to start one takes longer than most files' tests.
    isolate: false,
    setupFiles: ['./test/apply-migrations.ts', './test/watch-log.ts'],
    testTimeout: 20_000,
    // Clients of many small modules: one file each, as every module is asked for and evaluated by itself.
    deps: { optimizer: { ssr: { enabled: true, include: ['openai', '@fal-ai/client', 'replicate'] } } },
    // More than the one that two cores would get: much of a test's time is a picture's. To start one takes 7 CPU seconds.
    maxWorkers: 3,
  },
});
