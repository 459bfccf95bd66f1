import { afterEach, describe, expect, it, vi } from 'vitest';
import { addAccount } from '../support/accounts';
import { topUp } from '../support/admin-caller';
import { hitPrice, pricedOrder } from '../support/priced-order';
import { accounts } from '../support/reserve';

afterEach(() => {
  vi.restoreAllMocks();
});

const price = 50_000;

/** What the lines of the requests of `work` say that they spent. */
async function spentIn(work: () => Promise<Response>): Promise<unknown[]> {
  const spy = vi.spyOn(console, 'log');
  expect((await work()).status).toBe(200);
  const lines = spy.mock.calls.map(([text]) => JSON.parse(String(text)) as Readonly<Record<string, unknown>>);
  spy.mockRestore();
  return lines.filter(({ event }) => event === 'request').map(({ spent_micros: spent }) => spent);
}

/** An account that may spend what it has been credited, or (null) without limit; and how much it spent. */
async function payer(id: string, micros: number | null) {
  const key = await addAccount(id, { limits: { isPrepaid: micros !== null } });
  if (micros !== null) await topUp(id, micros);
  const before = (await accounts.standing(id)).balanceMicros;
  const charged = async () => before - (await accounts.standing(id)).balanceMicros;
  return { key, charged };
}

describe('the line of a request, where hits have a price', () => {
  it.each([null, 1_000_000])('says what a hit was charged, of an account with %s', async (micros) => {
    const id = `lines-hit-${micros}`;
    const { key, charged } = await payer(id, micros);
    expect(await spentIn(() => pricedOrder(key, id))).toEqual([price]);
    expect(await spentIn(() => pricedOrder(key, id))).toEqual([hitPrice]);
    await vi.waitFor(async () => expect(await charged()).toBe(price + hitPrice), { timeout: 5_000 });
  });

  it('says what several pictures come to, stored before and not', async () => {
    const { key, charged } = await payer('lines-mixed', 1_000_000);
    await pricedOrder(key, 'lines-mixed');
    const mixed = () => pricedOrder(key, 'lines-mixed', undefined, { n: 3 });
    expect(await spentIn(mixed)).toEqual([2 * price + hitPrice]);
    expect(await spentIn(mixed)).toEqual([3 * hitPrice]);
    await vi.waitFor(async () => expect(await charged()).toBe(3 * price + 4 * hitPrice), { timeout: 5_000 });
  });

  it('says that an order with a name pays once', async () => {
    const { key, charged } = await payer('lines-named', 1_000_000);
    await pricedOrder(key, 'lines-named');
    const named = () => pricedOrder(key, 'lines-named', 'once');
    expect([await spentIn(named), await spentIn(named)]).toEqual([[hitPrice], [0]]);
    await vi.waitFor(async () => expect(await charged()).toBe(price + hitPrice), { timeout: 5_000 });
  });
});
