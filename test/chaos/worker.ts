import { dirname } from 'node:path';
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type MiniflareOptions,
  type V4WorkerOptions,
} from 'miniflare';
import type { BuiltModule } from '../../bench/bundle.ts';

/** What the service is started with, each time. Plain data: a process that starts has no time to read wrangler.toml. */
export interface Setting {
  /** As wrangler.toml has it, but for static assets. */
  readonly configured: V4WorkerOptions;
  readonly modules: readonly BuiltModule[];
  readonly port: number;
  /** Folder of the state that outlives each process. */
  readonly state: string;
  readonly variables: Readonly<Record<string, string>>;
}

export const workerName = 'service';

/** The built Worker as deployed, answering on a port of its own. */
export function miniflareOptions({ configured, modules, port, state, variables }: Setting): MiniflareOptions {
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
