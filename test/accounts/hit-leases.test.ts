import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Payer } from '../../src/accounts/hit-charge';
import { paidOrder } from '../../src/accounts/hit-messages';
import { withoutLimits } from '../../src/core/spending';
import { afterSeconds } from '../support/clock';
import { chargedTo, hitPrice, isolate, prepaid } from '../support/isolate';
import { differencesFound } from '../support/reconciled';
import { accounts, entryOf, reserveRequest } from '../support/reserve';
import { rowsOf } from '../support/spending';

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);

const taken = (answers: readonly boolean[]) => answers.filter((took) => took).length;
const total = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);

describe('hits in several isolates at once', () => {
  it('never pass a balance together with purchases, and what was let through is what is charged', async () => {
    const account = await prepaid('five-isolates', 40_000);
    const isolates = numbered(5).map(isolate);
    let hits = 0;
    let bought = 0;
    const isolateOf = (index: number) => isolates[index % isolates.length] ?? isolate();
    for (const round of numbered(4)) {
      const hitting = Promise.all(numbered(30).map((index) => isolateOf(index).take(account)));
      const buying = Promise.all(
        numbered(3).map((index) => {
          const limit = { isPrepaid: true };
          return accounts.reserve(
            account.accountId,
            reserveRequest(`five-${round}-${index}`, { micros: 4_000, limit }),
          );
        }),
      );
      hits += taken(await hitting);
      for (const [index, { kind }] of (await buying).entries()) {
        if (kind !== 'admitted') continue;
        bought += 1;
        const spent = [{ micros: 4_000, at: Date.now() }];
        await accounts.settle({ accountId: account.accountId, id: `five-${round}-${index}`, spent, refunds: [] });
      }
      const between = await accounts.standing(account.accountId);
      expect(between.balanceMicros - between.reservedMicros).toBeGreaterThanOrEqual(0);
      await Promise.all(isolates.map(({ write }) => write()));
    }
    const { balanceMicros, reservedMicros } = await accounts.standing(account.accountId);
    expect([balanceMicros, reservedMicros]).toEqual([40_000 - hits * hitPrice - bought * 4_000, 0]);
    expect(balanceMicros).toBeLessThan(4_000);
    expect(balanceMicros).toBeGreaterThanOrEqual(0);
    expect(-total(await chargedTo(account.accountId))).toBe(hits * hitPrice);
  });

  it('leave nothing of a balance for hits alone, and are refused from then on', async () => {
    const account = await prepaid('drained', 33_000);
    const isolates = numbered(5).map(isolate);
    const waves: number[] = [];
    for (const _ of numbered(6)) {
      const answers = isolates.flatMap(({ take }) => numbered(10).map(() => take(account)));
      waves.push(taken(await Promise.all(answers)));
      await Promise.all(isolates.map(({ write }) => write()));
    }
    expect(total(waves)).toBe(33);
    expect(await accounts.standing(account.accountId)).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
    expect((await differencesFound()).differences.filter(({ subject }) => subject === account.accountId)).toEqual([]);
  });

  it('keep to the budget of a day too', async () => {
    const account = { ...(await prepaid('daily-hits', 0)), limits: { ...withoutLimits, dayMicros: 7_500 } };
    const [one, two] = [isolate(), isolate()];
    const answers = numbered(10).flatMap(() => [one.take(account), two.take(account)]);
    expect(taken(await Promise.all(answers))).toBe(7);
    await Promise.all([one.write(), two.write()]);
    expect(await accounts.standing(account.accountId)).toMatchObject({ day: { micros: 7_000 }, reservedMicros: 0 });
  });
});

describe('a lease of hits', () => {
  it('is a small part of what is left, and what no hit came for is given back with the batch', async () => {
    const account = await prepaid('leased', 80_000);
    const { take, write } = isolate();
    expect(await take(account)).toBe(true);
    expect(await accounts.standing('leased')).toMatchObject({ balanceMicros: 80_000, reservedMicros: 10_000 });
    await write();
    expect(await accounts.standing('leased')).toMatchObject({ balanceMicros: 79_000, reservedMicros: 0 });
    await write();
    expect(await chargedTo('leased')).toEqual([-1_000]);
  });

  it('takes nothing once it has run out, and is no money set aside any more', async () => {
    const account = await prepaid('ran-out', 8_000);
    const { take, write } = isolate();
    expect(await take(account)).toBe(true);
    await afterSeconds(61, async () => {
      expect(await accounts.standing('ran-out')).toMatchObject({ reservedMicros: 0 });
      await write();
    });
    expect(await accounts.standing('ran-out')).toMatchObject({ balanceMicros: 8_000 });
    expect(await chargedTo('ran-out')).toEqual([]);
  });

  it('is not drawn from for as long as it is held: what was drawn has time to be charged', async () => {
    const account = await prepaid('drawn-late', 160_000);
    const { take } = isolate();
    await take(account);
    await afterSeconds(11, () => take(account));
    // A second lease beside the first.
    expect((await accounts.standing('drawn-late')).reservedMicros).toBe(20_000 + 17_000);
  });

  it('is charged once, though its charge is sent again', async () => {
    const account = await prepaid('charged-again', 16_000);
    const { charge, take } = isolate();
    await take(account, 2);
    const requests = charge.close(Date.now());
    for (const request of [...requests, ...requests]) await accounts.charge(request);
    expect(await accounts.standing('charged-again')).toMatchObject({ balanceMicros: 14_000, reservedMicros: 0 });
  });

  it('is not needed by an account that nothing limits', async () => {
    const account = { ...(await prepaid('unlimited-hits', 0)), limits: withoutLimits };
    const { take, write } = isolate();
    expect(taken(await Promise.all(numbered(20).map(() => take(account))))).toBe(20);
    expect(await accounts.standing('unlimited-hits')).toMatchObject({ reservedMicros: 0, balanceMicros: 0 });
    await write();
    expect(await chargedTo('unlimited-hits')).toEqual([-20_000]);
  });

  it('outlives a restart of the account’s object', async () => {
    const account = await prepaid('restarted', 80_000);
    const { take, write } = isolate();
    await take(account);
    await evictDurableObject(env.ACCOUNTS.getByName('restarted'));
    expect(await accounts.standing('restarted')).toMatchObject({ reservedMicros: 10_000 });
    await write();
    expect(await accounts.standing('restarted')).toMatchObject({ balanceMicros: 79_000, reservedMicros: 0 });
  });
});

describe('an order with a name', () => {
  const pay = (account: Payer, order: string, fingerprints: readonly string[]) =>
    isolate()
      .charge.takeOnce(account, order, fingerprints)
      .catch(({ code }: { code: string }) => code);

  it('pays for a hit once within a day, whatever isolate is asked, and another order pays for itself', async () => {
    const account = await prepaid('pays-once', 3_000);
    const answers = await Promise.all(numbered(20).map(() => pay(account, 'one', ['f1'])));
    expect(answers.toSorted()).toEqual([...Array(19).fill(0), 1]);
    expect([await pay(account, 'two', ['f1']), await pay(account, 'one', ['f2'])]).toEqual([1, 1]);
    expect([await pay(account, 'three', ['f1']), await pay(account, 'one', ['f1'])]).toEqual([
      'insufficient_credit',
      0,
    ]);
    expect(await accounts.standing('pays-once')).toMatchObject({ balanceMicros: 0 });
    await afterSeconds(86_401, async () => expect(await pay(account, 'one', ['f1'])).toBe('insufficient_credit'));
  });

  it('pays for all of its pictures or for none, and for the rest where some are paid for', async () => {
    const account = await prepaid('pays-whole', 2_000);
    const three = ['f1', 'f2', 'f3'];
    expect(await pay(account, 'one', three)).toBe('insufficient_credit');
    expect(await accounts.standing('pays-whole')).toMatchObject({ balanceMicros: 2_000 });
    expect([await pay(account, 'one', ['f1']), await pay(account, 'one', three)]).toEqual([1, 'insufficient_credit']);
    await accounts.credit('pays-whole', [entryOf('more', 'top_up', 1_000)]);
    expect([await pay(account, 'one', three), await pay(account, 'one', three)]).toEqual([2, 0]);
    expect(await accounts.standing('pays-whole')).toMatchObject({ balanceMicros: 0 });
    expect(await rowsOf('pays-whole')).toEqual([]);
  });

  it('pays for no hit of a picture whose purchase is being settled, or whose joining is charged afterwards', async () => {
    const account = await prepaid('pays-window', 3_000);
    await accounts.reserve('pays-window', reserveRequest('window', { micros: 1_000, pays: paidOrder('one', 'f1') }));
    expect([await pay(account, 'one', ['f1']), await pay(account, 'two', ['f1'])]).toEqual([0, 1]);
    await accounts.settle({
      accountId: 'pays-window',
      id: 'window',
      spent: [],
      refunds: [],
      paid: paidOrder('one', 'f1'),
    });
    expect(await pay(account, 'one', ['f1'])).toBe(0);

    const hold = { id: 'joins', keptMicros: 0, eachMicros: 1_000, atLeast: 2, atMost: 2, share: 1, lifetimeMs: 60_000 };
    expect(await accounts.hold('pays-window', { ...hold, limits: account.limits, allowances: [] })).toEqual({
      kind: 'held',
      count: 2,
    });
    const orders = ['two', 'three'].map((order) => ({ id: paidOrder(order, 'f1'), allowances: [], micros: 1_000 }));
    const entry = { id: 'joins', at: Date.now(), note: '' };
    const charge = {
      accountId: 'pays-window',
      entry,
      holds: [{ id: 'joins', micros: 2_000 }],
      unheld: [],
      paid: orders,
    };
    for (const _ of numbered(2)) await accounts.charge(charge);
    expect(await accounts.standing('pays-window')).toMatchObject({ balanceMicros: 1_000, reservedMicros: 0 });
    expect(await pay(account, 'three', ['f1'])).toBe(0);
  });
});
