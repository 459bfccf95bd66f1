/** `npm run chaos`: random load, failures and kills, and then the books. Arguments are passed on to test/chaos/main.ts. */
import { localEnvironment } from './environment.mjs';
import { startGuarded, stopOnSignals } from './guarded.mjs';
import { runMain } from './halt.mjs';
import { tool } from './root.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  stopOnSignals(130);
  await setUp();
  const env = { ...localEnvironment(), WRANGLER_LOG: 'error' };
  return await startGuarded([tool('node'), 'test/chaos/main.ts', ...process.argv.slice(2)], { env, live: true }).exited;
});
