import { afterAll, describe, expect, it } from 'vitest';
import type { ProviderEntry } from '../../src/core/provider';
import { providerEntries } from '../../src/providers/registry';
import { call } from '../support/front-door';
import { billOf, fingerprintOf, ledgerOf, ordered, orderOf, spentOf } from '../support/purchase';
import { differencesFound } from '../support/reconciled';
import { vendorNetwork } from '../support/vendor-network';
import { simulators } from '../vendors/all';
import { type Failure, failures } from '../vendors/failures';
import { pngOf } from '../vendors/pictures';
import { expectationOf } from './expectations';
import { Matrix } from './matrix-table';

const network = vendorNetwork();
const matrix = new Matrix();
afterAll(() => {
  console.log(matrix.text());
  network.close();
});

describe('the registry of providers', () => {
  it('has a simulator for every entry, with its prefix, and no other', () => {
    const prefixes = simulators.map(({ id, prefix }) => [id, prefix]);
    expect(prefixes).toEqual(providerEntries.map(({ id, prefix }) => [id, prefix]));
  });

  it('says of each whether it delivers at once as its simulator does', () => {
    const isSync = network.vendors.map(({ simulator }) => simulator.isSync);
    expect(isSync).toEqual(providerEntries.map(({ capability }) => capability.delivers === 'at once'));
  });
});

const cases = providerEntries.flatMap((entry) => failures.map((failure) => ({ entry, id: entry.id, failure })));

describe('a purchase', () => {
  it.concurrent.each(cases)(
    'from $id that meets "$failure" is made once at most, and is in the ledger',
    async (one) => {
      await buy(one);
    },
  );
});

it('leaves a ledger, accounts and pictures that agree to the micro-dollar', async () => {
  const { checked, differences } = await differencesFound();
  expect(differences).toEqual([]);
  expect(checked).toBeGreaterThan(cases.length / 2);
});

async function buy({ entry, failure }: { entry: ProviderEntry; failure: Failure }): Promise<void> {
  const expected = expectationOf(entry, failure);
  const prompt = `matrix: ${entry.id}, ${failure}.`;
  const headers = { 'x-fluxgate-provider': entry.id, 'x-fluxgate-fit': 'nearest' };
  const fingerprint = await fingerprintOf(orderOf(prompt), headers);
  network.failFor(prompt, failure);

  const first = await ordered(orderOf(prompt), headers);
  const sales = network.salesFor(prompt);
  const rows = await ledgerOf(fingerprint);
  matrix.note(entry.id, failure, { code: first.code, sales, rows });
  expect(sales.length).toBe(expected.sales);
  expect({ status: first.status, code: first.code }).toEqual({ status: expected.status, code: expected.code });
  expect(rows.length).toBeLessThanOrEqual(1);
  expect(rows.every(({ provider }) => provider === entry.id)).toBe(true);
  expect(expected.rows).toContain(rows[0]?.outcome ?? null);
  if (rows[0]?.outcome === 'unknown') expect(spentOf(rows)).toBe(rows[0].quoted_micros);
  else expect(spentOf(rows)).toBe(billOf(sales));

  const [sale] = sales;
  if (expected.code === 'ready' && sale !== undefined) expect(await isStored(fingerprint, pngOf(sale))).toBe(true);

  const again = await ordered(orderOf(prompt), headers);
  expect(again.code).toBe('ready');
  const later = network.salesFor(prompt).slice(sales.length);
  expect(later.length).toBe(expected.code === 'ready' ? 0 : 1);
  const laterRows = (await ledgerOf(fingerprint)).slice(rows.length);
  expect(laterRows.map(({ outcome }) => outcome)).toEqual(later.map(() => 'ready'));
  expect(spentOf(laterRows)).toBe(billOf(later));
}

/** Whether what is stored is what was sold, to the byte. */
async function isStored(fingerprint: string, picture: Uint8Array): Promise<boolean> {
  const stored = await (await call(`/images/${fingerprint}.png`)).bytes();
  return stored.toHex() === picture.toHex();
}
