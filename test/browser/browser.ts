import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page, Request } from 'playwright-core';
import { inject, onTestFinished } from 'vitest';
import { sent } from '../process/support/sent-by-tests.ts';
import { theBrowser } from './support/chromium.ts';

const screenshots = fileURLToPath(new URL('screenshots/', import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The widths that every page is looked at in. */
export const widths = { phone: 390, desktop: 1280 } as const;
export const colourSchemes = ['light', 'dark'] as const;

export interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly colourScheme?: (typeof colourSchemes)[number];
  readonly javaScript?: boolean;
  /** What the visitor's system says of movement. `reduce` where absent, so that nothing is seen on its way. */
  readonly motion?: 'reduce' | 'no-preference';
  /** Before the first request: routes to be answered otherwise, clocks, permissions. */
  readonly prepare?: (page: Page, context: BrowserContext) => Promise<unknown>;
  /** Whose requests are at home; the service's own origin where absent. */
  readonly home?: string;
  readonly waitUntil?: 'load' | 'domcontentloaded' | 'networkidle' | 'commit';
}

/** A page in a browser profile of its own, with what was noticed about it. */
export interface OpenedPage {
  readonly page: Page;
  /** URLs that were asked of another origin than the page's home. */
  readonly foreignRequests: readonly string[];
  /** What the page threw or complained of in its console; what its policy refused is among it. */
  readonly complaints: readonly string[];
  /** Gzipped bytes of the scripts of the page that is open, without those whose URL is like `except`. */
  scriptBytes(except?: RegExp): Promise<number>;
  /** Cumulative layout shift so far, what followed an input left out. */
  layoutShift(): Promise<number>;
  /** Each layout shift so far, as a sentence; those within half a second of an input only where they are asked for. */
  layoutShifts(options: { readonly withInput: boolean }): Promise<readonly string[]>;
  /** What axe finds, as sentences; empty when it finds nothing. */
  accessibilityFaults(): Promise<readonly string[]>;
  /** Whether something makes the page scroll sideways. */
  isTooWide(): Promise<boolean>;
  /** Into `test/browser/screenshots`, which git ignores, where `SCREENSHOTS` is set: nobody else looks at them. */
  screenshot(name: string, options?: { readonly fullPage?: boolean }): Promise<void>;
}

/**
 * Opens a URL, or a path of the service that the tests share, in the one Chromium of the run. It is closed when the
 * test ends.
 */
export async function openPage(address: string, opening: Opening = {}): Promise<OpenedPage> {
  const url = new URL(address, inject('origin'));
  const browser = await theBrowser();
  const context = await browser.newContext({
    viewport: { width: opening.width ?? widths.desktop, height: opening.height ?? 800 },
    colorScheme: opening.colourScheme ?? 'light',
    javaScriptEnabled: opening.javaScript ?? true,
    reducedMotion: opening.motion ?? 'reduce',
    // As people's browsers have one; a machine without any is no browser's usual place.
    locale: 'en-US',
    acceptDownloads: true,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const noticed = notice(page, opening.home ?? url.origin);
  await page.addInitScript(watchLayout);
  await opening.prepare?.(page, context);
  await page.goto(url.href, { waitUntil: opening.waitUntil ?? 'networkidle' });
  return { page, ...noticed, ...measurements(page) };
}

/** Down to its end, so that what loads late is there. */
export async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let top = 0; top < document.body.scrollHeight; top += 300) {
      scrollTo(0, top);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  await page.evaluate(() => scrollTo(0, 0));
}

/** Until what was done is drawn. */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  });
}

function notice(page: Page, home: string): Pick<OpenedPage, 'foreignRequests' | 'complaints' | 'scriptBytes'> {
  const foreignRequests: string[] = [];
  const complaints: string[] = [];
  const scripts: Request[] = [];
  page.on('request', (request) => {
    sent.note(Object.entries(request.headers()), request.postData(), request.url());
    const isLocal = /^(data|blob|about):/.test(request.url());
    if (!isLocal && new URL(request.url()).origin !== home) foreignRequests.push(request.url());
    if (request.resourceType() === 'script') scripts.push(request);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  const scriptBytes = async (except?: RegExp) => {
    const counted = scripts.filter((script) => except?.test(script.url()) !== true);
    const bodies = await Promise.all(counted.map(async (script) => (await script.response())?.body()));
    return bodies.reduce((sum, body) => sum + gzipSync(body ?? '').length, 0);
  };
  return { foreignRequests, complaints, scriptBytes };
}

function measurements(
  page: Page,
): Pick<OpenedPage, 'layoutShift' | 'layoutShifts' | 'accessibilityFaults' | 'isTooWide' | 'screenshot'> {
  return {
    layoutShift: async () =>
      (await layoutShiftsOf(page)).reduce((sum, { value, isAfterInput }) => sum + (isAfterInput ? 0 : value), 0),
    layoutShifts: async ({ withInput }) =>
      (await layoutShiftsOf(page))
        .filter(({ isAfterInput }) => withInput || !isAfterInput)
        .map(({ value, moved }) => `${value.toFixed(5)}: ${moved}`),
    accessibilityFaults: async () => {
      await injectAxe(page);
      return await page.evaluate(findFaults);
    },
    isTooWide: () => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth),
    screenshot: async (name, { fullPage = true } = {}) => {
      if (!process.env.SCREENSHOTS) return;
      mkdirSync(screenshots, { recursive: true });
      await page.screenshot({ path: `${screenshots}${name}.png`, fullPage });
    },
  };
}

/**
 * Not as a script tag: the page's own policy would refuse it, and is to stay in force. Nor by Playwright, which has half a
 * megabyte written, read and compiled more often than once.
 */
async function injectAxe(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { exceptionDetails } = await devtools.send('Runtime.evaluate', { expression: `${axeSource};0` });
  if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
  await devtools.detach();
}

interface LayoutShift {
  readonly value: number;
  readonly isAfterInput: boolean;
  /** What moved. */
  readonly moved: string;
}

/** Those included that the page was not told of yet. */
async function layoutShiftsOf(page: Page): Promise<readonly LayoutShift[]> {
  return await page.evaluate(() => (Reflect.get(globalThis, 'layoutShifts') as () => LayoutShift[])());
}

/** Runs in the page, before anything of it. */
function watchLayout(): void {
  interface Entry extends PerformanceEntry {
    readonly value: number;
    readonly hadRecentInput: boolean;
    readonly sources: readonly { readonly node: Node | null }[];
  }
  const shifts: LayoutShift[] = [];
  const nameOf = (node: Node | null) =>
    node instanceof Element ? [node.localName, ...node.classList].join('.') : (node?.textContent ?? 'what is gone');
  const take = (entries: PerformanceEntryList) => {
    for (const { value, hadRecentInput, sources } of entries as unknown as Entry[])
      shifts.push({ value, isAfterInput: hadRecentInput, moved: sources.map(({ node }) => nameOf(node)).join(', ') });
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ type: 'layout-shift', buffered: true });
  Reflect.set(globalThis, 'layoutShifts', () => {
    take(observer.takeRecords());
    return shifts;
  });
}

/** Runs in the page, once axe is there. */
async function findFaults(): Promise<string[]> {
  interface Finding {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
  }
  const axe = Reflect.get(globalThis, 'axe') as { run(): Promise<{ violations: readonly Finding[] }> };
  const { violations } = await axe.run();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} (${target.join(' ')}) ${failureSummary ?? ''}`),
  );
}
