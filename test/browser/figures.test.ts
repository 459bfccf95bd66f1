import { expect, inject, it } from 'vitest';
import { colourSchemes, openPage, widths } from './browser.ts';
import { ask, makePicture, openAccount } from './support/service-calls.ts';

interface Sums {
  readonly pictures: number;
  readonly hits: number;
  readonly joins: number;
  readonly saved_micros: number;
}

/** What the operator reads of all accounts together. */
async function usage(): Promise<{ totals: Sums; groups: (Sums & { dialect: string })[] }> {
  return await ask('/v1/usage?account=*&group=dialect', { key: inject('adminToken') });
}

/** What everybody reads on the model's page; each time anew. */
async function publicFigures() {
  const { page } = await openPage(`/?at=${crypto.randomUUID()}`);
  const section = page.locator('section[aria-labelledby=usage]');
  const [bought = '', reused = '', saved = ''] = await section.locator('dd').allTextContents();
  const rows = await section.locator('.ranking tr').evaluateAll((all) => all.map((row) => row.textContent ?? ''));
  return { bought: numberIn(bought), reused: numberIn(reused), saved, rows };
}
const numberIn = (text: string) => Number(text.replaceAll(',', ''));
const dollars = (micros: number) => Number((micros / 1e6).toFixed(6));

it("shows the sums of the operator's own figures, the most used API first", async () => {
  const { key } = await openAccount({ name: 'Counted' });
  const picture = { prompt: `Counted ${crypto.randomUUID()}`, size: '256x256' };
  await makePicture(key, picture);
  await makePicture(key, picture);
  const json = { ...picture, model: 'flux-2-flex', aspect_ratio: '1:1', resolution: '1 MP', size: undefined };
  await ask('/api/ai/images/generate', { key, json });
  await expect.poll(async () => (await usage()).totals.hits, { timeout: 20_000 }).toBeGreaterThan(0);
  await expect
    .poll(
      async () => {
        const [shown, { totals, groups }] = [await publicFigures(), await usage()];
        const ranking = groups.map(({ pictures, hits, joins }) => pictures + hits + joins).toSorted((a, b) => b - a);
        return {
          bought: shown.bought - totals.pictures,
          reused: shown.reused - totals.hits - totals.joins,
          saved: numberIn(shown.saved.slice(1)) - dollars(totals.saved_micros),
          ranking: shown.rows.map((row) => numberIn(/[\d,]+$/.exec(row)?.[0] ?? '')).join() === ranking.join(),
        };
      },
      { timeout: 20_000 },
    )
    .toEqual({ bought: 0, reused: 0, saved: expect.closeTo(0, 2), ranking: true });
  const { rows } = await publicFigures();
  expect(rows.join()).toContain('OpenAI images');
  expect(rows.join()).toContain('oxen.ai');
});

it('tells nothing of a single account: no name, no id, no key, no prompt, no picture', async () => {
  const { id, key } = await openAccount({ name: 'Secret Studio', visibility: 'private' });
  const prompt = `Nobody may read this ${crypto.randomUUID()}`;
  const fingerprint = await makePicture(key, { prompt, size: '256x256' });
  await expect.poll(async () => (await usage()).totals.pictures, { timeout: 20_000 }).toBeGreaterThan(0);
  const html = await (await fetch(`${inject('origin')}/?at=${crypto.randomUUID()}`)).text();
  expect(html).toContain('Used so far');
  for (const secret of [id, key, 'Secret Studio', prompt, fingerprint, inject('key'), inject('adminToken')])
    expect(html).not.toContain(secret);
});

it.each(
  Object.entries(widths).flatMap(([device, width]) => colourSchemes.map((scheme) => ({ device, width, scheme }))),
)('shows them soundly on a $device in $scheme', async ({ device, width, scheme }) => {
  await makePicture(inject('key'), { prompt: 'Seen in figures', size: '256x256' });
  const opened = await openPage('/', { width, colourScheme: scheme });
  await opened.page.locator('#usage').scrollIntoViewIfNeeded();
  expect(await opened.accessibilityFaults()).toEqual([]);
  expect(await opened.isTooWide()).toBe(false);
  expect(await opened.layoutShifts({ withInput: true })).toEqual([]);
  expect(opened.complaints).toEqual([]);
  await opened.screenshot(`figures-${device}-${scheme}`, { fullPage: false });
});
