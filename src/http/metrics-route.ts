import { Hono } from 'hono';
import { closedGate, type Gates } from '../core/gate';
import type { Provider } from '../core/provider';
import type { UsageFigures, UsageGroup } from '../storage/usage-reports';
import type { FrontEnv } from './front';
import { type Metric, prometheusContentType, prometheusText } from './prometheus';
import { refuseOtherMethods } from './refuse';
import { withScope } from './with-account';

/** `GET /metrics`: what all accounts together bought and saved, and how the providers are doing. */
export const metricsRoute = new Hono<FrontEnv>()
  .get('/metrics', withScope('admin'), async (c) => {
    const { reports, market, build } = c.var.front;
    const [groups, states] = await Promise.all([reports.ever(['provider', 'outcome', 'dialect']), market.states()]);
    const text = prometheusText([
      ...purchaseMetrics(groups.filter(({ provider }) => provider !== null)),
      ...savingMetrics(groups.filter(({ provider }) => provider === null)),
      ...providerMetrics(market.providers, states),
      {
        name: 'fluxgate_build_info',
        type: 'gauge',
        help: 'The version that runs; always 1.',
        samples: [{ labels: build, value: 1 }],
      },
    ]);
    return c.body(text, 200, { 'content-type': prometheusContentType });
  })
  .all('/metrics', refuseOtherMethods('GET', 'HEAD'));

function purchaseMetrics(groups: readonly UsageGroup[]): Metric[] {
  const counter = (name: string, help: string, value: (figures: UsageFigures) => number): Metric => ({
    name,
    type: 'counter',
    help,
    samples: groups.map((group) => ({
      labels: labelsOf(group, ['provider', 'outcome', 'dialect']),
      value: value(group),
    })),
  });
  return [
    counter('fluxgate_attempts_total', 'Vendor tasks, by how they ended.', ({ attempts }) => attempts),
    counter('fluxgate_purchases_total', 'Vendor tasks that were paid for or gave a picture.', (sum) => sum.purchases),
    counter('fluxgate_spent_micros_total', 'Micro-dollars spent.', ({ spentMicros }) => spentMicros),
    counter('fluxgate_quoted_micros_total', 'Micro-dollars quoted.', ({ quotedMicros }) => quotedMicros),
    counter(
      'fluxgate_reported_micros_total',
      'Micro-dollars that vendors said they charged.',
      (sum) => sum.reportedMicros,
    ),
    {
      ...counter(
        'fluxgate_drift_micros',
        'Micro-dollars that vendors charged for pictures beyond their quotes; below zero: less.',
        (sum) => sum.driftMicros,
      ),
      type: 'gauge',
    },
    counter('fluxgate_duration_seconds_total', 'Seconds from order to end.', ({ durationMs }) => durationMs / 1000),
  ];
}

function savingMetrics(groups: readonly UsageGroup[]): Metric[] {
  const counter = (name: string, help: string, value: (figures: UsageFigures) => number): Metric => ({
    name,
    type: 'counter',
    help,
    samples: groups.map((group) => ({ labels: labelsOf(group, ['dialect']), value: value(group) })),
  });
  return [
    counter('fluxgate_hits_total', 'Pictures that were stored already.', ({ hits }) => hits),
    counter('fluxgate_joins_total', 'Orders that joined a render under way.', ({ joins }) => joins),
    counter(
      'fluxgate_saved_micros_total',
      'Micro-dollars that hits and joins saved.',
      ({ savedMicros }) => savedMicros,
    ),
    counter('fluxgate_charged_micros_total', 'Micro-dollars charged for hits and joins.', (sum) => sum.chargedMicros),
  ];
}

function providerMetrics(providers: readonly Provider[], states: Gates): Metric[] {
  const now = Date.now();
  const gauge = (name: string, help: string, value: (provider: Provider) => number | null): Metric => ({
    name,
    type: 'gauge',
    help,
    samples: providers.flatMap((provider) => {
      const known = value(provider);
      return known === null ? [] : [{ labels: { provider: provider.id }, value: known }];
    }),
  });
  const gateOf = ({ id }: Provider) => states[id] ?? closedGate;
  return [
    gauge('fluxgate_provider_circuit_open', 'Whether the provider is passed over (1) or asked (0).', (provider) =>
      Number(gateOf(provider).openUntil > now),
    ),
    gauge('fluxgate_provider_failures', 'Failures in a row.', (provider) => gateOf(provider).failures),
    gauge(
      'fluxgate_provider_places_taken',
      'Renders that hold one of the places of the provider.',
      (provider) => gateOf(provider).leases.filter(({ until }) => until > now).length,
    ),
    gauge(
      'fluxgate_provider_places',
      'Places of the provider, where it has a limit.',
      ({ capability }) => capability.concurrency,
    ),
  ];
}

function labelsOf(group: UsageGroup, names: readonly ('provider' | 'outcome' | 'dialect')[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, group[name] ?? '']));
}
