import type { TestProject } from 'vitest/node';
import { freePort, freshState, killLeftovers, type LocalService, startService } from '../local-service.ts';
import { type Listener, startListener } from './listener.ts';
import { learnSent, sentFolder } from './sent-by-tests.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Tells where the service is that test files share. The first who asks waits until it has started. */
    sharedServiceAt: string;
  }
}

const settings = {
  DEV_API_KEY: 'fg_dev_for_several_files',
  SANDBOX_LATENCY_MS: '50',
  // As under npm: the service ends by itself when this process is gone.
  npm_lifecycle_event: 'start',
};
const state = freshState();
const folder = sentFolder();
let service: Promise<LocalService> | null = null;
let teller: Listener | null = null;

/** Who runs a file that needs no service waits for none: it starts when it is asked for. */
export async function setup(project: TestProject): Promise<void> {
  teller = await startListener(async (_, response) => {
    service ??= freePort().then((port) => startService({ port, state, settings }));
    await service.then(
      ({ url }) => response.end(JSON.stringify({ url, key: settings.DEV_API_KEY })),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  project.provide('sharedServiceAt', teller.origin);
  project.provide('sentFolder', folder);
}

export async function teardown(): Promise<void> {
  try {
    learnSent(folder);
    const started = await service?.catch(() => null);
    await started?.stop();
  } finally {
    await killLeftovers();
    await teller?.close();
  }
}
