import { dollars } from '../money';
import type { ViewFacts } from '../tool-data';
import type { Reports } from './use-dashboard';
import { Mix, type MixProps, signed } from './usage-figures';

const pictures = { name: 'Pictures', read: (row) => row.pictures, write: String } satisfies MixProps['columns'][number];
const spent = {
  name: 'Spent',
  read: (row) => row.spentMicros,
  write: (micros) => dollars(micros),
} satisfies MixProps['columns'][number];

const outcomeWords: Readonly<Record<string, string>> = {
  ready: 'ready',
  failed: 'the vendor failed',
  moderated: 'moderated',
  cancelled: 'cancelled',
  unknown: 'nobody can tell',
};

/** Who made the pictures, in which API they were ordered, what failed, and where the price was another. */
export function UsageMixes({ reports, facts }: { readonly reports: Reports; readonly facts: ViewFacts }) {
  const titleOf = (list: ViewFacts['providers']) => (id: string) => list.find((one) => one.id === id)?.title ?? id;
  return (
    <div class="mixes">
      <Mix
        title="Who made them"
        usage={reports.byProvider}
        group="provider"
        nameOf={titleOf(facts.providers)}
        columns={[
          pictures,
          spent,
          { name: 'Failures', read: (row) => row.failures, write: String },
          { name: 'Average', read: (row) => row.averageSeconds ?? 0, write: (seconds) => `${seconds.toFixed(1)} s` },
        ]}
      />
      <Mix
        title="Quote against actual"
        usage={reports.byProvider}
        group="provider"
        nameOf={titleOf(facts.providers)}
        columns={[
          { name: 'Quoted', read: (row) => row.quotedMicros, write: (micros) => dollars(micros) },
          { name: 'Charged', read: (row) => row.reportedMicros, write: (micros) => dollars(micros) },
          { name: 'Reported', read: (row) => row.reportedPurchases, write: String },
          { name: 'Drift', read: (row) => row.driftMicros, write: signed },
        ]}
      />
      <Mix
        title="How orders ended"
        usage={reports.byOutcome}
        group="outcome"
        nameOf={(outcome) => outcomeWords[outcome] ?? outcome.replaceAll('_', ' ')}
        columns={[
          { name: 'Orders', read: (row) => row.pictures + row.failures, write: String },
          spent,
        ]}
      />
      <Mix
        title="APIs"
        usage={reports.byDialect}
        group="dialect"
        nameOf={titleOf(facts.dialects)}
        columns={[
          pictures,
          { name: 'Hits', read: (row) => row.hits, write: String },
          { name: 'Joins', read: (row) => row.joins, write: String },
          { name: 'Saved', read: (row) => row.savedMicros, write: (micros) => dollars(micros) },
        ]}
      />
    </div>
  );
}
