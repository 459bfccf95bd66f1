/**
 * Writes what wrangler.toml says of the Worker as Miniflare takes it, as plain data: reading it takes wrangler a second.
 *
 *     node worker-options.mjs <file to write>
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';
import { root } from './root.mjs';

const config = join(root, 'wrangler.toml');
const { name, vars } = unstable_readConfig({ config });
// No machine has Cloudflare's models: with the binding every order would fail at it.
const { ai: _, ...workerOptions } = unstable_getMiniflareWorkerOptions(config).workerOptions;
// What a developer has in .dev.vars is for whoever starts it to decide.
writeFileSync(process.argv[2] ?? '', JSON.stringify({ ...workerOptions, name, bindings: vars }));
