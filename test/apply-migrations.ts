import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll } from 'vitest';

// All at once: there are hundreds of files, and to write down each migration takes longer than the migrations.
const statements = env.TEST_MIGRATIONS.flatMap(({ queries }) => queries);
await env.LEDGER.batch(statements.map((statement) => env.LEDGER.prepare(statement)));

/** The next file of the same service finds nothing of this one: no row, no picture, and no render that goes on. */
afterAll(() => reset());
