import { describe, expect, it } from 'vitest';
import { addAccount } from '../support/accounts';
import { pricedOrder } from '../support/priced-order';
import { differencesFound } from '../support/reconciled';
import { accounts, entryOf } from '../support/reserve';
import { countsOf, whenSettled } from '../support/spending';

const price = 50_000;
const hitPrice = 1_000;
const prepaid = async (id: string, micros: number) => {
  const key = await addAccount(id, { limits: { isPrepaid: true } });
  if (micros > 0) await accounts.credit(id, [entryOf(`top-${id}`, 'top_up', micros)]);
  return key;
};
const balanceOf = async (id: string) => (await whenSettled(id)).balanceMicros;
const statuses = (responses: readonly Response[]) => responses.map(({ status }) => status);

describe('an order that is sent again under its name, where hits have a price', () => {
  it('is paid for once: while its picture is made, at once, and after it', async () => {
    const key = await prepaid('named-once', price);
    const send = () => pricedOrder(key, 'named: bought', 'the order');
    expect(statuses(await Promise.all([send(), send(), send()]))).toEqual([200, 200, 200]);
    expect(statuses([await send(), await send()])).toEqual([200, 200]);
    expect(await balanceOf('named-once')).toBe(0);
    expect((await differencesFound()).differences.filter(({ subject }) => subject === 'named-once')).toEqual([]);
  });

  it('pays for a hit once, and another order of the same picture pays for itself', async () => {
    await pricedOrder(await addAccount('named-maker'), 'named: hit');
    const key = await prepaid('named-hits', 2 * hitPrice);
    const send = (name?: string) => pricedOrder(key, 'named: hit', name);
    expect(statuses([await send('one'), await send('one'), await send('two'), await send('one')])).toEqual(
      Array(4).fill(200),
    );
    expect(await balanceOf('named-hits')).toBe(0);
    expect(statuses([await send('three'), await send(), await send('two')])).toEqual([402, 402, 200]);
    expect(await countsOf('named-hits')).toEqual({ hit: 5 });
  });

  it('is refused for as long as the money is not there, and is not paid for by having been refused', async () => {
    await pricedOrder(await addAccount('refused-maker'), 'named: refused');
    const key = await prepaid('named-refused', 0);
    const send = () => pricedOrder(key, 'named: refused', 'refused order');
    expect(statuses([await send(), await send()])).toEqual([402, 402]);
    await accounts.credit('named-refused', [entryOf('more-refused', 'top_up', hitPrice)]);
    expect(statuses([await send(), await send()])).toEqual([200, 200]);
    expect(await balanceOf('named-refused')).toBe(0);
  });

  it('pays for each of its pictures once, and for all or none', async () => {
    const three = { n: 3 };
    await pricedOrder(await addAccount('three-maker'), 'named: three', undefined, three);
    const key = await prepaid('named-three', 2 * hitPrice);
    const send = (name?: string) => pricedOrder(key, 'named: three', name, three);
    expect(statuses([await send('one'), await send()])).toEqual([402, 402]);
    expect(await balanceOf('named-three')).toBe(2 * hitPrice);
    await accounts.credit('named-three', [entryOf('more-three', 'top_up', hitPrice)]);
    expect(statuses([await send('one'), await send('one'), await send('two')])).toEqual([200, 200, 402]);
    expect(await balanceOf('named-three')).toBe(0);
  });

  it('pays for joining once, and has the picture for nothing afterwards', async () => {
    const key = await prepaid('named-joins', hitPrice);
    const buyer = await addAccount('named-buyer');
    const send = () => pricedOrder(key, 'named: joined', 'joining order');
    const bought = pricedOrder(buyer, 'named: joined');
    await scheduler.wait(20);
    const answers = await Promise.all([send(), send(), bought]);
    expect(answers.map(({ headers }) => headers.get('x-fluxgate-source'))).toEqual(['joined', 'joined', 'bought']);
    await whenSettled('named-buyer');
    expect(statuses([await send(), await send()])).toEqual([200, 200]);
    expect(await balanceOf('named-joins')).toBe(0);
  });
});
