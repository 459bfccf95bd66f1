import type { Usage } from '../../client/reports';
import { dollars } from '../money';
import type { ViewFacts } from '../tool-data';
import { DriftTable } from './drift-table';
import { outcomeWords } from './outcome-words';
import { Mix, type MixProps } from './usage-figures';
import type { Reports } from './use-dashboard';

type Column = MixProps['columns'][number];

const money = (name: string, read: Column['read']): Column => ({ name, read, write: (micros) => dollars(micros) });
const count = (name: string, read: Column['read']): Column => ({ name, read, write: String });

const made: readonly Column[] = [
  count('Pictures', (row) => row.pictures),
  money('Spent', (row) => row.spentMicros),
  count('Failures', (row) => row.failures),
  { name: 'Average', read: (row) => row.averageSeconds ?? 0, write: (seconds) => `${seconds.toFixed(1)} s` },
];
const ended: readonly Column[] = [
  count('Orders', (row) => row.pictures + row.failures),
  money('Spent', (row) => row.spentMicros),
];
const ordered: readonly Column[] = [
  count('Pictures', (row) => row.pictures),
  count('Hits', (row) => row.hits),
  count('Joins', (row) => row.joins),
  money('Saved', (row) => row.savedMicros),
];

/** What hits and joins cost where the operator gives them a price. */
function orderedIn({ totals }: Usage): readonly Column[] {
  return totals.chargedMicros > 0 ? [...ordered, money('Their price', (row) => row.chargedMicros)] : ordered;
}

/** Who made the pictures, in which API they were ordered, what failed, and where the price was another. */
export function UsageMixes({ reports, facts }: { readonly reports: Reports; readonly facts: ViewFacts }) {
  const titleOf = (list: ViewFacts['providers']) => (id: string) => list.find((one) => one.id === id)?.title ?? id;
  const { byProvider, byOutcome, byDialect } = reports;
  const provider = { usage: byProvider, group: 'provider', nameOf: titleOf(facts.providers) } as const;
  return (
    <div class="mixes">
      <Mix title="Who made them" {...provider} columns={made} />
      <DriftTable usage={byProvider} nameOf={provider.nameOf} />
      <Mix title="How orders ended" usage={byOutcome} group="outcome" nameOf={outcomeWords} columns={ended} />
      <Mix
        title="APIs"
        usage={byDialect}
        group="dialect"
        nameOf={titleOf(facts.dialects)}
        columns={orderedIn(byDialect)}
      />
    </div>
  );
}
