import { describe, expect, it } from 'vitest';
import { type Asking, RefusalMemory } from '../../src/accounts/refusal-memory';
import { withoutLimits } from '../../src/core/spending';

const refusal = { code: 'insufficient_credit', message: 'Nothing is left.' } as const;

const asking = (changes: Partial<Asking> = {}): Asking => ({
  fingerprint: 'a-picture',
  accountId: 'an-account',
  spending: { limits: { ...withoutLimits, isPrepaid: true }, allowances: [], order: { id: 'an-order', pictures: 1 } },
  quotedMicros: 60_000,
  dearestMicros: 60_000,
  ...changes,
});

/** A memory that was told at 1,000 ms what the account refused. */
function remembering(): RefusalMemory {
  const memory = new RefusalMemory();
  memory.noteAsked(asking(), 990);
  memory.remember(asking(), refusal, { askedAt: 990, now: 1_000 });
  return memory;
}

describe('what an account refused a moment ago', () => {
  it('is refused again for a second, whatever picture and order it is for', () => {
    const { spending } = asking();
    const again = asking({
      fingerprint: 'another-picture',
      spending: { ...spending, order: { id: 'another', pictures: 1 } },
    });
    expect(remembering().recall(again, 1_999)).toEqual(refusal);
    expect(remembering().recall(again, 2_000)).toBeNull();
  });

  it('is refused again for a tenth of a second where only a place is missing', () => {
    const rateLimit = { limit: 1, windowSeconds: 2, remaining: 0, resetSeconds: 2 };
    const full = { code: 'rate_limited', message: 'There is no place.', retryAfterSeconds: 2, rateLimit } as const;
    const memory = new RefusalMemory();
    memory.remember(asking(), full, { askedAt: 990, now: 1_000 });
    expect(memory.recall(asking(), 1_099)).toEqual(full);
    expect(memory.recall(asking(), 1_100)).toBeNull();
  });

  const others: readonly [string, Partial<Asking>][] = [
    ['another account', { accountId: 'another-account' }],
    ['another price', { quotedMicros: 59_999 }],
    ['one that may come less dear', { dearestMicros: 59_999 }],
    ['a key of the caller', { dearestMicros: 0 }],
    ['other limits', { spending: { ...asking().spending, limits: withoutLimits } }],
    ['more pictures together', { spending: { ...asking().spending, order: { id: 'an-order', pictures: 2 } } }],
    [
      'an allowance',
      {
        spending: {
          ...asking().spending,
          allowances: [{ name: 'key:one', dayMicros: 1, totalMicros: null, requestsPerMinute: null }],
        },
      },
    ],
  ];
  it.each(others)('says nothing of %s', (_, changes) => {
    expect(remembering().recall(asking(changes), 1_001)).toBeNull();
  });

  it('does not keep anybody from joining what is being asked for', () => {
    const memory = remembering();
    memory.noteAsked(asking({ fingerprint: 'in-the-making' }), 1_001);
    expect(memory.recall(asking({ fingerprint: 'in-the-making' }), 1_002)).toBeNull();
    expect(memory.recall(asking({ fingerprint: 'another' }), 1_002)).toEqual(refusal);
  });

  it('does not go on for one picture because others are refused all the time', () => {
    const memory = remembering();
    const wanted = asking({ fingerprint: 'in-the-making-elsewhere' });
    const answers = [1_100, 1_500, 1_900, 2_300, 2_700].map((now) => {
      memory.remember(asking(), refusal, { askedAt: now - 1, now });
      return memory.recall(wanted, now);
    });
    expect(answers).toEqual([refusal, refusal, refusal, null, refusal]);
  });

  it('is forgotten once an account has more, also when the refusal was on its way', () => {
    const memory = remembering();
    memory.forget(1_100);
    expect(memory.recall(asking(), 1_101)).toBeNull();
    memory.remember(asking(), refusal, { askedAt: 1_099, now: 1_102 });
    expect(memory.recall(asking(), 1_103)).toBeNull();
    memory.remember(asking(), refusal, { askedAt: 1_103, now: 1_104 });
    expect(memory.recall(asking(), 1_105)).toEqual(refusal);
  });
});
