import { expect, it } from 'vitest';
import { openPage, widths } from './browser.ts';
import { openBench, shownPicture } from './support/workbench.ts';

it.each([
  { field: 'Steps as a number', typed: '999', accepted: 'A whole number from 1 to 50', right: '9' },
  { field: 'Steps as a number', typed: '0', accepted: 'A whole number from 1 to 50', right: '9' },
  { field: 'Steps as a number', typed: '', accepted: 'A whole number from 1 to 50', right: '9' },
  { field: 'Guidance as a number', typed: '1', accepted: 'A number from 1.5 to 10', right: '2' },
  { field: 'Seed', typed: '-5', accepted: 'A whole number from 0 to 4294967295', right: '5' },
  { field: 'Seed', typed: '99999999999', accepted: 'A whole number from 0 to 4294967295', right: '5' },
  { field: 'Width', typed: '9', accepted: 'A whole number from', right: '640' },
])('makes nothing with $field "$typed", and says what is accepted', async ({ field, typed, accepted, right }) => {
  const { page, prompt, make } = await openBench();
  await prompt.fill('A number that is none');
  await expect.poll(() => make.isEnabled()).toBe(true);
  const input = page.getByRole('spinbutton', { name: field, exact: true });
  await input.fill(typed);
  await page.getByText(accepted).waitFor();
  expect(await input.getAttribute('aria-invalid')).toBe('true');
  expect(await make.isDisabled()).toBe(true);
  await prompt.press('Control+Enter');
  expect(await page.locator('.is-busy, .picture-frame').count()).toBe(0);
  await input.fill(right);
  await expect.poll(() => make.isEnabled()).toBe(true);
  expect(await input.getAttribute('aria-invalid')).toBe('false');
});

it.each([
  { button: '1:1', group: 'Shape' },
  { button: '1 MP', group: 'Megapixels' },
])('clears a width that cannot be used by $button, also where it is the size already', async ({ button, group }) => {
  const { page, prompt, make, choose } = await openBench();
  await prompt.fill('A wrong width');
  const width = page.getByRole('spinbutton', { name: 'Width', exact: true });
  await width.fill('9');
  await page.getByText('A whole number from').waitFor();
  await choose(group, button);
  await expect.poll(() => width.inputValue()).toBe('1024');
  expect(await width.getAttribute('aria-invalid')).toBe('false');
  expect(await page.getByText('A whole number from').count()).toBe(0);
  await expect.poll(() => make.isEnabled()).toBe(true);
});

it('draws a seed where none is left', async () => {
  const { page, prompt, order } = await openBench('#prompt=Seedless&seed=7&lock=1');
  const seed = page.getByRole('spinbutton', { name: 'Seed', exact: true });
  await prompt.waitFor();
  await seed.fill('');
  await seed.blur();
  await expect.poll(() => seed.inputValue()).toMatch(/^\d+$/);
  const shown = Number(await seed.inputValue());
  expect([0, 7]).not.toContain(shown);
  expect((await order()).seed).toBe(shown);
});

it('renders no sheet without a budget', async () => {
  const { page } = await openPage('/sweep#prompt=No+budget', { waitUntil: 'load' });
  await page.getByRole('button', { name: 'Render 6' }).waitFor();
  await page.getByLabel('Budget in dollars').fill('');
  await page.getByText('A number from 0.01 to').waitFor();
  expect(await page.locator('#make').isDisabled()).toBe(true);
});

it('is written and made by the keyboard alone', async () => {
  const { page, prompt } = await openBench();
  // The focus is there a frame later than the page.
  await expect.poll(() => prompt.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.type(`By the keyboard ${Date.now()}`);
  await page.keyboard.press('Control+Enter');
  await shownPicture(page);
});

it('brings the finished picture into sight on a phone, above its bar', async () => {
  const { page, prompt } = await openBench('', { width: widths.phone, height: 700 });
  await prompt.fill(`Into sight ${Date.now()}`);
  await page.locator('#make').click();
  await shownPicture(page);
  const bottomOf = (selector: string) => page.locator(selector).evaluate((node) => node.getBoundingClientRect().bottom);
  const barTop = await page.locator('.order-bar').evaluate((node) => node.getBoundingClientRect().top);
  await expect.poll(() => bottomOf('.picture-frame')).toBeLessThanOrEqual(barTop);
});

it('refuses in words a file that is no picture, and a link that is not https', async () => {
  const { page } = await openBench();
  const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') };
  await page.setInputFiles('input[type=file]', file);
  await page.getByText('“notes.txt” is not taken: references are PNG, JPEG, WebP or GIF.').waitFor();
  const link = page.getByLabel('Link to a reference');
  await link.fill('http://example.com/a.png');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('a link that begins with https://').waitFor();
  expect(await link.getAttribute('aria-invalid')).toBe('true');
  expect(await link.inputValue()).toBe('http://example.com/a.png');
  expect(await page.getByText('0 of 10').count()).toBe(1);
});

it('says of a text that cannot be a key that it is none', async () => {
  const { page } = await openBench();
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Your API key').fill('fg_live_ключ');
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('This is not a key').waitFor();
  expect(await page.evaluate(() => sessionStorage.getItem('fluxgate-key'))).toBeNull();
});

it('quotes again by itself once the connection is back, and speaks of no order', async () => {
  const { page, prompt } = await openBench();
  await page.context().setOffline(true);
  await prompt.fill(`Offline ${Date.now()}`);
  await page.getByText('The connection is lost').waitFor({ timeout: 30_000 });
  expect(await page.locator('.order-bar').textContent()).not.toContain('ordered');
  await page.context().setOffline(false);
  await page.locator('.order-bar .price').waitFor();
});

it.each(['/workbench', '/sweep', '/compare', '/gallery', '/dashboard'])(
  'says at once on %s what it is without JavaScript, and fits a phone',
  async (path) => {
    const { page, isTooWide } = await openPage(path, { javaScript: false, width: widths.phone });
    const note = await page.locator('main .note').first().boundingBox();
    expect(note?.y).toBeLessThan(300);
    expect(note?.width).toBeLessThanOrEqual(widths.phone);
    const widest = await page
      .locator('main pre')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
    expect(Math.max(...widest)).toBeLessThanOrEqual(widths.phone);
    expect(await isTooWide()).toBe(false);
  },
);

it('asks for what every control says, and for nothing else than that', async () => {
  const { page, choose, set, order } = await openBench('#prompt=One+control+after+another&seed=7');
  const quoted: Record<string, unknown>[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/v1/quote')) quoted.push(request.postDataJSON());
  });
  const asksFor = (settings: Readonly<Record<string, unknown>>) =>
    expect
      .poll(() => quoted.at(-1))
      .toEqual({ model: expect.any(String), prompt: 'One control after another', ...settings });
  const slide = async (names: readonly string[], key: string) => {
    for (const name of names) await page.getByRole('slider', { name, exact: true }).press(key);
  };
  const scales = ['Steps', 'Guidance', 'Safety tolerance'];
  const upsampling = page.getByLabel('Enrich the prompt before rendering');
  const lock = page.getByRole('button', { name: 'Keep the seed' });

  await choose('Format', 'JPEG');
  await choose('Shape', '16:9');
  await choose('Megapixels', '0.5 MP');
  await slide([...scales, 'Quality'], 'ArrowLeft');
  await upsampling.uncheck();
  await page.getByRole('button', { name: 'Draw another seed' }).click();
  const turned = { steps: 29, guidance: 4.9, safety_tolerance: 1, prompt_upsampling: false, size: '960x544' };
  const jpeg = { output_format: 'jpeg', output_compression: 89 };
  await asksFor({ ...turned, ...jpeg, seed: expect.any(Number) });
  const { seed } = quoted.at(-1) ?? {};
  expect(seed).not.toBe(7);
  expect(await page.getByRole('spinbutton', { name: 'Seed', exact: true }).inputValue()).toBe(String(seed));

  await choose('Format', 'AVIF');
  await slide([...scales, 'Quality'], 'Home');
  await upsampling.check();
  await set('Width', 1001);
  const least = { steps: 1, guidance: 1.5, safety_tolerance: 0, prompt_upsampling: true, size: '1001x544' };
  await asksFor({ ...least, output_format: 'avif', output_compression: 1, seed });

  await choose('Format', 'WebP');
  await slide([...scales, 'Quality'], 'End');
  await set('Height', 333);
  const most = { steps: 50, guidance: 10, safety_tolerance: 5, prompt_upsampling: true, size: '1001x333' };
  await asksFor({ ...most, output_format: 'webp', output_compression: 100, seed });

  await choose('Format', 'PNG');
  await lock.click();
  await asksFor({ ...most, output_format: 'png', seed });
  const { stream: _, ...ordered } = await order();
  expect(ordered).toEqual(quoted.at(-1));
  await shownPicture(page);
  expect((await order()).seed).toBe(seed);
  await shownPicture(page);
  await lock.click();
  expect((await order()).seed).not.toBe(seed);
});
