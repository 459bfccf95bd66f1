import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { PictureClaims } from '../../src/storage/picture-claims';
import { PictureRegister } from '../../src/storage/picture-register';
import { type StoredRender, UsageLedger } from '../../src/storage/usage-ledger';
import { purchase, record } from '../support/ledger-rows';
import { explaining } from '../support/query-plans';

const register = new PictureRegister(env.LEDGER);
const ledger = new UsageLedger(env.LEDGER);
const made = (fingerprint: string, accountId: string, storedAt: number): StoredRender => {
  return { fingerprint, accountId, storedAt, provider: 'bfl', sha256: 'x', width: 64, height: 64, seed: 1 };
};

describe('whether others bought a picture again', () => {
  it('is in its own row, from the purchase on', async () => {
    const print = 'a'.repeat(64);
    await ledger.record([], made(print, 'one', 1_000));
    expect(await register.othersUse(print, 'one')).toEqual({ isPinned: false, isBought: false });
    await ledger.record([], made(print, 'one', 2_000));
    expect(await register.othersUse(print, 'one')).toEqual({ isPinned: false, isBought: false });
    for (const storedAt of [3_000, 3_000, 4_000]) await ledger.record([], made(print, 'two', storedAt));
    await ledger.record([], made(print, 'one', 5_000));
    expect(await register.othersUse(print, 'one')).toEqual({ isPinned: false, isBought: true });
  });

  it('is known of what was bought before it was noted', async () => {
    const [again, own, earlier] = ['b', 'c', 'd'].map((digit) => digit.repeat(64)) as [string, string, string];
    for (const print of [again, own, earlier]) {
      await ledger.record([], made(print, 'one', 10_000));
      await ledger.record([], made(print, 'one', 20_000));
    }
    await record(
      purchase({ accountId: 'two', fingerprint: again, settledAt: 20_000 }),
      purchase({ accountId: 'one', fingerprint: own, settledAt: 20_000 }),
      purchase({ accountId: 'two', fingerprint: own, settledAt: 20_000, outcome: 'failed' }),
      purchase({ accountId: 'two', fingerprint: earlier, settledAt: 9_999 }),
    );
    const queries = env.TEST_MIGRATIONS.flatMap((migration) => migration.queries);
    const note = queries.find((query) => query.includes('SET bought_by_others'));
    await env.LEDGER.prepare(note ?? '').run();
    const bought = async (print: string) => (await register.othersUse(print, 'one')).isBought;
    expect([await bought(again), await bought(own), await bought(earlier)]).toEqual([true, false, false]);
  });

  it('takes no look into the purchases, of which there may be millions', async () => {
    const { database, plans } = explaining();
    await new PictureRegister(database).othersUse('a'.repeat(64), 'one');
    expect(plans.filter((plan) => /SEARCH (renders|pins) /.test(plan))).toHaveLength(2);
    expect(plans.filter((plan) => /purchases|SCAN (renders|pins)/.test(plan))).toEqual([]);
  });
});

it('A pin, a claim and what may expire are found without reading a whole table', async () => {
  const { database, plans } = explaining();
  const [planned, claims] = [new PictureRegister(database), new PictureClaims(database)];
  await planned.pin('one', 'a'.repeat(64), { now: 1_000, storedAt: null });
  await planned.isKnown('a'.repeat(64));
  await claims.claim('a'.repeat(64), 'removal', 1_000);
  await claims.claimOld(1_000, 20, 1_000);
  expect(plans.filter((plan) => plan.includes('renders_by_age'))).toHaveLength(1);
  expect(plans.filter((plan) => plan.includes('SEARCH')).length).toBeGreaterThan(6);
  expect(plans.filter((plan) => /SCAN (purchases|renders|pins|removed_pictures|picture_claims)/.test(plan))).toEqual(
    [],
  );
});
