/** `npm run build`: the client, its types and the command line, in `dist/`. */
import { buildAll } from './bundles.mjs';
import { runMain } from './halt.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp();
  await buildAll();
});
