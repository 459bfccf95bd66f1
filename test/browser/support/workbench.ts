import type { Locator, Page } from 'playwright-core';
import { type OpenedPage, type Opening, openPage } from '../browser.ts';

/** The workbench as whoever sits there uses it. */
export interface Bench extends OpenedPage {
  readonly prompt: Locator;
  readonly make: Locator;
  /** Presses one of several choices side by side. */
  choose(group: string, choice: string): Promise<void>;
  /** Sets a scale by the number beside it. */
  set(label: string, value: number): Promise<void>;
  /** Makes the picture, once its price is there: at the price of another one none is ordered. @returns what was sent */
  order(): Promise<Record<string, unknown>>;
}

export async function openBench(fragment = '', opening: Opening = {}): Promise<Bench> {
  const opened = await openPage(`${opening.home ?? ''}/workbench${fragment}`, { waitUntil: 'load', ...opening });
  const { page } = opened;
  const make = page.locator('#make');
  await make.waitFor();
  return {
    ...opened,
    prompt: page.getByLabel('Prompt', { exact: true }),
    make,
    choose: (group, choice) =>
      page.getByRole('group', { name: group }).getByRole('button', { name: choice, exact: true }).click(),
    set: async (label, value) => {
      const field = page.getByRole('spinbutton', { name: label, exact: true });
      await field.fill(String(value));
      await field.blur();
    },
    order: async () => {
      await page.locator('.quote[aria-busy=false]').waitFor();
      await untilHeard(page);
      const sent = page.waitForRequest((request) => request.url().endsWith('/v1/images/generations'));
      await make.click();
      return (await sent).postDataJSON();
    },
  };
}

/** The button that makes, once it does. */
export const readyToMake = '#make[aria-disabled=false]';

/** Until the button hears again: for half a second after its deed is another one, it takes no press. */
export const untilHeard = (page: Page) => page.waitForTimeout(600);

/** Once it hears: the second press of a double click on Make does not reach it. */
export async function pressCancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  await untilHeard(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
}

/** Waits for the finished picture. @returns its URL, once the browser has shown it */
export async function shownPicture(page: Page): Promise<string> {
  const image = page.locator('.picture-frame img');
  await image.waitFor({ timeout: 15_000 });
  await page.waitForFunction(() => {
    const shown = document.querySelector<HTMLImageElement>('.picture-frame img');
    return shown?.complete === true && shown.naturalWidth > 0;
  });
  return (await image.getAttribute('src')) ?? '';
}
