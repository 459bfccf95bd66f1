import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { UsageDimension } from '../../src/core/wire/usage';
import { UsageLedger } from '../../src/storage/usage-ledger';
import { UsageReports } from '../../src/storage/usage-reports';
import { countOf, purchase, record } from '../support/ledger-rows';
import { explaining } from '../support/query-plans';

const reports = new UsageReports(env.LEDGER);
const noon = (day: string) => Date.parse(`${day}T12:00:00Z`);
const november = { from: '2026-11-01', to: '2026-11-30' };
const groupsOf = (accountId: string | null, ...dimensions: UsageDimension[]) =>
  reports.groups({ accountId, ...november, dimensions });

describe('the roll-up of a day', () => {
  it('counts a purchase once, however often it is written', async () => {
    const row = purchase({ accountId: 'rolled-once', settledAt: noon('2026-11-02') });
    for (let time = 0; time < 3; time += 1) await record(row);
    expect(await groupsOf('rolled-once', 'day')).toMatchObject([
      { day: '2026-11-02', purchases: 1, spentMicros: 50_000 },
    ]);
    expect([await countOf('purchases', 'rolled-once'), await countOf('purchase_days', 'rolled-once')]).toEqual([1, 1]);
  });

  it('keeps nothing of a batch that fails', async () => {
    const good = purchase({ accountId: 'rolled-back', settledAt: noon('2026-11-02') });
    const bad = { ...purchase({ accountId: 'rolled-back' }), provider: null as unknown as string };
    await expect(record(good, bad)).rejects.toThrow();
    expect([await countOf('purchases', 'rolled-back'), await countOf('purchase_days', 'rolled-back')]).toEqual([0, 0]);
  });

  it('ends with the UTC day', async () => {
    const accountId = 'rolled-midnight';
    for (const time of ['2026-11-02T23:59:59.999Z', '2026-11-03T00:00:00.000Z'])
      await record(purchase({ accountId, settledAt: Date.parse(time) }));
    expect((await groupsOf(accountId, 'day')).map(({ day }) => day)).toEqual(['2026-11-03', '2026-11-02']);
  });
});

describe('a report', () => {
  const accountId = 'reported';
  const sale = (given: object) => purchase({ accountId, settledAt: noon('2026-11-05'), ...given });
  const rows = [
    sale({ keyId: 'key-1' }),
    sale({ keyId: 'key-2', provider: 'fal', actualMicros: 60_000, spentMicros: 60_000 }),
    sale({ keyId: 'key-2', provider: 'fal', outcome: 'failed', actualMicros: null, spentMicros: 0 }),
    sale({ keyId: 'key-2', provider: 'fal', outcome: 'failed', actualMicros: 10_000, spentMicros: 10_000 }),
    sale({ outcome: 'unknown', actualMicros: null, settledAt: noon('2026-11-06') }),
    sale({ outcome: 'cancelled', actualMicros: null, spentMicros: 0 }),
    sale({ settledAt: noon('2026-10-31') }),
  ];
  const filled = (async () => {
    await record(...rows, purchase({ accountId: 'reported-other', settledAt: noon('2026-11-05') }));
    const hit = {
      accountId,
      day: '2026-11-05',
      dialect: 'openai',
      kind: 'hit',
      count: 3,
      savedMicros: 150_000,
    } as const;
    await new UsageLedger(env.LEDGER).count([
      hit,
      { ...hit, kind: 'joined', count: 1, savedMicros: 50_000, chargedMicros: 7 },
    ]);
  })();

  it('has the sums of the range, and of that account alone', async () => {
    await filled;
    const days = await groupsOf(accountId, 'day');
    expect(days).toMatchObject([
      { day: '2026-11-06', purchases: 1, pictures: 0, failures: 1, spentMicros: 50_000, reported: 0 },
      {
        ...{ day: '2026-11-05', purchases: 3, pictures: 2, failures: 2, spentMicros: 120_000, attempts: 5 },
        ...{ reported: 3, reportedMicros: 120_000, driftMicros: 10_000, durationMs: 5_000 },
        ...{ hits: 3, joins: 1, savedMicros: 200_000, chargedMicros: 7 },
      },
    ]);
  });

  it.each<readonly UsageDimension[][]>([
    [['provider']],
    [['outcome', 'dialect']],
    [['key']],
    [['key', 'day', 'provider']],
  ])('comes to the same told apart by %s', async (dimensions) => {
    await filled;
    const sum = (groups: readonly { spentMicros: number; purchases: number; hits: number; failures: number }[]) =>
      groups
        .map(({ spentMicros, purchases, hits, failures }) => [spentMicros, purchases, hits, failures])
        .reduce((total, part) => total.map((value, index) => value + (part[index] ?? 0)));
    expect(sum(await groupsOf(accountId, ...dimensions))).toEqual(sum(await groupsOf(accountId, 'day')));
  });

  it('tells keys apart, and what was not bought from all of them', async () => {
    await filled;
    const groups = await groupsOf(accountId, 'key');
    expect(groups.map(({ key, spentMicros, hits }) => [key, spentMicros, hits])).toEqual([
      [null, 50_000, 3],
      ['key-1', 50_000, 0],
      ['key-2', 70_000, 0],
    ]);
  });

  it('is of all accounts together where none is named', async () => {
    await filled;
    const groups = await groupsOf(null, 'account');
    expect(groups.filter(({ account }) => account?.startsWith('reported')).map(({ account }) => account)).toEqual([
      'reported',
      'reported-other',
    ]);
  });
});

describe('latency', () => {
  it('is that of the pictures alone, by nearest rank', async () => {
    const accountId = 'latency';
    const settledAt = noon('2026-11-05');
    const rows = Array.from({ length: 100 }, (_, index) =>
      purchase({ accountId, settledAt: settledAt + index, queuedAt: settledAt + index - (index + 1) * 10 }),
    );
    await record(...rows, purchase({ accountId, settledAt, queuedAt: 0, outcome: 'failed' }));
    const query = { accountId, ...november, dimensions: ['day'] as const };
    expect(await reports.latency(query)).toEqual({ sample: 100, p50: 500, p95: 950, p99: 990 });
  });

  it('of nothing is not known', async () => {
    const query = { accountId: 'latency-none', ...november, dimensions: ['day'] as const };
    expect(await reports.latency(query)).toEqual({ sample: 0, p50: null, p95: null, p99: null });
  });
});

describe('latency by day', () => {
  const dayOfMany = Date.parse('2026-11-07T00:00:00Z');
  const many = 2_500;

  /** Pictures of a day, all at once: the roll-up counts each of them. */
  async function manyPictures(accountId: string): Promise<void> {
    await env.LEDGER.prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${many})
      INSERT INTO purchases SELECT ?1, ?2 + n * 30000, 'many-' || ?1 || n, printf('%064x', n), 'bfl', 'task', 'bfl', 'ready',
        0, 1, 50000, 50000, 50000, 'account', ?2 + n * 30000 - 1000 - n, NULL FROM numbers`,
    )
      .bind(accountId, dayOfMany)
      .run();
  }
  const byDay = (accountId: string | null, range = november) =>
    reports.latencyByDay({ accountId, ...range, dimensions: ['day'] });

  it('is that of each day with pictures, the newest first, and of the pictures alone', async () => {
    const accountId = 'latency-days';
    const rows = ['2026-11-05', '2026-11-06'].flatMap((day, hurry) =>
      Array.from({ length: 20 }, (_, index) => {
        const settledAt = noon(day) + index;
        return purchase({ accountId, settledAt, queuedAt: settledAt - (index + 1) * (hurry === 0 ? 100 : 10) });
      }),
    );
    const others = [
      purchase({ accountId, settledAt: noon('2026-11-06'), queuedAt: 0, outcome: 'failed' }),
      purchase({ accountId, settledAt: noon('2026-12-01'), queuedAt: 0 }),
      purchase({ accountId: 'latency-others', settledAt: noon('2026-11-06'), queuedAt: 0 }),
    ];
    await record(...rows, ...others);
    expect(await byDay(accountId)).toEqual([
      { day: '2026-11-06', sample: 20, p50: 100, p95: 190, p99: 200 },
      { day: '2026-11-05', sample: 20, p50: 1_000, p95: 1_900, p99: 2_000 },
    ]);
    expect(await byDay('latency-none')).toEqual([]);
    const all = await byDay(null, { from: '2026-11-06', to: '2026-11-06' });
    expect(all).toMatchObject([{ day: '2026-11-06', p99: noon('2026-11-06') }]);
  });

  it('of a day with many pictures is told by some, spread over it', async () => {
    await manyPictures('latency-many');
    const [day, ...rest] = await byDay('latency-many');
    expect(rest).toEqual([]);
    expect(day?.sample).toBeGreaterThan(many / 4);
    expect(day?.sample).toBeLessThan(many / 2);
    expect(Math.abs((day?.p50 ?? 0) - (1_000 + many / 2))).toBeLessThan(many * 0.04);
    expect(Math.abs((day?.p99 ?? 0) - (1_000 + many * 0.99))).toBeLessThan(many * 0.02);
  });
});

describe('a report of one account', () => {
  it.each<UsageDimension[]>([['day'], ['provider'], ['key']])('by %s scans no table', async (...dimensions) => {
    const { database, plans } = explaining();
    const explained = new UsageReports(database);
    const query = { accountId: 'plans', ...november, dimensions };
    await explained.groups(query);
    await explained.latency(query);
    await explained.latencyByDay(query);
    expect(plans.filter((plan) => /SEARCH (purchases|purchase_days|daily_counts)/.test(plan)).length).toBeGreaterThan(
      2,
    );
    expect(plans.filter((plan) => /SCAN (purchases|purchase_days|daily_counts)/.test(plan))).toEqual([]);
  });
});
