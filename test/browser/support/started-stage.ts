import { rmSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { type BrowserServer, chromium as playwright } from 'playwright-core';
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
    /** Where the one browser of all test files is reached. */
    browserEndpoint: string;
  }
}

const key = 'fg_dev_for_browser_tests';
const adminToken = 'operator-of-the-browser-tests-alone';
const state = freshState();
const folder = sentFolder();
let service: LocalService | null = null;
let browser: BrowserServer | null = null;

/** Starts one service and one browser for all files. The browser comes from its package: nothing is downloaded. */
export async function setup(project: TestProject): Promise<void> {
  service = await startService({ port: await freePort(), state, settings });
  browser = await playwright.launchServer({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args.filter((argument) => !unwanted.has(argument)), ...wanted],
    headless: true,
  });
  project.provide('origin', service.url);
  project.provide('key', key);
  project.provide('adminToken', adminToken);
  project.provide('sentFolder', folder);
  project.provide('browserEndpoint', browser.wsEndpoint());
}

export async function teardown(): Promise<void> {
  await browser?.close();
  try {
    learnSent(folder);
    await service?.stop();
  } finally {
    await killLeftovers();
    rmSync(state, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * What the package would have, and a visitor's browser has not: in a single process the end of one profile is the end of
 * all, and without web security every page may read every other site. A graphics card that is simulated for WebGL, which
 * no page here has, takes half as much work again as drawing without one. Without a zygote each page's process is loaded
 * anew.
 */
const unwanted: ReadonlySet<string> = new Set([
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--disable-site-isolation-trials',
  '--ignore-gpu-blocklist',
  '--in-process-gpu',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]);
const wanted = ['--disable-gpu'];

const settings: Readonly<Record<string, string>> = {
  DEV_API_KEY: key,
  ADMIN_TOKEN: adminToken,
  SIGNING_SECRET: 'a signing secret for tests only',
  SANDBOX_LATENCY_MS: '300',
  PUBLIC_FIGURES: 'on',
  // As under npm: the service ends by itself when this process is gone.
  npm_lifecycle_event: 'start',
};
