import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { prometheusText } from '../../src/http/prometheus';
import { Retention } from '../../src/storage/retention';
import { addAccount } from '../support/accounts';
import { call } from '../support/front-door';
import { countOf, purchase, record } from '../support/ledger-rows';
import { parsePrometheus } from '../support/prometheus-parser';

const metricsOf = async () => parsePrometheus(await (await call('/metrics')).text());

/** The counters, each by its name and labels. */
async function countersOf(): Promise<ReadonlyMap<string, number>> {
  const counters = (await metricsOf()).filter(({ name }) => name.endsWith('_total'));
  return new Map(counters.map(({ name, labels, value }) => [`${name}${JSON.stringify(labels)}`, value]));
}

describe('the metrics', () => {
  it('have the purchases of all accounts, by provider and outcome', async () => {
    await record(
      purchase({ accountId: 'metrics-a', provider: 'fal', dialect: 'oxen' }),
      purchase({ accountId: 'metrics-b', provider: 'fal', dialect: 'oxen', actualMicros: 60_000, spentMicros: 60_000 }),
      purchase({ accountId: 'metrics-b', provider: 'fal', dialect: 'oxen', outcome: 'failed', spentMicros: 0 }),
    );
    const samples = await metricsOf();
    const sampleValue = (name: string, outcome: string) =>
      samples.find(
        (sample) => sample.name === name && sample.labels.provider === 'fal' && sample.labels.outcome === outcome,
      )?.value;
    expect(sampleValue('fluxgate_purchases_total', 'ready')).toBe(2);
    expect(sampleValue('fluxgate_spent_micros_total', 'ready')).toBe(110_000);
    expect(sampleValue('fluxgate_quoted_micros_total', 'ready')).toBe(100_000);
    expect(sampleValue('fluxgate_reported_micros_total', 'ready')).toBe(110_000);
    expect(sampleValue('fluxgate_drift_micros', 'ready')).toBe(10_000);
    expect(sampleValue('fluxgate_attempts_total', 'failed')).toBe(1);
    expect(sampleValue('fluxgate_purchases_total', 'failed')).toBe(0);
  });

  it('count upwards alone, whatever is bought, hit, refused, or removed when it is old', async () => {
    const longAgo = Date.now() - 400 * 86_400_000;
    const old = { accountId: 'metrics-c', provider: 'oxen', dialect: 'fal', settledAt: longAgo };
    await record(purchase(old), purchase({ ...old, outcome: 'unknown' }));
    const order = () =>
      call('/v1/images/generations', { json: { prompt: 'metrics: counted', size: '64x64', seed: 1 } });
    const happenings = [
      order,
      order,
      () => call('/v1/images/generations', { json: { prompt: 'metrics: sandbox:moderated', size: '64x64' } }),
      () => record(purchase({ ...old, settledAt: Date.now(), outcome: 'failed', spentMicros: 0 })),
      () => new Retention(env.LEDGER).removeBefore(longAgo + 1, Date.now()),
    ];
    let before = await countersOf();
    for (const happens of happenings) {
      await happens();
      const after = await countersOf();
      for (const [series, value] of before)
        expect([series, (after.get(series) ?? -1) >= value]).toEqual([series, true]);
      before = after;
    }
    expect(await countOf('purchases', 'metrics-c')).toBe(1);
    const sumOf = (name: string) =>
      [...before].filter(([series]) => series.startsWith(name)).reduce((sum, [, value]) => sum + value, 0);
    expect(sumOf('fluxgate_purchases_total{"provider":"sandbox"')).toBeGreaterThan(0);
    expect(sumOf('fluxgate_purchases_total{"provider":"oxen"')).toBe(2);
  });

  it('have the providers, and what runs', async () => {
    const samples = await metricsOf();
    expect(samples).toContainEqual({
      name: 'fluxgate_provider_circuit_open',
      labels: { provider: 'sandbox' },
      value: 0,
    });
    expect(samples.find(({ name }) => name === 'fluxgate_build_info')).toMatchObject({
      labels: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      value: 1,
    });
  });

  it('are for admins alone, and never cached', async () => {
    expect((await call('/metrics', { key: null })).status).toBe(401);
    expect((await call('/metrics', { key: await addAccount('metrics-no-admin') })).status).toBe(403);
    const response = await call('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect((await call('/metrics', { method: 'POST', body: 'x' })).status).toBe(405);
  });
});

describe('the text format', () => {
  it('escapes what stands in labels and help', () => {
    const labels = { provider: 'a "quoted" \\ back\nslash' };
    const text = prometheusText([{ name: 'x', type: 'gauge', help: 'a \\ b\nc', samples: [{ labels, value: 1.5 }] }]);
    expect(text).toBe('# HELP x a \\\\ b\\nc\n# TYPE x gauge\nx{provider="a \\"quoted\\" \\\\ back\\nslash"} 1.5\n');
    expect(parsePrometheus(text)).toEqual([{ name: 'x', labels, value: 1.5 }]);
  });
});
