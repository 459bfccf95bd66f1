import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { ReserveRequest } from '../../src/accounts/account-messages';
import { Buckets } from '../../src/accounts/buckets';
import type { Allowance } from '../../src/core/spending';
import { addAccount } from '../support/accounts';
import { afterSeconds } from '../support/clock';
import { call } from '../support/front-door';
import { addLinkKey, follow, linkFor } from '../support/link';
import { accounts, entryOf, reserveRequest } from '../support/reserve';
import { rowsOf, whenSettled } from '../support/spending';

const day = 86_400;
const price = 50_000;
const within = (name: string, changes: Partial<Allowance> = {}): Allowance => {
  return { name, dayMicros: null, totalMicros: 100_000, requestsPerMinute: null, ...changes };
};
const spend = (account: string, id: string, micros: number, refunds = [] as ReturnType<typeof entryOf>[]) =>
  accounts.settle({ accountId: account, id, spent: [{ micros, at: Date.now() }], refunds });
const ask = (account: string, id: string, allowance: Allowance, changes: Partial<ReserveRequest> = {}) =>
  accounts.reserve(account, reserveRequest(id, { allowances: [allowance], ...changes }));

/** Names of the allowances of which an account remembers what was spent. */
async function remembered(account: string): Promise<readonly string[]> {
  return await runInDurableObject(env.ACCOUNTS.getByName(account), (_, { storage }) => {
    const rows = storage.sql.exec<{ name: string }>("SELECT name FROM spent WHERE name <> '' ORDER BY name");
    return Array.from(rows, ({ name }) => name);
  });
}

/** What failed is not tried again for a minute: this is that minute over. */
async function forgetRender(fingerprint: string): Promise<void> {
  const forgotten = runInDurableObject(env.RENDERS.getByName(fingerprint), async (_, state) => {
    await state.storage.deleteAll();
    state.abort('forgotten by a test');
  });
  await forgotten.catch(() => undefined);
}

describe('what an allowance has in all', () => {
  it('gets back what was refunded, once, however often it is settled', async () => {
    await ask('back', 'lost', within('key:back'));
    const refund = entryOf('refund-lost', 'refund', 100_000);
    await Promise.all([spend('back', 'lost', 100_000, [refund]), spend('back', 'lost', 100_000, [refund])]);
    await spend('back', 'lost', 100_000, [refund]);
    expect(await accounts.standing('back')).toMatchObject({ balanceMicros: 0, spentMicros: 100_000 });
    expect(await ask('back', 'again', within('key:back'))).toEqual({ kind: 'admitted' });
    await spend('back', 'again', 100_000);
    expect(await ask('back', 'more', within('key:back'))).toMatchObject({ kind: 'over-budget', leftMicros: 0 });
  });

  it('gets back no more than was refunded, and not what others lost', async () => {
    await ask('part', 'lost', within('key:part', { totalMicros: 200_000 }), { micros: 200_000 });
    await spend('part', 'lost', 200_000, [entryOf('refund-part', 'refund', 60_000)]);
    await ask('part', 'other', within('key:other'));
    await spend('part', 'other', 100_000, [entryOf('refund-other', 'refund', 100_000)]);
    const verdict = await ask('part', 'more', within('key:part', { totalMicros: 200_000 }));
    expect(verdict).toMatchObject({ kind: 'over-budget', period: 'total', leftMicros: 60_000 });
  });

  it('is not what it has for a day: that is a brake, and stays used', async () => {
    const allowance = within('link:brake', { dayMicros: 100_000, totalMicros: null });
    await ask('brake', 'lost', allowance);
    await spend('brake', 'lost', 100_000, [entryOf('refund-brake', 'refund', 100_000)]);
    expect(await ask('brake', 'more', allowance)).toMatchObject({ kind: 'over-budget', period: 'day' });
    await afterSeconds(day, async () => {
      expect(await ask('brake', 'more', allowance)).toEqual({ kind: 'admitted' });
    });
  });

  it('is whole again after a picture that was lost, for a key and for a link with a `max`', async () => {
    const key = await addAccount('whole-key', { keyLimits: { totalMicros: price } });
    const order = (prompt: string) =>
      call('/v1/images/generations', { key, json: { prompt, size: '64x64', steps: 4, seed: 1 } });
    for (const prompt of ['lost sandbox:unknown', 'lost too sandbox:unknown']) {
      expect((await order(prompt)).ok).toBe(false);
      await whenSettled('whole-key');
    }
    expect([(await order('not lost')).status, (await order('nothing is left')).status]).toEqual([200, 402]);

    const signer = await addLinkKey('whole-link');
    const options = { prompt: 'lost link sandbox:unknown', width: 64, height: 64 };
    const link = await linkFor(options, { ...signer, maxMicros: price });
    const look = async () => {
      expect((await follow(link)).status).not.toBe(402);
      await whenSettled('whole-link');
      return (await rowsOf('whole-link')).length;
    };
    expect(await look()).toBe(1);
    await forgetRender((await rowsOf('whole-link'))[0]?.fingerprint ?? '');
    expect(await look()).toBe(2);
  });
});

describe('what was spent', () => {
  it('within a link’s day is forgotten once the link was not used for a week', async () => {
    const perDay = { dayMicros: 150_000, totalMicros: null };
    await ask('unused', 'a', within('link:old', perDay));
    await spend('unused', 'a', 100_000);
    await afterSeconds(6 * day, async () => {
      await ask('unused', 'b', within('link:new', perDay));
      await spend('unused', 'b', 100_000);
    });
    await afterSeconds(8 * day, async () => {
      await spend('unused', 'c', 1);
      expect(await remembered('unused')).toEqual(['link:new']);
    });
  });

  it('of a link’s `max` is remembered for as long as the link can buy, and forgotten after that', async () => {
    const endsAt = Date.now() + 30 * day * 1000;
    const [ending, lasting] = [within('link-max:ending', { endsAt }), within('link-max:lasting')];
    for (const allowance of [ending, lasting, within('key:total')]) {
      await ask('maxima', allowance.name, allowance);
      await spend('maxima', allowance.name, 100_000);
    }
    await afterSeconds(29 * day, async () => {
      await spend('maxima', 'later', 1);
      for (const allowance of [ending, lasting, within('key:total')])
        expect(await ask('maxima', `again-${allowance.name}`, allowance)).toMatchObject({ kind: 'over-budget' });
    });
    await afterSeconds(38 * day, async () => {
      await spend('maxima', 'much later', 1);
      expect(await remembered('maxima')).toEqual(['key:total', 'link-max:lasting']);
    });
    await afterSeconds(4_000 * day, async () => {
      await spend('maxima', 'in years', 1);
      expect(await remembered('maxima')).toEqual(['key:total', 'link-max:lasting']);
      expect(await ask('maxima', 'again in years', lasting)).toMatchObject({ kind: 'over-budget' });
    });
  });

  it('by a link that ends is remembered with its end', async () => {
    const signer = await addLinkKey('ends');
    const expires = new Date(Date.now() + 3_600_000);
    const options = { prompt: 'a link that ends', width: 64, height: 64 };
    const link = await linkFor(options, { ...signer, maxMicros: 1_000_000, expires });
    expect((await follow(link)).status).toBe(200);
    await whenSettled('ends');
    expect(await remembered('ends')).toContainEqual(expect.stringMatching(/^link-max:/));
    await afterSeconds(8 * day, async () => {
      await spend('ends', 'later', 1);
      expect((await remembered('ends')).filter((name) => name.startsWith('link'))).toEqual([]);
      expect((await follow(link)).status).toBe(200);
    });
  });
});

describe('token buckets', () => {
  it('are forgotten once they are full again, and no sooner', () => {
    const buckets = new Buckets();
    for (let index = 0; index < 1_000; index += 1) buckets.keep(`a-${index}`, { tokens: 0, at: index }, index);
    expect(buckets.size).toBe(1_000);
    buckets.keep('b', { tokens: 3, at: 60_499 }, 60_499);
    expect(buckets.size).toBe(501);
    expect([buckets.of('a-499'), buckets.of('a-500')]).toEqual([null, { tokens: 0, at: 500 }]);
    buckets.keep('a-500', { tokens: 1, at: 60_500 }, 60_500);
    buckets.keep('c', null, 120_499);
    expect([buckets.size, buckets.of('a-500'), buckets.of('b')]).toEqual([1, { tokens: 1, at: 60_500 }, null]);
  });

  it('of names without a limit are never kept', () => {
    const buckets = new Buckets();
    for (let index = 0; index < 100; index += 1) buckets.keep(`link:${index}`, null, index);
    expect(buckets.size).toBe(0);
  });

  it('still hold a key to its minute, and let it go on after it', async () => {
    const allowance = within('key:minute', { totalMicros: null, requestsPerMinute: 2 });
    for (const id of ['a', 'b']) expect(await ask('minute', id, allowance)).toEqual({ kind: 'admitted' });
    expect(await ask('minute', 'c', allowance)).toMatchObject({ kind: 'too-fast' });
    await afterSeconds(61, async () => {
      for (const id of ['d', 'e']) expect(await ask('minute', id, allowance)).toEqual({ kind: 'admitted' });
      expect(await ask('minute', 'f', allowance)).toMatchObject({ kind: 'too-fast' });
    });
  });
});
