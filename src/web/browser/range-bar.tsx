import { useState } from 'hono/jsx/dom';
import { Icon } from '../icons';
import type { AccountGateway } from './account-gateway';
import { type DayRange, daysOf, fragmentOfRange, rangeQuery, usualDays } from './dashboard-range';
import { DayField } from './day-field';
import { DeedFault } from './deed-fault';
import { Segments } from './segments';
import { useDeed } from './use-deed';
import { useEffect } from './use-effect';

export interface RangeBarProps {
  readonly gateway: AccountGateway;
  readonly range: DayRange;
  readonly account: string | null;
  readonly change: (range: DayRange) => void;
}

/** Which days, and the same figures to take along. */
export function RangeBar({ gateway, range, account, change }: RangeBarProps) {
  const deed = useDeed();
  const chosen = usualDays.find((days) => range.kind === 'days' && range.days === days) ?? null;
  const query = { ...rangeQuery(range), ...(account === null ? {} : { account }) };
  const save = async () => {
    const { from, to } = daysOf(range);
    const text = await gateway.usageCsv({ ...query, group: ['day', 'provider', 'dialect', 'outcome'] });
    saveAs(`usage-${from}-${to}.csv`, text);
  };
  return (
    <div class="filter-bar">
      <Segments
        label="Days"
        choices={usualDays.map((value) => ({ value, words: value === 365 ? '1 year' : `${value} days` }))}
        chosen={chosen}
        choose={(days) => change({ kind: 'days', days })}
      />
      <DayFields range={range} change={change} />
      <button type="button" class="quiet" onClick={() => deed.surely(save)}>
        <Icon name="download" />
        CSV
      </button>
      <DeedFault deed={deed} />
    </div>
  );
}

/** The first and the last day as they are typed, which are looked at once they are days of a range. */
function DayFields({ range, change }: Pick<RangeBarProps, 'range' | 'change'>) {
  const [typed, setTyped] = useState(daysOf(range));
  useEffect(() => setTyped(daysOf(range)), [fragmentOfRange(range)]);
  const take = (part: Partial<typeof typed>) => {
    const next = { ...typed, ...part };
    setTyped(next);
    if (next.from <= next.to) change({ kind: 'between', ...next });
  };
  // One element: of several, each would be moved when their state changes, and what has the focus would lose it.
  return (
    <div class="day-fields">
      <DayField label="From (UTC)" value={typed.from} take={(from) => take({ from })} />
      <DayField label="To" value={typed.to} take={(to) => take({ to })} />
      {typed.from <= typed.to ? null : (
        <p class="wrong" role="alert">
          The first day is after the last.
        </p>
      )}
    </div>
  );
}

/** A link cannot carry the key, so the file is fetched with it and then handed to the browser. */
function saveAs(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
