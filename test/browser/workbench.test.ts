import { expect, inject, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { colourSchemes, widths } from './browser.ts';
import { makePicture } from './support/service-calls.ts';
import { openBench, shownPicture, untilHeard } from './support/workbench.ts';

it('makes a picture from nothing typed but a prompt, within ten seconds', async () => {
  const { page, prompt, make, complaints } = await openBench();
  const startedAt = Date.now();
  await prompt.fill(`A poster that says "TEN SECONDS", ${startedAt}`);
  await make.click();
  const url = await shownPicture(page);
  expect(Date.now() - startedAt).toBeLessThan(10_000);
  expect(url).toMatch(new RegExp(`^${inject('origin')}/images/[0-9a-f]{64}\\.png$`));
  expect(complaints).toEqual([]);
});

it('sends what each control says', async () => {
  const { prompt, page, choose, set, order } = await openBench();
  await prompt.fill('Every control is turned');
  await choose('Shape', '16:9');
  await choose('Megapixels', '0.5 MP');
  await set('Steps as a number', 12);
  await set('Guidance as a number', 7.5);
  await set('Seed', 4_294_967_295);
  await page.getByLabel('Enrich the prompt before rendering').uncheck();
  await set('Safety tolerance as a number', 4);
  await choose('Format', 'WebP');
  await set('Quality as a number', 71);
  await page.getByLabel('Link to a reference').fill('https://example.com/a.png');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  expect(await order()).toMatchObject({
    prompt: 'Every control is turned',
    size: '960x544',
    steps: 12,
    guidance: 7.5,
    seed: 4_294_967_295,
    prompt_upsampling: false,
    safety_tolerance: 4,
    output_format: 'webp',
    output_compression: 71,
    input_images: ['https://example.com/a.png'],
  });
});

it('takes a size to the pixel, and says where it is too large', async () => {
  const { prompt, page, set, order, make } = await openBench();
  await prompt.fill('To the pixel');
  await set('Width', 1001);
  await set('Height', 333);
  expect(await order()).toMatchObject({ size: '1001x333' });
  await shownPicture(page);
  await set('Width', 4096);
  await set('Height', 4096);
  await page.getByText('At most 4 megapixels, such as').waitFor();
  expect(await make.isDisabled()).toBe(true);
});

it('keeps a dropped file as a reference, and shows it', async () => {
  const { prompt, page, order } = await openBench();
  await prompt.fill('With a file');
  await page.setInputFiles('input[type=file]', {
    name: 'reference.png',
    mimeType: 'image/png',
    buffer: Buffer.from(pictureBytes('png')),
  });
  await page.getByAltText('Reference 1').waitFor();
  const { input_images: references } = await order();
  expect(references).toEqual([expect.stringMatching(new RegExp(`^${inject('origin')}/uploads/`))]);
  await shownPicture(page);
  await page.getByRole('button', { name: 'Remove reference 1' }).click();
  await page.getByAltText('Reference 1').waitFor({ state: 'detached' });
});

it.each(['drop', 'paste'])('takes a picture by %s, wherever it lands', async (way) => {
  const { page } = await openBench();
  await page.getByLabel('Prompt', { exact: true }).evaluate(
    (target, { kind, bytes }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(bytes)], 'a.png', { type: 'image/png' }));
      const event =
        kind === 'drop'
          ? new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data })
          : new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data });
      target.dispatchEvent(event);
    },
    { kind: way, bytes: [...pictureBytes('png')] },
  );
  await page.getByAltText('Reference 1').waitFor();
  await page.getByText('1 of 10').waitFor();
});

it('takes references up to the limit of the model, and says so', async () => {
  const { page, prompt, order } = await openBench();
  await prompt.fill('Ten of them');
  const file = (index: number) => ({
    name: `${index}.png`,
    mimeType: 'image/png',
    buffer: Buffer.from(pictureBytes('png')),
  });
  await page.setInputFiles(
    'input[type=file]',
    Array.from({ length: 11 }, (_, index) => file(index)),
  );
  await page.getByText('At most 10 references; the first 10 were taken.').waitFor();
  expect((await order()).input_images).toHaveLength(10);
  await shownPicture(page);
});

it('takes over the shape of a reference', async () => {
  const { page } = await openBench();
  const wide = await makePicture(inject('key'), { prompt: 'A wide reference', size: '1024x512' });
  await page.getByLabel('Link to a reference').fill(`${inject('origin')}/images/${wide}.png`);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'As the first reference' }).click();
  await expect.poll(() => page.inputValue('#width')).toBe('1456');
  expect(await page.inputValue('#height')).toBe('720');
});

it('checks a JSON prompt while it is written, and sends it as an object', async () => {
  const { prompt, page, choose, order, make } = await openBench();
  await choose('Kind of prompt', 'JSON');
  await prompt.fill('{"scene": "a harbour",\n}');
  await page.getByText(/Not valid JSON/).waitFor();
  expect(await make.isDisabled()).toBe(true);
  await prompt.fill('["a list"]');
  await page.getByText(/A JSON prompt is an object/).waitFor();
  await prompt.fill('{"scene": "a harbour"}');
  expect(await order()).toMatchObject({ prompt: { scene: 'a harbour' } });
});

it('shows the colours of a prompt, and changes one in place', async () => {
  const { prompt, page } = await openBench();
  await prompt.fill('A door in #336699');
  const chip = page.getByLabel('#336699');
  await chip.evaluate((input: HTMLInputElement) => {
    input.value = '#ff0000';
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await expect.poll(() => prompt.inputValue()).toBe('A door in #ff0000');
});

it('quotes as one writes, and says what is stored already', async () => {
  const { prompt, page, make, choose } = await openBench();
  await prompt.fill(`Quoted, then stored ${Date.now()}`);
  await page.getByRole('button', { name: 'Keep the seed' }).click();
  await page.getByText('$0.0525').waitFor();
  await choose('Megapixels', '0.5 MP');
  await page.getByText('$0.05', { exact: true }).waitFor();
  await make.click();
  await shownPicture(page);
  await page.getByText('stored already', { exact: false }).first().waitFor();
  expect(await page.locator('.order-bar').textContent()).toContain('$0.00');
  // Another picture has no price until it is told, least of all that of the stored one.
  const { promise: pressed, resolve: press } = Promise.withResolvers<void>();
  await page.route('**/v1/quote*', async (route) => {
    await pressed;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Keep the seed' }).click();
  await page.getByRole('button', { name: 'Make another' }).waitFor();
  expect(await page.locator('.order-bar .quote').textContent()).toBe('…');
  const before = await shownPicture(page);
  await untilHeard(page);
  await make.click();
  press();
  // It is dearer than what stood there last: that is told first.
  await page.getByRole('heading', { name: 'It costs $0.05 by now' }).waitFor();
  await untilHeard(page);
  await make.click();
  await expect.poll(() => page.locator('.picture-frame img').getAttribute('src')).not.toBe(before);
});

it('draws another seed for the next picture, unless it is kept', async () => {
  const { prompt, page, make, order } = await openBench();
  await prompt.fill('Another, and the same again');
  const first = await order();
  await shownPicture(page);
  await page.getByRole('button', { name: 'Make another' }).waitFor();
  const second = await order();
  expect(second.seed).not.toBe(first.seed);
  await page.getByRole('button', { name: 'Keep the seed' }).click();
  await shownPicture(page);
  await expect.poll(() => make.textContent()).not.toContain('another');
  expect((await order()).seed).toBe(second.seed);
});

it('reproduces a bench from its link, and a picture from its fingerprint', async () => {
  const first = await openBench();
  await first.prompt.fill('A link & its "picture", #00ff00');
  await first.choose('Shape', '3:2');
  await first.set('Steps as a number', 9);
  const sent = await first.order();
  const url = await shownPicture(first.page);
  const fragment = new URL(first.page.url()).hash;
  const second = await openBench(fragment);
  expect(await second.order()).toEqual(sent);
  expect(await shownPicture(second.page)).toBe(url);
  const third = await openBench(`#from=${/[0-9a-f]{64}/.exec(url)?.[0]}`);
  await expect.poll(() => third.prompt.inputValue()).toBe('A link & its "picture", #00ff00');
  expect(await third.order()).toEqual(sent);
});

it('keeps a typed key in the tab alone', async () => {
  const { page, prompt } = await openBench();
  await prompt.fill('Whose key is it');
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Your API key').fill('fg_live_typed_by_hand');
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('The key is not accepted').first().waitFor();
  const kept = await page.evaluate(() => ({ session: { ...sessionStorage }, local: { ...localStorage } }));
  expect(kept).toEqual({ session: { 'fluxgate-key': 'fg_live_typed_by_hand' }, local: {} });
  expect(page.url()).not.toContain('typed_by_hand');
  expect(page.url()).not.toContain(inject('key'));
});

it('is worked by keyboard from the top to the button', async () => {
  // On a wide page the prompt is focused from the beginning.
  const { page, prompt } = await openBench('', { width: widths.phone });
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Skip');
  await prompt.focus();
  await page.keyboard.type('By keyboard alone');
  const reached: string[] = [];
  for (let presses = 0; presses < 12 && !reached.includes('make'); presses += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.id ?? ''));
  }
  expect(reached).toContain('make');
  // Pressed twice, and held: it is ordered once, and not cancelled.
  await page.keyboard.down('Enter');
  await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  const first = await shownPicture(page);
  await page.getByRole('button', { name: 'Make another' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('make');
  await untilHeard(page);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.picture-frame img').getAttribute('src')).not.toBe(first);
  expect(await shownPicture(page)).not.toBe(first);
});

it.each(
  Object.entries(widths).flatMap(([device, width]) => colourSchemes.map((scheme) => ({ device, width, scheme }))),
)('shows a made picture soundly on a $device in $scheme', async ({ device, width, scheme }) => {
  const opened = await openBench('', { width, colourScheme: scheme });
  await opened.prompt.fill('A risograph poster that says "NIGHT MARKET" in #ff5a36');
  await opened.make.click();
  await shownPicture(opened.page);
  await opened.page.getByRole('button', { name: 'Larger' }).click();
  expect(await opened.accessibilityFaults()).toEqual([]);
  expect(await opened.isTooWide()).toBe(false);
  await opened.page.getByRole('button', { name: 'Smaller' }).click();
  await opened.screenshot(`made-${device}-${scheme}`);
  await opened.choose('What to see', 'API');
  expect(await opened.accessibilityFaults()).toEqual([]);
  expect(await opened.isTooWide()).toBe(false);
  await opened.screenshot(`api-${device}-${scheme}`);
  expect(opened.complaints).toEqual([]);
});
