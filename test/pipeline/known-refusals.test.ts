import { describe, expect, it } from 'vitest';
import { addAccount } from '../support/accounts';
import { topUp } from '../support/admin-caller';
import { call } from '../support/front-door';
import { accounts, entryOf } from '../support/reserve';

const order = (key: string, prompt: string, changes: object = {}) =>
  call('/v1/images/generations', { key, json: { prompt, size: '64x64', seed: 1, ...changes } });
const codesOf = (responses: readonly Response[]) => Array.from(responses, ({ status }) => status);
const sourceOf = (response: Response) => response.headers.get('x-fluxgate-source');

/** An account without credit, which was refused just now. */
async function refusedAccount(id: string): Promise<string> {
  const key = await addAccount(id, { limits: { isPrepaid: true } });
  expect((await order(key, `${id}: refused first`)).status).toBe(402);
  return key;
}

describe('an account that goes on asking after it was refused', () => {
  it('reads the same refusal, in words and with its status', async () => {
    const key = await refusedAccount('known-words');
    const again = await order(key, 'known-words: another picture');
    expect(again.status).toBe(402);
    expect(await again.text()).toContain('The account has $0.00 left, and this needs up to');
  });

  it('gets what is stored all the same, and joins what is in the making', async () => {
    const owner = await addAccount('known-owner');
    await order(owner, 'known: stored');
    const key = await refusedAccount('known-hits');
    expect(sourceOf(await order(key, 'known: stored'))).toBe('hit');
    const making = order(owner, 'known: in the making');
    await scheduler.wait(20);
    expect((await order(key, 'known: its own')).status).toBe(402);
    const joined = await order(key, 'known: in the making');
    expect([joined.status, sourceOf(joined)]).toEqual([200, 'joined']);
    await making;
  });

  it('buys again within a second of more credit, wherever that was added', async () => {
    const key = await refusedAccount('known-credit');
    await accounts.credit('known-credit', [entryOf('known-credit', 'top_up', 10_000_000)]);
    await scheduler.wait(1_000);
    expect((await order(key, 'known-credit: at last')).status).toBe(200);
  });

  it('buys again at once where an administrator adds credit at the same place', async () => {
    const key = await refusedAccount('known-admin');
    await topUp('known-admin', 10_000_000);
    expect((await order(key, 'known-admin: at once')).status).toBe(200);
  });

  it('is never given a part of an order, though one of its pictures is in the making', async () => {
    const owner = await addAccount('known-parts-owner');
    const key = await refusedAccount('known-parts');
    const making = order(owner, 'known: parts');
    await scheduler.wait(20);
    const answers = await Promise.all([1, 2, 3].map((n) => order(key, 'known: parts', { n: n + 1 })));
    expect(codesOf(answers)).toEqual([402, 402, 402]);
    await making;
    expect(await accounts.standing('known-parts')).toMatchObject({ spentMicros: 0, reservedMicros: 0, inFlight: 0 });
  });
});
