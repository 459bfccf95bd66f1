import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll } from 'vitest';

await applyD1Migrations(env.LEDGER, env.TEST_MIGRATIONS);

/** The next file of the same service finds no picture of this one and no render that goes on. Rows mostly go, too. */
afterAll(() => reset());
