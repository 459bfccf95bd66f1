import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Payer } from '../../src/accounts/hit-charge';
import { type Allowance, withoutLimits } from '../../src/core/spending';
import { afterSeconds } from '../support/clock';
import { chargedTo, isolate, prepaid } from '../support/isolate';
import { differencesFound } from '../support/reconciled';
import { accounts, reserveRequest } from '../support/reserve';

const nothing = { holds: [], unheld: [], paid: [] };
const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);

const taken = (answers: readonly boolean[]) => answers.filter((took) => took).length;

describe('hits within allowances', () => {
  const within = (payer: Payer, ...names: readonly string[]): Payer => {
    const allowances = names.map((name) => ({ name, dayMicros: 4_000, totalMicros: null, requestsPerMinute: 1 }));
    return { ...payer, allowances };
  };
  const spentBy = (id: string, names: readonly string[]) => accounts.spentWithin(id, names);

  it('pass no allowance in several isolates at once, purchases among them, though the object is restarted', async () => {
    const account = await prepaid('allowed', 500_000);
    const [keyed, linked] = [within(account, 'key:a'), within(account, 'key:a', 'link-max:b')];
    const isolates = numbered(4).map(isolate);
    const purchase = reserveRequest('allowed-1', { micros: 1_000, allowances: keyed.allowances });
    expect(await accounts.reserve('allowed', purchase)).toEqual({ kind: 'admitted' });
    const answers = isolates.flatMap(({ take }) => numbered(25).map((index) => take(index % 2 === 0 ? keyed : linked)));
    expect(taken(await Promise.all(answers))).toBe(3);
    await evictDurableObject(env.ACCOUNTS.getByName('allowed'));
    const again = reserveRequest('allowed-2', { micros: 1_000, allowances: within(account, 'key:a').allowances });
    expect(await accounts.reserve('allowed', again)).toMatchObject({
      kind: 'over-budget',
      period: 'day',
      leftMicros: 0,
    });
    await accounts.settle({ accountId: 'allowed', id: 'allowed-1', spent: [], refunds: [] });
    await Promise.all(isolates.map(({ write }) => write()));
    await evictDurableObject(env.ACCOUNTS.getByName('allowed'));
    expect(await spentBy('allowed', ['key:a'])).toEqual([{ todayMicros: 3_000, everMicros: 3_000 }]);
    expect(await accounts.standing('allowed')).toMatchObject({ balanceMicros: 497_000, reservedMicros: 0 });
    expect((await differencesFound()).differences.filter(({ subject }) => subject === 'allowed')).toEqual([]);
  });

  it('of an account without limits are set aside too, and those that nothing limits are counted', async () => {
    const account = { ...(await prepaid('allowed-open', 0)), limits: withoutLimits };
    const open = { name: 'key:open', dayMicros: null, totalMicros: null, requestsPerMinute: null };
    const { take, write } = isolate();
    expect(taken(await Promise.all(numbered(9).map(() => take(within(account, 'key:a')))))).toBe(4);
    for (const _ of numbered(2)) expect(await take({ ...account, allowances: [open] })).toBe(true);
    await write();
    const spent = (micros: number) => ({ todayMicros: micros, everMicros: micros });
    expect(await spentBy('allowed-open', ['key:a', 'key:open'])).toEqual([spent(4_000), spent(2_000)]);
    // One entry for all of them.
    expect(await chargedTo('allowed-open')).toEqual([-6_000]);
  });

  it('of very many at once leave no account short: each takes little of what all of them share', async () => {
    const account = await prepaid('allowed-many', 500_000);
    const { take, write } = isolate();
    const client = (index: number) => ({ ...within(account, `client:${index}`).allowances[0], dayMicros: null });
    const payerOf = (index: number) => ({ ...account, allowances: [client(index)] as readonly Allowance[] });
    const answers = await Promise.all(numbered(200).map((index) => take(payerOf(index))));
    expect(taken(answers)).toBe(200);
    await write();
    expect(await accounts.standing('allowed-many')).toMatchObject({ balanceMicros: 300_000, reservedMicros: 0 });
  });

  it('of a link that ends are forgotten a week after its end, and until then count', async () => {
    const account = await prepaid('allowed-ends', 10_000);
    const end = Date.now() + 60_000;
    const link = { name: 'link-max:c', dayMicros: null, totalMicros: 2_000, requestsPerMinute: null, endsAt: end };
    const { charge, take, write } = isolate();
    const payer = { ...account, allowances: [link] };
    expect([await take(payer), await charge.takeOnce(payer, 'one', ['f1']), await take(payer)]).toEqual([
      true,
      1,
      false,
    ]);
    await write();
    expect(await spentBy('allowed-ends', [link.name])).toEqual([{ todayMicros: 2_000, everMicros: 2_000 }]);
    await afterSeconds(8 * 86_400, async () => {
      await accounts.charge({
        accountId: 'allowed-ends',
        entry: { id: 'later', at: Date.now(), note: '' },
        ...nothing,
      });
    });
    expect(await spentBy('allowed-ends', [link.name])).toEqual([{ todayMicros: 0, everMicros: 0 }]);
  });

  it('are counted for a hold of earlier days against its account alone', async () => {
    const account = await prepaid('allowed-former', 10_000);
    const stub = env.ACCOUNTS.getByName('allowed-former');
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec('DROP TABLE holds');
      storage.sql.exec(
        'CREATE TABLE holds (id TEXT PRIMARY KEY, micros INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID',
      );
      storage.sql.exec("INSERT INTO holds VALUES ('lease-1', 3000, ?)", Date.now() + 60_000);
    });
    await evictDurableObject(stub);
    expect(await accounts.standing('allowed-former')).toMatchObject({ reservedMicros: 3_000 });
    const { take } = isolate();
    expect(await take(within(account, 'key:a'))).toBe(true);
  });
});
