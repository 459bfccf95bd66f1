import { statfsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';
import { unpackedChromium } from './unpacked-chromium.ts';

let launched: Promise<Browser> | null = null;

/**
 * The one Chromium of the run, from its package: nothing is downloaded. It belongs to the process that all test files
 * share and is driven from there, not through a server in another process: every command and every event would be
 * written and read twice more. It ends with that process, at the latest when the pipe between the two closes.
 */
export function theBrowser(): Promise<Browser> {
  launched ??= launch();
  return launched;
}

async function launch(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await unpackedChromium(),
    args: [...chromium.args.filter((argument) => !unwanted.has(argument)), ...wanted],
    ignoreDefaultArgs: hasSharedMemory() ? ['--disable-dev-shm-usage'] : [],
    headless: true,
  });
}

/**
 * What its processes tell each other, and every picture of a page, passes through memory that they share. Playwright has
 * it be files on the disk, for containers that have next to no such memory: a tenth of all the work of a page, where there
 * is enough of it.
 */
function hasSharedMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > enoughBytes;
  } catch {
    return false;
  }
}
const enoughBytes = 2 ** 30;

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
