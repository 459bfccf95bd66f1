import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { freePort, freshState, killLeftovers, type LocalService, startService } from '../../process/local-service.ts';
import { learnSent, sentFolder } from '../../process/support/sent-by-tests.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the service answers. */
    origin: string;
    /** The development key of it. */
    key: string;
    /** The operator's token of it. */
    adminToken: string;
    /** Where test files leave what they sent. */
    sentFolder: string;
  }
}

const key = 'fg_dev_for_browser_tests';
const adminToken = 'operator-of-the-browser-tests-alone';
const state = freshState();
const folder = sentFolder();
let service: LocalService | null = null;

/** Starts one service for all files. The browser starts with the first page that is opened: see chromium.ts. */
export async function setup(project: TestProject): Promise<void> {
  service = await startService({ port: await freePort(), state, settings });
  project.provide('origin', service.url);
  project.provide('key', key);
  project.provide('adminToken', adminToken);
  project.provide('sentFolder', folder);
}

export async function teardown(): Promise<void> {
  try {
    learnSent(folder);
    await service?.stop();
  } finally {
    await killLeftovers();
    rmSync(state, { recursive: true, force: true, maxRetries: 3 });
  }
}

const settings: Readonly<Record<string, string>> = {
  DEV_API_KEY: key,
  ADMIN_TOKEN: adminToken,
  SIGNING_SECRET: 'a signing secret for tests only',
  SANDBOX_LATENCY_MS: '300',
  PUBLIC_FIGURES: 'on',
  // As under npm: the service ends by itself when this process is gone.
  npm_lifecycle_event: 'start',
};
