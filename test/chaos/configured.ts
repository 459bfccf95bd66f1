import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Miniflare, V4WorkerOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from 'wrangler';
import { root } from '../../scripts/root.mjs';
import { workerName } from './worker.ts';

/** The Worker as wrangler.toml has it, but for static assets where nobody wants them, as plain data. */
export function configuredWorker({ hasAssets = false } = {}): V4WorkerOptions {
  const { assets, ...configured } = unstable_getMiniflareWorkerOptions(join(root, 'wrangler.toml')).workerOptions;
  const wanted = hasAssets ? { ...configured, assets } : configured;
  return JSON.parse(JSON.stringify({ ...wanted, bindings: {} })) as V4WorkerOptions;
}

/** Brings a new ledger up to date, as a deployment does before it. */
export async function migrate(miniflare: Miniflare): Promise<void> {
  const ledger = await miniflare.getD1Database('LEDGER', workerName);
  const folder = join(root, 'migrations');
  for (const name of readdirSync(folder).toSorted()) {
    const statements = unstable_splitSqlQuery(readFileSync(join(folder, name), 'utf8'));
    await ledger.batch(statements.map((statement) => ledger.prepare(statement)));
  }
}
