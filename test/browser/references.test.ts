import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { openBench } from './support/workbench.ts';

const link = 'https://example.com/a%20boat.png?size=2';

const picture = (name: string, kind: 'png' | 'jpeg') => ({
  name,
  mimeType: `image/${kind}`,
  buffer: Buffer.from(pictureBytes(kind)),
});
const broken = (name: string) => ({ name, mimeType: 'image/png', buffer: Buffer.from('no picture at all') });

it('keeps the good files of several, in their order, and says which are not taken and why', async () => {
  const { page, prompt, order } = await openBench();
  await prompt.fill('With what is good');
  const files = [picture('first.png', 'png'), broken('torn.png'), picture('second.jpg', 'jpeg'), broken('worn.png')];
  await page.setInputFiles('input[type=file]', files);
  await page.getByText('2 of 10').waitFor();
  const note = page.locator('#reference-note');
  await note.getByText('“torn.png”').waitFor();
  const words = (await note.textContent()) ?? '';
  expect(words).toContain('“worn.png”');
  expect(words).toMatch(/picture|PNG/);
  expect(words).not.toMatch(/first|second/);
  const { input_images: references } = await order();
  const kinds = (references as string[]).map(async (url) => (await fetch(url)).headers.get('content-type'));
  expect(await Promise.all(kinds)).toEqual(['image/png', 'image/jpeg']);
});

it.each([
  { name: 'a link', way: 'drop', data: { 'text/uri-list': `# a boat\r\n${link}\r\n`, 'text/plain': 'A boat' } },
  { name: 'a link as text', way: 'drop', data: { 'text/plain': ` ${link}\n` } },
  { name: 'a link', way: 'paste', data: { 'text/uri-list': link } },
  { name: 'a link as text', way: 'paste', data: { 'text/plain': link } },
] as const)('takes $name by $way where no text is written', async ({ way, data }) => {
  const { page, prompt, order } = await openBench();
  await prompt.fill('By its link');
  await prompt.blur();
  const isLeft = await give(page, { way, data, target: '.reference-field' });
  if (way === 'drop') expect(isLeft).toEqual([false, false]);
  await page.getByText('1 of 10').waitFor();
  expect((await order()).input_images).toEqual([link]);
});

it('takes every link of a list, and says of one that is not https what is taken', async () => {
  const { page, prompt, order } = await openBench();
  await prompt.fill('By their links');
  const list = [link, 'http://example.com/insecure.png', `${link}&second`].join('\r\n');
  await give(page, { way: 'drop', data: { 'text/uri-list': list }, target: 'body' });
  await page.getByText('2 of 10').waitFor();
  await page.getByText('a link that begins with https://').waitFor();
  expect((await order()).input_images).toEqual([link, `${link}&second`]);
});

it.each(['#prompt', '[aria-label="Link to a reference"]', '#seed'])(
  'leaves a link that is dropped on or pasted into %s to that field',
  async (target) => {
    const { page } = await openBench();
    for (const way of ['drop', 'paste'] as const)
      expect(await give(page, { way, data: { 'text/uri-list': link, 'text/plain': link }, target })).not.toContain(
        false,
      );
    await page.waitForTimeout(300);
    expect(await page.getByText('0 of 10').count()).toBe(1);
  },
);

it.each(['a boat', `${link} and more`, 'http://example.com/a.png'])(
  'makes no reference of the text “%s”',
  async (text) => {
    const { page } = await openBench();
    for (const way of ['drop', 'paste'] as const)
      await give(page, { way, data: { 'text/plain': text }, target: '.reference-field' });
    await page.waitForTimeout(300);
    expect(await page.getByText('0 of 10').count()).toBe(1);
  },
);

interface Gift {
  readonly way: 'drop' | 'paste';
  /** By type. */
  readonly data: Readonly<Record<string, string>>;
  readonly target: string;
}

/** @returns whether the browser is left to do what it does with it: over the target, and on it */
async function give(page: Page, { target, ...gift }: Gift): Promise<boolean[]> {
  return await page
    .locator(target)
    .first()
    .evaluate((node, { way, data }) => {
      const transfer = new DataTransfer();
      for (const [type, text] of Object.entries(data)) transfer.setData(type, text);
      const options = { bubbles: true, cancelable: true };
      if (way === 'paste')
        return [node.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: transfer }))];
      return ['dragover', 'drop'].map((kind) =>
        node.dispatchEvent(new DragEvent(kind, { ...options, dataTransfer: transfer })),
      );
    }, gift);
}
