import { describe, expect, it } from 'vitest';
import { squareMegapixel } from '../../src/core/price';
import type { Outcome } from '../../src/renders/render-record';
import { joinsId, joinsOf, purchaseOf, storedRenderOf } from '../../src/renders/settlement';
import { began, endingWith, phases, recordIn } from '../support/render-records';

const record = recordIn(phases.settling);
/** By the price list of the one who made it, which need not be what the buyer was quoted. */
const price = 58_000;

describe('purchaseOf', () => {
  it('says who bought what, where, and what it came to', () => {
    expect(purchaseOf(record, endingWith(), 'a-task')).toEqual({
      id: `${record.fingerprint}-${began}`,
      accountId: 'acme',
      keyId: 'key_1',
      settledAt: began + 9_000,
      fingerprint: record.fingerprint,
      dialect: 'bfl',
      task: 'a-task',
      provider: 'one',
      outcome: 'ready',
      inputMegapixels: 0,
      outputMegapixels: 1.05,
      quotedMicros: 61_500,
      actualMicros: 52_500,
      paidBy: 'account',
      spentMicros: 52_500,
      queuedAt: began,
    });
  });

  /** What the buyer pays where the vendor said nothing, said zero, and said a price. */
  const payments: readonly { outcome: Outcome; unsaid: number | null; free: number | null; said: number | null }[] = [
    { outcome: 'ready', unsaid: price, free: 0, said: 70_000 },
    { outcome: 'failed', unsaid: 0, free: 0, said: 70_000 },
    { outcome: 'moderated', unsaid: 0, free: 0, said: 70_000 },
    { outcome: 'unknown', unsaid: price, free: 0, said: 70_000 },
    { outcome: 'unfinished', unsaid: price, free: 0, said: 70_000 },
    { outcome: 'lost', unsaid: price, free: 0, said: 70_000 },
    { outcome: 'cancelled', unsaid: 0, free: 0, said: 70_000 },
    { outcome: 'refused', unsaid: null, free: null, said: null },
  ];
  it.each(payments)('of an end that is $outcome: $unsaid unsaid, $free free, $said said', (payment) => {
    const { outcome, unsaid, free, said } = payment;
    const spent = (charge: number | null) => purchaseOf(record, endingWith({ outcome, charge }), 'a-task')?.spentMicros;
    expect([spent(null), spent(0), spent(70_000)]).toEqual([unsaid, free, said].map((micros) => micros ?? undefined));
  });

  it('is the price of what was made and kept back, where the vendor said nothing, and what it said where it did', () => {
    const spent = (charge: number | null) => {
      const withheld = endingWith({ outcome: 'moderated', isSold: true, charge, sha256: null });
      return purchaseOf(record, withheld, 'a-task');
    };
    expect(spent(null)).toMatchObject({ actualMicros: null, spentMicros: price });
    expect([spent(0)?.spentMicros, spent(70_000)?.spentMicros]).toEqual([0, 70_000]);
  });

  it.each<Outcome>(['cancelled', 'refused'])('is nothing where it was %s before any provider was asked', (outcome) => {
    expect(purchaseOf(record, endingWith({ outcome, provider: null, charge: null }), 'a-task')).toBeNull();
  });

  it('keeps what the vendor said apart from what is assumed', () => {
    const unknown = endingWith({ outcome: 'unknown', charge: null });
    expect(purchaseOf(record, unknown, 'a-task')).toMatchObject({ actualMicros: null, spentMicros: price });
  });

  it('costs the account nothing where the caller’s own vendor key paid, and still says what that was', () => {
    const own = recordIn(phases.settling, { plan: { provider: 'one', sealedKey: 'sealed' } });
    expect(purchaseOf(own, endingWith(), 'a-task')).toMatchObject({
      paidBy: 'caller',
      actualMicros: 52_500,
      spentMicros: 0,
    });
    const unknown = endingWith({ outcome: 'unknown', charge: null });
    expect(purchaseOf(own, unknown, 'a-task')).toMatchObject({ actualMicros: null, spentMicros: 0 });
  });

  it('has one id at every try to write it, and another for another attempt', () => {
    const idOf = (generation: number, tries: number) => {
      const settling = recordIn({ ...phases.settling, tries }, { generation });
      return purchaseOf(settling, endingWith(), 'a-task')?.id;
    };
    expect(idOf(began, 0)).toBe(idOf(began, 9));
    expect(idOf(began + 1, 0)).not.toBe(idOf(began, 0));
  });
});

describe('storedRenderOf', () => {
  it('lists the picture at the size it was rendered', () => {
    const cropped = recordIn(phases.settling, { request: { ...squareMegapixel, width: 1920, height: 1080, seed: 9 } });
    expect(storedRenderOf(cropped, endingWith())).toEqual({
      fingerprint: record.fingerprint,
      accountId: 'acme',
      storedAt: began + 9_000,
      provider: 'one',
      sha256: 'd'.repeat(64),
      width: 1920,
      height: 1088,
      seed: 9,
    });
  });

  it('is nothing where there is no picture', () => {
    expect(storedRenderOf(record, endingWith({ outcome: 'lost', sha256: null }))).toBeNull();
  });
});

describe('joinsOf', () => {
  const joiner = (accountId: string, dialect = 'bfl') => ({
    accountId,
    dialect,
    savedMicros: 61_500,
    chargedMicros: 1_000,
  });
  const joiners = [joiner('a'), joiner('b'), joiner('a'), joiner('a', 'fal')];

  it('counts those who joined by account and dialect, on the day on which the picture was there', () => {
    const day = new Date(began + 9_000).toISOString().slice(0, 10);
    const of = (accountId: string, dialect: string, count: number) => {
      const micros = { savedMicros: count * 61_500, chargedMicros: count * 1_000 };
      return { accountId, dialect, day, kind: 'joined', count, ...micros };
    };
    const { counts } = joinsOf(endingWith(), joiners);
    expect(counts).toEqual([of('a', 'bfl', 2), of('b', 'bfl', 1), of('a', 'fal', 1)]);
    expect(joinsOf(endingWith(), [])).toEqual({ counts: [], charges: new Map() });
  });

  it('charges each account once: what was set aside apart from what was not, as in earlier days', () => {
    const named = { ...joiner('a'), isHeld: true, order: 'one' };
    const { charges } = joinsOf(endingWith(), [...joiners, named, { ...named, chargedMicros: 0 }]);
    const a = { accountId: 'a', allowances: [] };
    const own = { joins: 5, isHeld: true, heldMicros: 1_000, unheldMicros: 3_000 };
    const b = {
      accountId: 'b',
      allowances: [],
      joins: 1,
      isHeld: false,
      heldMicros: 0,
      unheldMicros: 1_000,
      orders: [],
    };
    expect([...charges]).toEqual([
      ['a', [{ ...a, ...own, orders: [{ order: 'one', micros: 1_000 }] }]],
      ['b', [b]],
    ]);
  });

  it('charges what was set aside within other allowances apart, in the same account', () => {
    const within = (...allowances: string[]) => ({ ...joiner('a'), isHeld: true, allowances });
    const { charges } = joinsOf(endingWith(), [within('one key'), within('another'), within('one key')]);
    const of = (name: string, joins: number) => {
      const micros = { heldMicros: joins * 1_000, unheldMicros: 0 };
      return { accountId: 'a', allowances: [name], joins, isHeld: true, ...micros, orders: [] };
    };
    expect([...charges]).toEqual([['a', [of('one key', 2), of('another', 1)]]]);
  });

  it.each<Outcome>(['failed', 'moderated', 'unknown', 'unfinished', 'lost', 'cancelled', 'refused'])(
    'is nothing of a render that is %s, and gives back what was set aside',
    (outcome) => {
      const ending = endingWith({ outcome });
      expect(joinsOf(ending, joiners)).toEqual({ counts: [], charges: new Map() });
      const nothing = { joins: 1, heldMicros: 0, unheldMicros: 0, orders: [] };
      const { charges } = joinsOf(ending, [{ ...joiner('a'), isHeld: true, order: 'one' }]);
      expect([...charges]).toEqual([['a', [{ accountId: 'a', allowances: [], isHeld: true, ...nothing }]]]);
    },
  );

  it('is booked under one name at every try, and another for another attempt', () => {
    const again = recordIn({ ...phases.settling, tries: 9 });
    expect(joinsId(again)).toBe(joinsId(record));
    expect(joinsId({ ...record, generation: began + 1 })).not.toBe(joinsId(record));
  });
});
