import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { signedLink } from '../../src/client/signed-link.ts';
import { openPage, scrollThrough } from './browser.ts';
import { type CountedService, startCounted } from './support/counted-service.ts';
import { type ExampleSite, startExample } from './support/example-site.ts';
import { ask } from './support/service-calls.ts';

let service: CountedService;
let site: ExampleSite;

beforeAll(async () => {
  vi.stubEnv('WRANGLER_LOG', 'error'); // It would tell where it read its settings.
  service = await startCounted();
  site = await startExample(service.url);
});
afterAll(async () => {
  site.close();
  await service.stop();
});

/** Looks at a page to its end, in a browser profile that has kept nothing. @returns what it asked of the service */
async function visit(name: string, act: (page: Page) => Promise<void> = scrollThrough): Promise<readonly string[]> {
  const asked = new Map<string, string>();
  const { page } = await openPage(`${site.origin}/${name}`, {
    prepare: async (tab, context) => {
      const devtools = await context.newCDPSession(tab);
      await devtools.send('Network.enable');
      devtools.on('Network.requestWillBeSent', ({ requestId, request: { method, url } }) => {
        if (url.startsWith(site.service)) asked.set(requestId, `${method} ${new URL(url).pathname}`);
      });
      // The same picture twice in one page is asked for once.
      devtools.on('Network.requestServedFromCache', ({ requestId }) => asked.delete(requestId));
    },
  });
  await act(page);
  return [...asked.values()];
}

/** What visits ask, have the service do and have it buy. */
async function measured(visiting: () => Promise<readonly string[]>) {
  const before = await boughtSoFar();
  await service.taken();
  const asked = await visiting();
  const { d1Queries: _, d1RowsRead: __, d1RowsWritten: ___, ...tally } = await service.taken();
  return { asked, tally, bought: (await boughtSoFar()) - before };
}

/** Pages of the example, with how many pictures by signed links each has. */
const pages = { 'index.html': 9, 'article.html': 3, 'press.html': 1 };
const isPicture = (line: string) => line.startsWith('GET /i/');

/** With a key of the page's own, in two ways: each orders. */
async function print(page: Page): Promise<void> {
  await page.getByLabel('Words').fill('By a visitor');
  await page.getByRole('button', { name: 'Print it' }).click();
  await page.locator('#sheet img[alt*="By a visitor"]').waitFor();
  await page.locator('#live flux-image[alt*="By a visitor"]:state(ready)').waitFor();
}

/** One object of R2 for each picture is read, and nothing else is done that is billed, but for what counts the hits. */
const onlyReads = (pictures: number) => ({
  ...{ r2Reads: pictures, r2Writes: 0, imageTransformations: 0 },
  ...{ objectCalls: 0, objectAlarms: 0, objectRowsWritten: 0 },
});

it('a second visitor, with nothing in the cache, reaches no Durable Object with any picture of any page', async () => {
  const all = async () => (await Promise.all(Object.keys(pages).map((name) => visit(name)))).flat();
  await all();
  const { asked, tally, bought } = await measured(all);
  const [pictures, others] = [asked.filter(isPicture), asked.filter((line) => !isPicture(line))];
  expect(pictures).toHaveLength(Object.values(pages).reduce((sum, count) => sum + count, 0));
  expect(others).toEqual(Object.keys(pages).map(() => expect.stringMatching(/^GET \/embed\.\w+\.js$/)));
  expect(tally).toEqual(onlyReads(pictures.length));
  expect(bought).toBe(0);
});

it('a second visitor who orders what the first one ordered reaches none, either', async () => {
  const [first, second] = [
    await measured(() => visit('press.html', print)),
    await measured(() => visit('press.html', print)),
  ];
  expect(first.bought).toBe(1);
  expect(second.asked.filter((line) => line === 'POST /v1/flux-2-flex')).toHaveLength(2);
  // The poster of the page, and of each order its answer and its picture.
  const reading = second.asked.filter((line) => /^POST |^GET \/i(mages)?\//.test(line));
  expect(second.tally).toEqual(onlyReads(reading.length));
  expect(second.bought).toBe(0);
});

it('is seen where a picture is new: its first visitor reaches one and buys, and the second does not', async () => {
  await addPage('new.html', `A picture that nobody saw ${Date.now()}`);
  const [first, second] = [await measured(() => visit('new.html')), await measured(() => visit('new.html'))];
  expect([first.tally.objectCalls > 0, first.bought]).toEqual([true, 1]);
  expect([second.tally, second.bought]).toEqual([onlyReads(1), 0]);
});

/** A page of the site whose one picture has a link that is signed as those of the example are. */
async function addPage(name: string, prompt: string): Promise<void> {
  const { id, key } = await ask<{ id: string; key: string }>('/v1/admin/accounts/example-site/keys', {
    ...{ origin: service.url, json: { kind: 'link', name: 'one more' } },
  });
  const url = await signedLink(site.service, { prompt, width: 256, height: 256 }, { keyId: id, secret: key });
  const image = `<img src="${url.replaceAll('&', '&amp;')}" width="256" height="256" alt="New">`;
  writeFileSync(join(site.folder, name), `<!doctype html><html lang="en"><title>New</title>${image}</html>`);
}

async function boughtSoFar(): Promise<number> {
  const path = '/v1/usage?account=*';
  return (await ask<{ totals: { purchases: number } }>(path, { origin: service.url })).totals.purchases;
}
