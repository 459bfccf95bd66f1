import type { Page, Route } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { openPage, painted } from './browser.ts';
import { ask, openAccount, withKey } from './support/service-calls.ts';
import { openBench, pressCancel, shownPicture, untilHeard } from './support/workbench.ts';

const uploads = '**/api/assets';

it('keeps both of two pictures that are pasted one after the other, in their order', async () => {
  const { page } = await openBench();
  const held = await holdFirst(page, uploads);
  await paste(page, 'png');
  await held.reached;
  await paste(page, 'jpeg');
  await expect.poll(() => held.passed()).toBe(1);
  held.release();
  await page.getByText('2 of 10').waitFor();
  const types = await page.locator('.references img').evaluateAll((all) => all.map((one) => one.getAttribute('src')));
  expect(types).toEqual([expect.stringMatching(/\.png$/), expect.stringMatching(/\.jpe?g$/)]);
});

it('takes what is dropped at any moment, while it is still drawing what was typed too', async () => {
  const { prompt } = await openBench();
  await prompt.fill('A first word');
  const taken = await prompt.evaluate(async (area: HTMLTextAreaElement) => {
    const data = new DataTransfer();
    data.items.add(new File(['a'], 'a.png', { type: 'image/png' }));
    const answers: boolean[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      area.value = `Typed ${turn}`;
      area.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve));
      const over = new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer: data });
      area.dispatchEvent(over);
      answers.push(over.defaultPrevented);
    }
    return answers.filter((answer) => answer).length;
  });
  expect(taken).toBe(20);
});

it('lets a reference stay removed that is taken away while another one is kept', async () => {
  const { page } = await openBench();
  await page.getByLabel('Link to a reference').fill('https://example.com/away.png');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const held = await holdFirst(page, uploads);
  await paste(page, 'png');
  await held.reached;
  await page.getByRole('button', { name: 'Remove reference 1' }).click();
  await page.getByText('0 of 10').waitFor();
  held.release();
  await page.getByAltText('Reference 1').waitFor();
  expect(await page.getByText('example.com').count()).toBe(0);
  expect(await page.getByText('1 of 10').count()).toBe(1);
});

it('orders nothing without a reference that is still being kept', async () => {
  const { page, prompt, make, order } = await openBench();
  await prompt.fill(`With all of its references ${Date.now()}`);
  const held = await holdFirst(page, uploads);
  await paste(page, 'png');
  await held.reached;
  await page.locator('.order-bar').getByText('A reference is still being kept').waitFor();
  expect(await make.isDisabled()).toBe(true);
  await prompt.press('Control+Enter');
  expect(await page.locator('.is-busy, .picture-frame').count()).toBe(0);
  held.release();
  await expect.poll(() => make.isEnabled()).toBe(true);
  expect((await order()).input_images).toHaveLength(1);
});

it('can order again where a reference could not be kept', async () => {
  const { page, prompt, make } = await openBench();
  await prompt.fill('Its reference is refused');
  await page.route(uploads, (route) => route.fulfill({ status: 413, json: { error: { message: 'Too many bytes.' } } }));
  await paste(page, 'png');
  await page.getByText('Too many bytes.').waitFor();
  await expect.poll(() => make.isEnabled()).toBe(true);
});

it('shows the picture alone, of four that are ordered before their price came', async () => {
  const shown: number[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const { page, prompt } = await openBench();
    await prompt.fill(`Before its price ${turn} ${Date.now()}`);
    await page.keyboard.press('Control+Enter');
    await shownPicture(page);
    // A timer that is left over has ticked by now.
    await page.waitForTimeout(700);
    shown.push(await page.locator('.stage-view > *').count());
    await page.context().close();
  }
  expect(shown).toEqual([1, 1, 1, 1]);
});

it('buys nothing by a click on a picture that was stored, and was deleted elsewhere', async () => {
  const { page, prompt, make } = await openBench();
  await prompt.fill(`Stored, then purged ${Date.now()}`);
  await page.getByRole('button', { name: 'Keep the seed' }).click();
  await make.click();
  const fingerprint = /[0-9a-f]{64}/.exec(await shownPicture(page))?.[0];
  await page.getByText('stored already').waitFor();
  await ask(`/v1/admin/pictures/${fingerprint}`, { key: inject('adminToken'), method: 'DELETE' });
  let orders = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/images/generations')) orders += 1;
  });
  await untilHeard(page);
  await make.click();
  const alert = page.getByRole('alert');
  await alert.getByText('nothing was ordered').waitFor();
  expect(await alert.textContent()).toContain('$0.0525');
  expect(orders).toBe(0);
  await page.locator('.order-bar').getByText('$0.0525').waitFor();
  await untilHeard(page);
  await make.click();
  await shownPicture(page);
  expect(orders).toBe(1);
});

it('leaves a text that is dropped to the field that it is dropped on', async () => {
  const { prompt } = await openBench();
  const isLeft = await prompt.evaluate((field) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'a boat');
    const left = (kind: string) =>
      field.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
    return [left('dragover'), left('drop')];
  });
  expect(isLeft).toEqual([true, true]);
});

it('says of a cancel that it may come too late, before and after', async () => {
  const { page, prompt, make } = await openBench();
  await prompt.fill(`sandbox:slow ${Date.now()}`);
  await make.click();
  await page.getByText('A cancel may come too late').waitFor();
  await pressCancel(page);
  await page.getByRole('status').getByText('it is paid for, and you have it').waitFor();
});

it.each(['f'.repeat(64), 'no-fingerprint'])('says that no picture is stored as %s', async (fingerprint) => {
  const { page, prompt } = await openBench(`#from=${fingerprint}`);
  await page.getByText('No such picture is stored').waitFor();
  await page.locator('.order-bar').getByText('Write a prompt.').waitFor();
  await prompt.fill('Another one');
  await expect.poll(() => page.getByText('No such picture is stored').count()).toBe(0);
});

it('says of a key without the scope what it lacks, not that it is wrong', async () => {
  const { key } = await openAccount({ name: 'Reads alone', scopes: ['read'] });
  const { page, prompt } = await openBench('', { prepare: withKey(key) });
  await prompt.fill('May it?');
  await page.keyboard.press('Control+Enter');
  await page.locator('#key-hint').getByText('scope').waitFor();
  expect(await page.getByText('The key was refused').count()).toBe(0);
});

it('writes a prompt in its own direction, and lets it turn nothing beside it', async () => {
  const { page, prompt, make, choose } = await openBench();
  const text = `A boat \u202e${Date.now()} שלום`;
  await prompt.fill(text);
  expect(await prompt.getAttribute('dir')).toBe('auto');
  await make.click();
  await shownPicture(page);
  const apart = await page.locator('.recipe bdi').allTextContents();
  expect(apart).toContain(JSON.stringify(text));
  // In code it is apart, too, and what would turn the text unseen is spelt out.
  await choose('What to see', 'API');
  const shown = JSON.stringify(text).replace('\u202e', '\\u202e');
  expect(await page.locator('#sample bdi').allTextContents()).toEqual([shown]);
});

it.each(['/workbench', '/sweep'])(
  'fits %s into 320 pixels, cuts off no value, and has nothing that is focused under its bar',
  async (path) => {
    const { page, isTooWide } = await openPage(`${path}#prompt=Narrow`, { width: 320, height: 600, waitUntil: 'load' });
    await page.locator('#make').waitFor();
    expect(await isTooWide()).toBe(false);
    expect(await page.locator('.bench input:is([type=number], [type=text])').evaluateAll(valuesCutOff)).toEqual([]);
    const covered: string[] = [];
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      await painted(page);
      covered.push(await page.evaluate(coveredByBar));
    }
    expect(covered.filter((name) => name !== '')).toEqual([]);
  },
);

/** Runs in the page. The arrows of a number take some of its room. */
function valuesCutOff(fields: readonly Element[]): string[] {
  const context = document.createElement('canvas').getContext('2d');
  return fields
    .filter((field): field is HTMLInputElement => field instanceof HTMLInputElement)
    .filter((field) => {
      const { font, paddingLeft, paddingRight } = getComputedStyle(field);
      if (context !== null) context.font = font;
      const arrows = field.type === 'number' ? 16 : 0;
      const words = context?.measureText(field.value).width ?? 0;
      return words + arrows + Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight) > field.clientWidth;
    })
    .map(({ id }) => id);
}

/** Runs in the page. @returns what has the focus where the bar lies over its middle, else nothing */
function coveredByBar(): string {
  const focused = document.activeElement;
  const bar = document.querySelector('.order-bar');
  if (focused === null || bar === null || bar.contains(focused)) return '';
  const { top, bottom } = focused.getBoundingClientRect();
  const { top: edge, bottom: end } = bar.getBoundingClientRect();
  const middle = (top + bottom) / 2;
  return middle > edge && middle < end ? `${focused.localName} ${focused.id}` : '';
}

async function paste(page: Page, kind: 'png' | 'jpeg'): Promise<void> {
  await page.locator('#prompt').evaluate(
    (target, { type, bytes }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(bytes)], 'pasted', { type }));
      target.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
    },
    { type: `image/${kind}`, bytes: [...pictureBytes(kind)] },
  );
}

/** Holds the first request back until it is released; later ones pass. */
async function holdFirst(page: Page, pattern: string) {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let seen = 0;
  let passed = 0;
  await page.route(pattern, async (route: Route) => {
    seen += 1;
    if (seen === 1) {
      reached.resolve();
      await released.promise;
      await route.continue();
      return;
    }
    await route.fulfill({ response: await route.fetch() });
    passed += 1;
  });
  return { reached: reached.promise, release: () => released.resolve(), passed: () => passed };
}
