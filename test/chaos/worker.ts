import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type MiniflareOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from 'wrangler';
import type { BuiltModule } from '../../bench/bundle.ts';
import { root } from '../../scripts/root.mjs';

/** What the service is started with, each time. */
export interface Setting {
  readonly modules: readonly BuiltModule[];
  readonly port: number;
  /** Folder of the state that outlives each process. */
  readonly state: string;
  readonly variables: Readonly<Record<string, string>>;
}

export const workerName = 'service';

/** The built Worker as deployed, but for its static assets, answering on a port of its own. */
export function miniflareOptions({ modules, port, state, variables }: Setting): MiniflareOptions {
  const { assets: _, ...configured } = unstable_getMiniflareWorkerOptions(join(root, 'wrangler.toml')).workerOptions;
  const worker = {
    ...configured,
    name: workerName,
    modules: [...modules],
    modulesRoot: dirname(modules[0]?.path ?? ''),
    bindings: { ...variables },
    unsafeDirectSockets: [{ host: '127.0.0.1', port }],
  };
  const options = convertV4MiniflareOptions({ cf: false, log: new Log(LogLevel.ERROR), workers: [worker] });
  return { ...options, resourcePersistencePath: state };
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

/** Opens the state for a while, when no service runs on it. */
export async function withState<Result>(
  setting: Setting,
  work: (miniflare: Miniflare) => Promise<Result>,
): Promise<Result> {
  const miniflare = new Miniflare(miniflareOptions(setting));
  try {
    await miniflare.ready;
    return await work(miniflare);
  } finally {
    await miniflare.dispose();
  }
}
