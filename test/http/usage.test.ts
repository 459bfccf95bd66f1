import { describe, expect, it } from 'vitest';
import { addAccount } from '../support/accounts';
import { call } from '../support/front-door';
import { purchase, record } from '../support/ledger-rows';

interface Usage {
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly totals: Figures;
  readonly days: readonly (Figures & { readonly day: string })[];
  readonly groups: readonly (Figures & Readonly<Record<string, string | number | null>>)[];
  readonly latency_days?: readonly object[];
  readonly latency_seconds: { readonly sample: number; readonly p50: number | null; readonly p99: number | null };
}
interface Figures {
  readonly purchases: number;
  readonly spent_micros: number;
  readonly drift_micros: number;
  readonly average_seconds: number | null;
}

const range = 'from=2026-11-01&to=2026-11-30';
const at = (time: string) => Date.parse(`2026-11-${time}Z`);

async function accountWithUsage(id: string): Promise<string> {
  const key = await addAccount(id);
  await record(
    purchase({
      accountId: id,
      settledAt: at('05T10:00:00'),
      keyId: '=evil',
      provider: 'fal',
      actualMicros: 40_000,
      spentMicros: 40_000,
    }),
    purchase({ accountId: id, settledAt: at('06T10:00:00'), dialect: 'openai' }),
    purchase({ accountId: id, settledAt: at('06T11:00:00'), outcome: 'failed', actualMicros: 0, spentMicros: 0 }),
    purchase({ accountId: id, settledAt: Date.parse('2026-12-01T00:00:00Z') }),
  );
  return key;
}
const usageOf = async (query: string, key?: string) =>
  (await call(`/v1/usage?${query}`, key === undefined ? {} : { key })).json<Usage>();

describe('usage', () => {
  it('is that of the days named, both included, with totals and latency', async () => {
    const key = await accountWithUsage('usage-range');
    const usage = await usageOf(range, key);
    expect(usage).toMatchObject({ object: 'usage', account: 'usage-range', from: '2026-11-01', to: '2026-11-30' });
    expect(usage.totals).toMatchObject({
      ...{ purchases: 2, pictures: 2, failures: 1, spent_micros: 90_000, quoted_micros: 150_000 },
      ...{ reported_purchases: 3, reported_micros: 90_000, drift_micros: -10_000, average_seconds: 1 },
      ...{
        compared_pictures: 2,
        compared_quoted_micros: 100_000,
        compared_micros: 90_000,
        unreported_quoted_micros: 0,
      },
    });
    expect(usage.days.map(({ day }) => day)).toEqual(['2026-11-06', '2026-11-05']);
    expect(usage.groups).toEqual(usage.days);
    expect(usage.latency_seconds).toEqual({ sample: 2, p50: 1, p95: 1, p99: 1 });
    const day = await usageOf('from=2026-11-05&to=2026-11-05', key);
    expect(day.totals).toMatchObject({ purchases: 1 });
  });

  it('has the latency of each day where that is asked for, whatever it is told apart by', async () => {
    const key = await accountWithUsage('usage-latency');
    const days = [
      { day: '2026-11-06', sample: 1, p50: 1, p95: 1, p99: 1 },
      { day: '2026-11-05', sample: 1, p50: 1, p95: 1, p99: 1 },
    ];
    expect((await usageOf(`${range}&latency=day`, key)).latency_days).toEqual(days);
    expect((await usageOf(`${range}&latency=day&group=provider`, key)).latency_days).toEqual(days);
    for (const query of [range, `${range}&group=day`])
      expect(await usageOf(query, key)).not.toHaveProperty('latency_days');
  });

  it('is told apart by whatever is asked for', async () => {
    const key = await accountWithUsage('usage-groups');
    const { groups } = await usageOf(`${range}&group=provider,outcome`, key);
    expect(groups.map(({ provider, outcome, spent_micros: spent }) => [provider, outcome, spent])).toEqual([
      ['bfl', 'failed', 0],
      ['bfl', 'ready', 50_000],
      ['fal', 'ready', 40_000],
    ]);
    const byKey = await usageOf(`${range}&group=key`, key);
    expect(byKey.groups.map(({ key: name, spent_micros: spent }) => [name, spent])).toEqual([
      [null, 50_000],
      ['=evil', 40_000],
    ]);
  });

  it('comes as CSV that no spreadsheet runs', async () => {
    const key = await accountWithUsage('usage-csv');
    const response = await call(`/v1/usage?${range}&group=key,day&format=csv`, { key });
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const lines = (await response.text()).split('\r\n');
    expect(lines[0]).toMatch(/^key,day,purchases,pictures,failures,spent_micros,/);
    expect(lines[2]).toMatch(/^'=evil,2026-11-05,1,1,0,40000,50000,1,40000,-10000,/);
    expect(lines).toHaveLength(4);
  });

  it('of other accounts, and of all together, is for admins alone', async () => {
    const key = await accountWithUsage('usage-admin');
    for (const account of ['usage-admin', 'usage-csv', '*'])
      expect((await call(`/v1/usage?account=${account}`, { key })).status).toBe(403);
    expect((await usageOf(`${range}&account=usage-admin`)).totals).toMatchObject({ purchases: 2 });
    expect(await usageOf(`${range}&account=nobody`)).toMatchObject({ account: 'nobody', totals: { purchases: 0 } });
    const operator = 'an-admin-token-for-tests-only-0123456789';
    expect(await usageOf(`${range}&account=usage-admin`, operator)).toMatchObject({ totals: { purchases: 2 } });
    expect((await call('/v1/usage', { key: operator })).status).toBe(401);
    const all = await usageOf(`${range}&account=*&group=account`);
    expect(all.account).toBe('*');
    expect(all.groups).toContainEqual(expect.objectContaining({ account: 'usage-admin', purchases: 2 }));
    expect(all.totals.purchases).toBeGreaterThan(2);
  });

  it.each([
    ['from=2026-11-31', 'from'],
    ['from=yesterday', 'from'],
    ['from=2026-11-02&to=2026-11-01', 'from'],
    ['from=2024-01-01&to=2026-01-01', 'from'],
    ['to=2026-11-01T00:00:00Z', 'to'],
    ['days=3&from=2026-11-01', 'days'],
    ['group=prompt', 'group'],
    ['group=', 'group'],
    ["group=day');DROP TABLE purchases;--", 'group'],
    ['format=xml', 'format'],
    ['latency=hour', 'latency'],
    ['latency=', 'latency'],
    ['latency=day&format=csv', 'latency'],
    ['account=', 'account'],
  ])('does not take %s', async (query, field) => {
    const response = await call(`/v1/usage?${query}`);
    expect(response.status).toBe(400);
    const { error } = await response.json<{ error: { issues: { field: string }[] } }>();
    expect(error.issues[0]?.field).toMatch(new RegExp(`^${field}`));
  });
});
