import { describe, expect, it } from 'vitest';
import type { AccountLimits } from '../../src/core/spending';
import { addAccount } from '../support/accounts';
import { submitted } from '../support/bfl-caller';
import { afterSeconds } from '../support/clock';
import { call } from '../support/front-door';
import { pricedOrder } from '../support/priced-order';
import { differencesFound } from '../support/reconciled';
import { accounts, entryOf } from '../support/reserve';
import { whenSettled } from '../support/spending';
import { taskAt } from '../support/task-caller';

const price = 50_000;
const hitPrice = 1_000;
const differences = async (id: string) =>
  (await differencesFound()).differences.filter(({ subject }) => subject.startsWith(id));

async function account(id: string, micros: number, limits: Partial<AccountLimits> = {}): Promise<string> {
  const key = await addAccount(id, { limits: { isPrepaid: true, ...limits } });
  await accounts.credit(id, [entryOf(`top-${id}`, 'top_up', micros)]);
  return key;
}

/** Has the first picture of such orders made, by somebody else. */
async function storedFirst(prompt: string): Promise<void> {
  await pricedOrder(await addAccount(`maker of ${prompt}`.replaceAll(/\W/g, '-')), prompt);
}

describe('an order of pictures of which some are stored, where hits have a price', () => {
  it.each([undefined, 'by name'])('costs nothing where the rest is refused for want of money (%s)', async (name) => {
    const [id, prompt] = [`half-broke-${name?.length ?? 0}`, `half: broke ${name}`];
    await storedFirst(prompt);
    const key = await account(id, price);
    for (let time = 0; time < 3; time += 1) expect((await pricedOrder(key, prompt, name, { n: 2 })).status).toBe(402);
    expect(await whenSettled(id)).toMatchObject({ balanceMicros: price, reservedMicros: 0 });
    expect(await differences(id)).toEqual([]);
  });

  it('costs nothing where the rest is refused for coming too fast', async () => {
    await storedFirst('half: fast');
    const key = await account('half-fast', 10 * price, { requestsPerMinute: 1 });
    expect((await pricedOrder(key, 'half: the one of this minute')).status).toBe(200);
    for (let time = 0; time < 3; time += 1)
      expect((await pricedOrder(key, 'half: fast', undefined, { n: 2 })).status).toBe(429);
    expect(await whenSettled('half-fast')).toMatchObject({ balanceMicros: 9 * price, reservedMicros: 0 });
  });

  it('is refused before anything is bought where the hits alone are too dear', async () => {
    await storedFirst('half: dear');
    const key = await account('half-dear', hitPrice - 1);
    expect((await pricedOrder(key, 'half: dear', undefined, { n: 2 })).status).toBe(402);
    expect(await whenSettled('half-dear')).toMatchObject({ balanceMicros: hitPrice - 1, reservedMicros: 0 });
  });

  it.each([undefined, 'by name'])('pays for all of it, once (%s)', async (name) => {
    const [id, prompt] = [`half-whole-${name?.length ?? 0}`, `half: whole ${name}`];
    await storedFirst(prompt);
    const key = await account(id, price + hitPrice);
    const answer = await pricedOrder(key, prompt, name, { n: 2 });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ data: [expect.anything(), expect.anything()] });
    expect(await whenSettled(id)).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
    const again = await pricedOrder(key, prompt, name, { n: 2 });
    expect(again.status).toBe(name === undefined ? 402 : 200);
    expect(await whenSettled(id)).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
    expect(await differences(id)).toEqual([]);
  });
});

describe('an order of pictures of which somebody else has one made', () => {
  it('leaves that where the rest is refused, and owes nothing for it', async () => {
    const maker = await addAccount('half-join-maker');
    const prompt = 'sandbox:slow half: joined';
    const order = { prompt, seed: 1, width: 64, height: 64, steps: 4 };
    expect((await call('/v1/flux-2-flex', { json: order, key: maker })).status).toBe(200);
    const key = await account('half-joins', price + hitPrice - 1);
    for (let time = 0; time < 2; time += 1)
      expect((await pricedOrder(key, prompt, undefined, { n: 2 })).status).toBe(402);
    await expect.poll(async () => (await accounts.standing('half-joins')).reservedMicros).toBe(0);
    expect(await accounts.standing('half-joins')).toMatchObject({ balanceMicros: price + hitPrice - 1 });
  });

  it('is asked for the price of the one that it joins, and not for a purchase', async () => {
    const { key, prompt, made } = await slowFirst('half-cheap', price + hitPrice);
    const answer = pricedOrder(key, prompt, undefined, { n: 2 });
    await whenRendering(key);
    expect((await accounts.standing('half-cheap')).reservedMicros).toBe(price + hitPrice);
    await afterSeconds(21, () => Promise.all([answer, made()]));
    expect((await answer).status).toBe(200);
    expect(await whenSettled('half-cheap')).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
  });

  it('joins and buys, however many others join at once', async () => {
    const { key, prompt, made } = await slowFirst('half-crowd', 2 * price + hitPrice - 1);
    const crowd = await Promise.all(Array.from({ length: 12 }, (_, index) => account(`half-crowd-${index}`, hitPrice)));
    const joining = crowd.map((member) => pricedOrder(member, prompt));
    const answer = pricedOrder(key, prompt, undefined, { n: 2 });
    await whenRendering(key);
    await afterSeconds(21, () => Promise.all([...joining, answer, made()]));
    expect((await answer).status).toBe(200);
    expect(await whenSettled('half-crowd')).toMatchObject({ balanceMicros: price - 1, reservedMicros: 0 });
  });

  it('begins whole or not at all where two such orders cross', async () => {
    const ids = ['half-cross-one', 'half-cross-two'];
    for (let round = 0; round < 6; round += 1) {
      const keys = await Promise.all(ids.map((id) => account(`${id}-${round}`, 2 * price + hitPrice)));
      const prompt = `half: cross ${round}`;
      const answers = await Promise.all(
        keys.map((key, index) => pricedOrder(key, prompt, undefined, { n: 4, seed: 1 + 2 * index })),
      );
      for (const [index, { status }] of answers.entries()) {
        const { balanceMicros, reservedMicros } = await whenSettled(`${ids[index]}-${round}`);
        expect([status, reservedMicros]).toEqual([expect.anything(), 0]);
        if (status === 402) expect(balanceMicros).toBe(2 * price + hitPrice);
      }
    }
  });
});

/** Once the vendor makes what an account buys: from then on time may jump. */
async function whenRendering(key: string): Promise<void> {
  const statuses = async () => {
    const { data } = (await (await call('/v1/tasks', { key })).json()) as { data: { status: string }[] };
    return data.map(({ status }) => status);
  };
  await expect.poll(statuses, { timeout: 10_000 }).toContain('rendering');
}

/** An account with so much on it, and a picture that somebody else has made slowly: the first of such an order. */
async function slowFirst(id: string, micros: number) {
  const maker = await addAccount(`${id}-maker`);
  const prompt = `sandbox:slow half: ${id}`;
  const task = await submitted({ prompt, seed: 1, width: 64, height: 64, steps: 4 }, { key: maker });
  await taskAt(task.id, 'rendering', { key: maker });
  return { key: await account(id, micros), prompt, made: () => taskAt(task.id, 'ready', { key: maker }) };
}
