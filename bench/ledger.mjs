/** `npm run bench:ledger`: sets up, and runs ledger-reports.ts under the locked Node. Arguments are passed on. */
import { fileURLToPath } from 'node:url';
import { localEnvironment } from '../scripts/environment.mjs';
import { startGuarded, stopOnSignals } from '../scripts/guarded.mjs';
import { runMain } from '../scripts/halt.mjs';
import { tool } from '../scripts/root.mjs';
import { setUp } from '../scripts/setup.mjs';

await runMain(async () => {
  stopOnSignals(130);
  await setUp();
  const main = fileURLToPath(new URL('ledger-reports.ts', import.meta.url));
  const env = { ...localEnvironment(), WRANGLER_LOG: 'error' };
  return await startGuarded([tool('node'), main, ...process.argv.slice(2)], { env, live: true }).exited;
});
