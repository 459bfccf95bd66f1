import type { Locator, Page, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { openPage } from './browser.ts';
import { ask, makePicture, openAccount, withKey } from './support/service-calls.ts';

const figures = {
  ...{ purchases: 11, pictures: 7, failures: 2, hits: 13, joins: 5, compared_pictures: 4 },
  ...{ spent_micros: 1_230_000, saved_micros: 2_310_000, charged_micros: 170_000, quoted_micros: 1_560_000 },
  ...{ reported_purchases: 6, reported_micros: 980_000, drift_micros: -40_100, average_seconds: 4.3 },
  ...{ compared_quoted_micros: 900_000, compared_micros: 859_900, unreported_quoted_micros: 660_000 },
};
type Figures = { readonly [Name in keyof typeof figures]: number };
type Group = Figures & Readonly<Partial<Record<'provider' | 'dialect' | 'outcome' | 'key', string | null>>>;
interface Waits {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}
/** What `GET /v1/usage` answers. */
interface Usage {
  readonly from: string;
  readonly to: string;
  readonly totals: Figures;
  readonly days: readonly (Figures & { readonly day: string })[];
  readonly groups: readonly Group[];
  readonly latency_seconds: Waits;
  readonly latency_days?: readonly (Waits & { readonly day: string })[];
}
/** The page's reports, by what they tell apart. */
type Reports = Readonly<Record<'day' | 'provider' | 'dialect' | 'outcome' | 'key', Usage>>;

const times = (factor: number) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value * factor])) as Figures;
const waits = { p50: 2.3, p95: 17.8, p99: 41.6 };

/** A report in which no two figures are the same, of two days and two of whatever is told apart. */
function madeUp(usage: Usage, group: string, ownKey: string): Usage {
  const days = [
    { ...times(1), day: usage.to },
    { ...times(3), day: usage.from },
  ];
  const names = group === 'key' ? ['another', ownKey] : ['one', 'other'];
  const groups = group === 'day' ? days : names.map((name, index) => ({ ...times(index * 2 + 1), [group]: name }));
  const latency_days = days.map(({ day }, index) => ({
    ...{ day, p50: 1.4 + index, p95: 9.7 + index, p99: 33.1 + index },
  }));
  return { ...usage, days, groups, totals: times(4), latency_seconds: waits, latency_days };
}

/** The numbers of a text as it rounds them, money in dollars. Against others: dollars are exact. */
function numbersIn(text: string) {
  const found = [...text.replaceAll(/p\d\d/g, '').matchAll(/([+−]?)(\$?)(\d+(?:\.(\d+))?)/g)];
  return found.map(([, sign, dollar, digits = '', decimals = '']) => ({
    value: Number(digits) * (sign === '−' ? -1 : 1),
    tolerance: 1e-9 + (dollar === '$' ? 0 : 0.5 * 10 ** -decimals.length),
  }));
}

/** Each row of numbers that is shown, in place of what it rounds: the row that was expected. */
function expectNumbers(shown: readonly string[], expected: readonly (readonly number[])[], what: string): void {
  const read = shown.map((text, row) =>
    numbersIn(text).map(({ value, tolerance }, index) => {
      const exact = expected[row]?.[index] ?? Number.NaN;
      return Math.abs(value - exact) <= tolerance ? exact : value;
    }),
  );
  expect(read, what).toEqual(expected);
}

const dollars = (micros: number) => micros / 1e6;

/** Added up here from the days. */
function tilesOf({ days, latency_seconds: { p50, p95, p99 } }: Usage): readonly (readonly number[])[] {
  const sum = (name: keyof Figures) => days.reduce((total, day) => total + day[name], 0);
  const [pictures, hits, joins, charged] = [sum('pictures'), sum('hits'), sum('joins'), sum('charged_micros')];
  const handedOut = pictures + hits + joins;
  return [
    [dollars(sum('spent_micros')), sum('purchases')],
    [dollars(sum('saved_micros')), hits, joins, ...(charged > 0 ? [dollars(charged)] : [])],
    [(hits / handedOut) * 100, (joins / handedOut) * 100],
    [pictures, sum('failures')],
    [p50, p95, p99],
    [dollars(sum('drift_micros')), sum('compared_pictures'), pictures],
  ];
}

/** What the table under each drawing has in the row of a day. */
function plotsOf({ days, latency_days: latencies = [] }: Usage, day: string): Record<string, readonly number[]> {
  const row = days.find((one) => one.day === day);
  const wait = latencies.find((one) => one.day === day);
  const handedOut = row === undefined ? 0 : row.pictures + row.hits + row.joins;
  return {
    'Spent and saved': [dollars(row?.spent_micros ?? 0), dollars(row?.saved_micros ?? 0)],
    'Hit and join rate': row === undefined ? [] : [(row.hits / handedOut) * 100, (row.joins / handedOut) * 100],
    'Pictures and failures': [row?.pictures ?? 0, row?.failures ?? 0],
    'From order to picture': wait === undefined ? [] : [wait.p50, wait.p95, wait.p99],
  };
}

/** The rows of the other tables, the largest first. */
function mixesOf({ provider, outcome, dialect }: Reports): Record<string, readonly (readonly number[])[]> {
  const named = ({ groups }: Usage, name: 'provider' | 'outcome' | 'dialect') =>
    groups.filter((row) => row[name] !== null).toSorted((one, other) => other.pictures - one.pictures);
  const charged = dialect.totals.charged_micros > 0;
  return {
    'Who made them': named(provider, 'provider').map((row) => [
      ...[row.pictures, dollars(row.spent_micros), row.failures, row.average_seconds],
    ]),
    'How orders ended': named(outcome, 'outcome').map((row) => [
      row.pictures + row.failures,
      dollars(row.spent_micros),
    ]),
    APIs: named(dialect, 'dialect').map((row) => [
      ...[row.pictures, row.hits, row.joins, dollars(row.saved_micros)],
      ...(charged ? [dollars(row.charged_micros)] : []),
    ]),
  };
}

function driftOf({ groups }: Usage): readonly (readonly number[])[] {
  return groups
    .filter((row) => row.provider !== null)
    .flatMap((row) => {
      const unreported = row.pictures - row.compared_pictures;
      const money = [row.compared_quoted_micros, row.compared_micros, row.drift_micros].map(dollars);
      return [
        ...(row.compared_pictures > 0 ? [[row.compared_pictures, ...money]] : []),
        ...(unreported > 0 ? [[unreported, dollars(row.unreported_quoted_micros)]] : []),
      ];
    });
}

/** The cells of each row but its head. */
const cellsOf = (table: Locator) =>
  table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent).join(' ')),
    );
/** The large figure of each tile, then the small ones. */
const tilesIn = (tiles: Locator) =>
  tiles.evaluateAll((all) => all.map((tile) => [...tile.children].map((part) => part.textContent).join(' ')));
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Opens the dashboard; what `change` makes of each report is what it gets. */
async function openDashboard(key: string, change: (usage: Usage, group: string) => Usage) {
  const reports: Partial<Record<string, Usage>> = {};
  const answer = async (route: Route) => {
    const group = new URL(route.request().url()).searchParams.get('group') ?? '';
    const response = await route.fetch();
    const usage = change(await response.json(), group);
    reports[group] = usage;
    await route.fulfill({ response, json: usage });
  };
  const { page } = await openPage('/dashboard', {
    waitUntil: 'load',
    prepare: async (tab) => {
      await withKey(key)(tab);
      await tab.route('**/v1/usage?*', answer);
    },
  });
  await page.locator('.key-facts').waitFor();
  return { page, reports: reports as Reports };
}

/** An account with two pictures, a hit and a failure, once they are in its reports. */
async function usedAccount(): Promise<{ readonly key: string; readonly id: string }> {
  const { key } = await openAccount({ name: 'Every figure' });
  const prompt = `Every figure ${crypto.randomUUID()}`;
  await Promise.all([
    makePicture(key, { prompt }).then(() => makePicture(key, { prompt })),
    makePicture(key, { prompt, steps: 9 }),
    makePicture(key, { prompt: 'sandbox:error' }).catch(() => undefined),
  ]);
  const totals = async () => (await ask<Usage>('/v1/usage', { key })).totals;
  await expect.poll(totals, { timeout: 30_000 }).toMatchObject({ pictures: 2, hits: 1, failures: 1 });
  const account = await ask<{ key: { id: string } }>('/v1/account', { key });
  return { key, id: account.key.id };
}

it('shows the very figures of /v1/usage, one by one', async () => {
  const { key, id } = await usedAccount();
  const asItIs = await openDashboard(key, (usage) => usage);
  const direct = await ask<Usage>('/v1/usage?days=30&group=day', { key });
  expect(asItIs.reports.day).toMatchObject({ ...direct });
  const inventive = await openDashboard(key, (usage, group) => madeUp(usage, group, id));
  for (const { page, reports } of [asItIs, inventive]) {
    const { day: byDay } = reports;
    expectNumbers(await tilesIn(page.locator('#totals dd')), tilesOf(byDay), 'the sums');
    const days = await page.locator('.plot').first().locator('tbody th').allTextContents();
    expect(days).toHaveLength(30);
    expect([days[0], days.at(-1)]).toEqual([byDay.from, byDay.to]);
    for (const title of Object.keys(plotsOf(byDay, byDay.to))) {
      const expected = days.map((day) => plotsOf(byDay, day)[title] ?? []);
      expectNumbers(await cellsOf(page.locator('.plot').filter({ hasText: title })), expected, title);
    }
    const inAll = await page.locator('.plot > .hint').textContent();
    const { p50, p95, p99 } = byDay.latency_seconds;
    expectNumbers([inAll ?? ''], [[p50, p95, p99]], 'the waits in all');
    for (const [title, expected] of Object.entries(mixesOf(reports)))
      expectNumbers(await cellsOf(region(page, title)), expected, title);
    expectNumbers(await cellsOf(region(page, 'Quote against actual')), driftOf(reports.provider), 'the drift');
    const own = reports.key.groups.find((row) => row.key === id);
    const spent = `In these days it spent $${dollars(own?.spent_micros ?? 0)}`;
    expect(await page.locator('.key-facts').textContent()).toContain(spent);
  }
});
