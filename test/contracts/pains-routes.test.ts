import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { addAccount } from '../support/accounts';
import { topUp } from '../support/admin-caller';
import { type BuyingRoute, buyingRoutes, orderBy } from '../support/buying-routes';
import { call } from '../support/front-door';
import { addLinkKey, follow, linkFor } from '../support/link';
import { accounts } from '../support/reserve';
import { priceOfMegapixels, rowsOf, totalOf, whenSettled } from '../support/spending';

// The numbers are those of the threads in which users of other gateways lost money: each is a promise of ours.

const accountOf = (prefix: string, { name }: BuyingRoute) => `${prefix}-${name.replaceAll(/[^a-z0-9]+/gi, '-')}`;
const isEdit = ({ path }: BuyingRoute) => /edit/.test(path);

/** A picture of 1024 × 1024 of our own, for a reference that costs something. */
let reference = '';
beforeAll(async () => {
  const made = await call('/v1/images/generations', {
    json: { prompt: 'pains: a reference', size: '1024x1024', seed: 1 },
  });
  reference = `http://127.0.0.1/images/${made.headers.get('x-fluxgate-fingerprint')}.png`;
});

async function bought(account: string) {
  await whenSettled(account);
  const rows = await rowsOf(account);
  return { rows, count: rows.length, standing: await accounts.standing(account) };
}

describe.each(buyingRoutes.map((route) => [route.name, route] as const))('by %s', (_name, route) => {
  it('11, 12, 16: an empty prepaid account buys nothing, and a full one leaves one row with the price', async () => {
    const account = accountOf('pay', route);
    const key = await addAccount(account, { limits: { isPrepaid: true } });
    const order = { key, prompt: `pains: paid by ${route.name}`, ...(isEdit(route) ? { reference } : {}) };
    const refused = await orderBy(route, order);
    expect([refused.status, await rowsOf(account)]).toEqual([402, []]);
    await topUp(account, 1_000_000);
    const sold = await orderBy(route, order);
    expect([route.name, sold.status, sold.ok ? '' : await sold.text()]).toEqual([route.name, sold.status, '']);
    await sold.arrayBuffer();
    const { rows, standing } = await bought(account);
    expect(rows).toMatchObject([
      { dialect: route.dialect.id, outcome: 'ready', key_id: expect.stringMatching(/^key_/) },
    ]);
    expect(totalOf(rows)).toBe(rows.reduce((sum, row) => sum + priceOfMegapixels(row), 0));
    expect(totalOf(rows)).toBeGreaterThanOrEqual(50_000);
    expect(standing).toMatchObject({ spentMicros: totalOf(rows), balanceMicros: 1_000_000 - totalOf(rows) });
  });

  it('14, 15, 17: its cost is never nothing or unknown, and follows size, megapixels and references', async () => {
    const account = accountOf('size', route);
    const key = await addAccount(account);
    const orders = [{}, { isLarge: true }, { reference }].map((changes, index) => ({
      ...{ key, prompt: `pains: size ${index} by ${route.name}`, ...(isEdit(route) ? { reference } : {}) },
      ...changes,
    }));
    for (const order of orders) {
      const response = await orderBy(route, order);
      expect([response.ok, response.ok ? '' : await response.text()]).toEqual([true, '']);
      await response.arrayBuffer();
      await whenSettled(account);
    }
    const rows = await rowsOf(account);
    const [plain, large, referred] = rows;
    expect(rows.map(({ spent_micros }) => spent_micros)).toEqual(rows.map(priceOfMegapixels));
    expect(rows.map(({ actual_micros }) => actual_micros)).toEqual(rows.map(({ quoted_micros }) => quoted_micros));
    expect(large?.spent_micros).not.toBe(plain?.spent_micros);
    expect(large?.output_megapixels).not.toBe(plain?.output_megapixels);
    expect(referred?.input_megapixels).toBe(takesReferences(route) ? 1.05 : 0);
  });

  it('42: an order says whether it was bought, joined or a hit, and only what was bought is in the ledger', async () => {
    const account = accountOf('mark', route);
    const key = await addAccount(account);
    const order = { key, prompt: `pains: marked by ${route.name}`, ...(isEdit(route) ? { reference } : {}) };
    const [first, second] = await Promise.all([orderBy(route, order), orderBy(route, order)]);
    const sourceOf = (response: Response) => response.headers.get('x-fluxgate-source');
    expect([sourceOf(first), sourceOf(second)].toSorted()).toEqual(['bought', 'joined']);
    await Promise.all([first.arrayBuffer(), second.arrayBuffer()]);
    await whenSettled(account);
    expect(sourceOf(await orderBy(route, order))).toBe('hit');
    expect(await rowsOf(account)).toHaveLength(1);
  });

  it('32: too many orders are a 429 in words, never a picture with a 200', async () => {
    const account = accountOf('fast', route);
    const key = await addAccount(account, { limits: { requestsPerMinute: 1 } });
    const order = (prompt: string) => orderBy(route, { key, prompt, ...(isEdit(route) ? { reference } : {}) });
    await (await order(`pains: fast, one, by ${route.name}`)).arrayBuffer();
    const refused = await order(`pains: fast, two, by ${route.name}`);
    const names = ['content-type', 'x-fluxgate-error', 'x-fluxgate-picture', 'x-fluxgate-source'];
    expect([refused.status, ...names.map((name) => refused.headers.get(name))]).toEqual([
      ...[429, expect.stringContaining('application/json'), 'rate_limited', null, null],
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.text()).not.toMatch(/\/images\/|base64/);
  });
});

/** fal's route without references ignores them, as fal does: they are neither used nor billed. */
function takesReferences({ dialect, path }: BuyingRoute): boolean {
  return dialect.id !== 'fal' || path.endsWith('/edit');
}

describe('what is no API', () => {
  it('11, 12: a signed link buys nothing on an empty prepaid account, and one row on a full one', async () => {
    const account = 'pains-link';
    const signer = await addLinkKey(account);
    const limits = { prepaid: true };
    expect((await call(`/v1/admin/accounts/${account}`, { method: 'PATCH', json: { limits } })).status).toBe(200);
    const url = await linkFor({ prompt: 'pains: by a link', width: 1024, height: 1024 }, signer);
    const refused = await follow(url);
    expect([refused.status, refused.headers.get('content-type'), await rowsOf(account)]).toEqual([
      ...[402, expect.stringContaining('application/json'), []],
    ]);
    await topUp(account, 100_000);
    expect((await follow(url)).status).toBe(200);
    const { rows } = await bought(account);
    expect(rows).toMatchObject([{ dialect: 'link', spent_micros: 52_500, key_id: signer.keyId }]);
  });

  it('12: a picture that is made again is paid for by an account that can, and stays where none can', async () => {
    const made = await call('/v1/images/generations', { json: { prompt: 'pains: again', size: '1024x1024', seed: 3 } });
    const fingerprint = made.headers.get('x-fluxgate-fingerprint') ?? '';
    await addAccount('pains-again', { limits: { isPrepaid: true } });
    const again = () =>
      call(`/v1/admin/pictures/${fingerprint}/rerender`, { json: { account: 'pains-again' }, key: env.ADMIN_TOKEN });
    expect((await again()).status).toBe(402);
    expect(await rowsOf('pains-again')).toEqual([]);
    expect((await call(`/images/${fingerprint}.png`, { key: null })).status).toBe(200);
    await topUp('pains-again', 100_000);
    expect((await again()).status).toBe(200);
    expect((await bought('pains-again')).rows).toMatchObject([{ fingerprint, spent_micros: 52_500 }]);
  });
});
