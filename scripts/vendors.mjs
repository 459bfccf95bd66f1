/** `npm run vendors`: the simulated vendors of test/vendors, to try the whole service without a real key. */
import { toolEnvironment } from './environment.mjs';
import { startGuarded, stopOnSignals } from './guarded.mjs';
import { runMain } from './halt.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  stopOnSignals(0);
  await setUp();
  return await startGuarded(['node', 'test/vendors/start.ts'], { env: toolEnvironment(), live: true }).exited;
});
