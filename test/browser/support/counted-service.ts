import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { inject } from 'vitest';
import { build } from '../../../bench/bundle.ts';
import type { Tally } from '../../../bench/workers/tally.ts';
import { configuredWorker, migrate } from '../../chaos/configured.ts';
import { miniflareOptions } from '../../chaos/worker.ts';
import { freePort } from '../../process/local-service.ts';

/** The service as deployed, with its static assets, but without a cache before it: each request for a picture runs it. */
export interface CountedService {
  readonly url: string;
  /** What was done since this was asked the last time, once nothing more is done. */
  taken(): Promise<Tally>;
  stop(): Promise<void>;
}

/** It has the key of the service that the tests share. Its counting is around the bindings: none is in the service. */
export async function startCounted(): Promise<CountedService> {
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-counted-'));
  const setting = {
    configured: configuredWorker({ hasAssets: true }),
    modules: await build(join(folder, 'worker'), 'bench/workers/counting.ts'),
    ...{ port: await freePort(), state: join(folder, 'state') },
    variables: {
      ...{ DEV_API_KEY: inject('key'), SIGNING_SECRET: 'a signing secret for tests only', PROVIDERS: 'sandbox' },
      ...{ SANDBOX_LATENCY_MS: '0', LOG_REQUESTS: 'none' },
    },
  };
  const miniflare = new Miniflare(miniflareOptions(setting));
  await miniflare.ready;
  await migrate(miniflare);
  const url = `http://127.0.0.1:${setting.port}`;
  return {
    url,
    taken: async () => {
      // What is counted of hits is written together, a second after the first of them.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return (await (await fetch(`${url}/bench/tally`, { method: 'DELETE' })).json()) as Tally;
    },
    stop: async () => {
      await miniflare.dispose();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
