/** `npm run example`: a static site with pictures of the service that runs on this machine. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDotenv } from './dotenv.mjs';
import { buildExample } from './example-site.mjs';
import { serveFolder } from './folder-server.mjs';
import { stopOnSignals } from './guarded.mjs';
import { Halt, runMain } from './halt.mjs';
import { claimPort } from './local-service.mjs';
import { root } from './root.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  stopOnSignals(0);
  const service = (process.env.FLUXGATE_URL || 'http://127.0.0.1:8787').replace(/\/+$/, '');
  const port = Number(process.env.EXAMPLE_PORT ?? 8790);
  await claimPort(port);
  const health = await fetch(`${service}/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  if (!health?.ok)
    throw new Halt(`Nothing answers at ${service}: run "npm start" in another terminal, then this again.`);
  await setUp();
  const key = process.env.FLUXGATE_KEY ?? developmentKey();
  if (!key) throw new Halt(`Set FLUXGATE_KEY to a key with the scope admin at ${service}.`);
  const site = `http://127.0.0.1:${port}`;
  console.log('Making the pictures of the site, as far as they are not there yet.');
  const folder = await buildExample({ service, key, site });
  await serveFolder(folder, { port, service });
  console.log(`\nThe example is at ${site}; its pages are in examples/static-site. Stop it with Ctrl-C.\n`);
  return await new Promise(() => {});
});

/** The key that `npm start` gave to the service on this machine. */
function developmentKey() {
  const path = join(root, '.dev.vars');
  return process.env.DEV_API_KEY || (existsSync(path) && parseDotenv(readFileSync(path, 'utf8')).DEV_API_KEY) || null;
}
