import { expect, inject, it } from 'vitest';
import { colourSchemes, openPage, painted, widths } from './browser.ts';
import { makePicture, openAccount, withKey } from './support/service-calls.ts';

const key = inject('key');

it.each(
  Object.entries(widths).flatMap(([device, width]) => colourSchemes.map((scheme) => ({ device, width, scheme }))),
)('shows two pictures soundly on a $device in $scheme', async ({ device, width, scheme }) => {
  const a = await makePicture(key, { prompt: 'Two of them in #336699', steps: 12 });
  const b = await makePicture(key, { prompt: 'Two of them in #336699', size: '768x512', steps: 40 });
  const opened = await openPage(`/compare#a=${a}&b=${b}`, { width, colourScheme: scheme });
  const { page } = opened;
  await page.locator('.recipe-table').first().waitFor();
  const rows = await page.locator('.recipe-table').first().locator('tbody tr').allTextContents();
  expect(rows.slice(0, 2)).toEqual(['Steps1240', 'Size512 × 512768 × 512']);
  await page.getByText('They differ in size').waitFor();
  expect(await opened.accessibilityFaults()).toEqual([]);
  expect(await opened.isTooWide()).toBe(false);
  expect(opened.complaints).toEqual([]);
  expect(opened.foreignRequests).toEqual([]);
  await opened.screenshot(`compared-${device}-${scheme}`);
});

it('finds both once a service that was down is there again, and moves its slider by keyboard and by pointer', async () => {
  const a = await makePicture(key, { prompt: 'Slide', steps: 5 });
  const b = await makePicture(key, { prompt: 'Slide', steps: 50 });
  const down = ['**/images/*.json', '**/health'];
  const { page } = await openPage(`/compare#a=${a}&b=${b}`, {
    waitUntil: 'load',
    prepare: (tab) => Promise.all(down.map((path) => tab.route(path, (route) => route.abort()))),
  });
  // Once a service that was down is there again, it looks for them by itself.
  await page.getByText('The connection is lost').first().waitFor();
  for (const path of down) await page.unroute(path);
  const slider = page.getByRole('slider');
  const cut = () =>
    page.locator('.slider .over').evaluate((image) => getComputedStyle(image).clipPath.replace(/\s+/g, ' '));
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('49 % of A, 51 % of B');
  await page.keyboard.press('End');
  const whole = await cut();
  const box = await slider.boundingBox();
  if (box === null) throw new Error('The slider is not there.');
  await page.mouse.click(box.x + box.width / 4, box.y + 40);
  expect(Number(await slider.inputValue())).toBeCloseTo(25, -0.5);
  expect(await cut()).not.toBe(whole);
});

it("takes links, finds a private account's picture with its key, and says what it cannot show", async () => {
  const { key: own } = await openAccount({ name: 'Private compare', visibility: 'private' });
  const secret = await makePicture(own, { prompt: 'Nobody else sees this' });
  const open = await makePicture(key, { prompt: 'Everybody sees this' });
  const opened = await openPage(`/compare#a=${secret}&b=${open}`, { prepare: withKey(own) });
  const { page } = opened;
  await page.getByRole('slider').waitFor();
  expect(await page.locator('.recipe-table').first().textContent()).toContain('Nobody else sees this');
  await page.getByLabel('Picture A').fill('https://elsewhere.example/picture.png');
  await page.getByLabel('Picture A').blur();
  await page.getByText('Of another site').waitFor();
  await page.getByLabel('Picture A').fill(`${inject('origin')}/images/${open}.jpg?w=320`);
  await page.getByLabel('Picture A').blur();
  await page.getByText('Both are the very same picture').waitFor();
  expect(opened.foreignRequests).toEqual([]);
  const stranger = await openPage(`/compare#a=${secret}&b=${open}`);
  await stranger.page.getByText('There is no such picture here').waitFor();
});

const windows = [
  { width: 320, height: 1_200 },
  { width: 390, height: 2_400 },
  { width: 660, height: 1_200 },
  { width: 1_280, height: 800 },
];

it.each(windows)('nothing moves in $width pixels where neither side can be shown', async (size) => {
  const nobodys = { a: 'f'.repeat(64), b: 'https://elsewhere.example/a/picture.png' };
  const opened = await openPage(`/compare#${new URLSearchParams(nobodys)}`, { ...size, waitUntil: 'load' });
  const { page } = opened;
  await page.getByText('Not found').waitFor();
  await page.getByText('Of another site').waitFor();
  await page.evaluate(() => {
    location.hash = '#a=no-picture&b=another';
  });
  await expect.poll(() => page.getByText('No picture.').count()).toBe(2);
  await painted(page);
  expect(await opened.layoutShifts({ withInput: true })).toEqual([]);
});

it.each(windows)('nothing moves in $width pixels when the connection is lost, nor when it is back', async (size) => {
  const [a, b] = [
    await makePicture(key, { prompt: 'Lost and found', steps: 6 }),
    await makePicture(key, { prompt: 'Lost and found', steps: 44 }),
  ];
  const down = ['**/images/*.json', '**/health', '**/v1/**'];
  const opened = await openPage(`/compare#a=${a}&b=${b}`, {
    ...{ ...size, waitUntil: 'load' },
    prepare: (tab) => Promise.all(down.map((path) => tab.route(path, (route) => route.abort()))),
  });
  const { page } = opened;
  await expect.poll(() => page.getByText('The connection is lost').count(), { timeout: 30_000 }).toBe(2);
  await painted(page);
  expect(await opened.layoutShifts({ withInput: true })).toEqual([]);
  for (const path of down) await page.unroute(path);
  await page.locator('.recipe-table').first().waitFor({ timeout: 30_000 });
  await painted(page);
  expect(await opened.layoutShifts({ withInput: true })).toEqual([]);
});
