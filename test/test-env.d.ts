declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
    DEV_API_KEY: string;
    ADMIN_TOKEN: string;
    SIGNING_SECRET: string;
    SANDBOX_LATENCY_MS: string;
    FUZZ_CASES: string;
    FUZZ_SEED: string;
    FUZZ_DIALECT: string;
  }
}
