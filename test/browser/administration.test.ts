import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { openPage } from './browser.ts';
import { ask, openAccount, withKey } from './support/service-calls.ts';
import { untilHeard } from './support/workbench.ts';

interface Listed {
  readonly id: string;
  readonly revoked_at: string | null;
  readonly expires_at: string | null;
}

/** The dashboard with the keys of an account that has one. */
async function openKeys(name: string) {
  const { id, key } = await openAccount({ name });
  const opened = await openPage('/dashboard', { waitUntil: 'load' });
  const { page } = opened;
  await page.locator('.admin').getByRole('button', { name: id, exact: true }).click();
  await page.getByRole('button', { name: 'Revoke' }).waitFor();
  const keys = async () => (await ask<{ data: Listed[] }>(`/v1/admin/accounts/${id}/keys`)).data;
  return { ...opened, key, keys };
}

/** How often the service was asked so. */
function countOf(page: Page, pattern: RegExp): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (pattern.test(`${request.method()} ${request.url()}`)) count += 1;
  });
  return () => count;
}

it('ends a key by two presses, which a double click is not', async () => {
  const { page, key } = await openKeys('Double click');
  const revocations = countOf(page, /^DELETE .*\/v1\/admin\/keys\//);
  await page.getByRole('button', { name: 'Revoke' }).dblclick();
  const really = page.getByRole('button', { name: 'Really: it ends at once' });
  await really.waitFor();
  await untilHeard(page);
  expect(revocations()).toBe(0);
  await ask('/v1/account', { key });
  await really.click();
  await page.getByText('revoked', { exact: true }).waitFor();
  expect(revocations()).toBe(1);
});

it('hears Enter once however long it is held on Revoke', async () => {
  const { page, key } = await openKeys('Held');
  await page.getByRole('button', { name: 'Revoke' }).focus();
  for (let times = 0; times < 12; times += 1) {
    await page.keyboard.down('Enter');
    await page.waitForTimeout(100);
  }
  await page.keyboard.up('Enter');
  await page.getByRole('button', { name: 'Really: it ends at once' }).waitFor();
  await ask('/v1/account', { key });
});

it('rotates once, however often it is pressed before the new key is said to be kept', async () => {
  const { page, keys } = await openKeys('Twice');
  const rotations = countOf(page, /^POST .*\/rotate$/);
  const rotate = page.getByRole('button', { name: 'Rotate' }).first();
  await rotate.focus();
  await page.keyboard.press('Enter');
  await page.waitForTimeout(250);
  await page.keyboard.press('Enter');
  await page.locator('#new-key').waitFor();
  const secret = await page.locator('#new-key').textContent();
  await untilHeard(page);
  for (const button of await page.getByRole('button', { name: 'Rotate' }).all()) await button.click({ force: true });
  expect(rotations()).toBe(1);
  expect(await keys()).toHaveLength(2);
  expect(await page.locator('#new-key').textContent()).toBe(secret);
  // Another key that ends takes it from nobody either.
  await page.getByRole('button', { name: 'Revoke' }).last().click();
  await untilHeard(page);
  await page.getByRole('button', { name: 'Really: it ends at once' }).click();
  await page.getByText('revoked', { exact: true }).waitFor();
  expect(await page.locator('#new-key').textContent()).toBe(secret);
  await untilHeard(page);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  expect(await page.locator('#new-key').count()).toBe(0);
  await page.getByRole('button', { name: 'Rotate' }).first().click();
  await page.locator('#new-key').waitFor();
  expect(rotations()).toBe(2);
});

it("does not say that the operator's token is refused while it is being tried", async () => {
  const asked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const { page } = await openPage('/dashboard', {
    waitUntil: 'load',
    prepare: async (tab) => {
      await withKey(inject('adminToken'))(tab);
      await tab.route('**/v1/admin/accounts?limit=1', async (route) => {
        asked.resolve();
        await goOn.promise;
        await route.continue();
      });
    },
  });
  await asked.promise;
  await page.waitForTimeout(300);
  const refusals = () => page.getByText(/The key was refused|The key is not accepted/).count();
  expect(await refusals()).toBe(0);
  expect(await page.getByLabel('Your API key').count()).toBe(0);
  goOn.resolve();
  await page.locator('#totals').waitFor();
  expect(await refusals()).toBe(0);
});

it("tries the operator's token again where the connection is lost meanwhile", async () => {
  let isLost = true;
  const { page } = await openPage('/dashboard', {
    waitUntil: 'load',
    prepare: async (tab) => {
      await withKey(inject('adminToken'))(tab);
      await tab.route('**/v1/admin/accounts?limit=1', (route) => (isLost ? route.abort() : route.continue()));
    },
  });
  await page.getByText('The connection is lost').waitFor({ timeout: 30_000 });
  expect(await page.getByText('The key was refused').count()).toBe(0);
  isLost = false;
  await page.locator('#totals').waitFor({ timeout: 30_000 });
});
