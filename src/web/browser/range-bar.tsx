import { Icon } from '../icons';
import type { AccountGateway } from './account-gateway';
import { type DayRange, rangeQuery, usualDays } from './dashboard-range';
import { DeedFault } from './deed-fault';
import { Segments } from './segments';
import { useDeed } from './use-deed';

export interface RangeBarProps {
  readonly gateway: AccountGateway;
  readonly range: DayRange;
  /** The days that the range comes to, as the service says. */
  readonly from: string;
  readonly to: string;
  readonly account: string | null;
  readonly change: (range: DayRange) => void;
}

/** Which days, and the same figures to take along. */
export function RangeBar({ gateway, range, from, to, account, change }: RangeBarProps) {
  const deed = useDeed();
  const chosen = usualDays.find((days) => range.kind === 'days' && range.days === days) ?? null;
  const query = { ...rangeQuery(range), ...(account === null ? {} : { account }) };
  const save = async () => {
    const text = await gateway.usageCsv({ ...query, group: ['day', 'provider', 'dialect', 'outcome'] });
    saveAs(`usage-${from}-${to}.csv`, text);
  };
  const day = (label: string, value: string, set: (value: string) => DayRange) => (
    <label>
      <span>{label}</span>
      <input
        type="date"
        value={value}
        onChange={(event) => {
          const next = (event.target as HTMLInputElement).value;
          if (next !== '') change(set(next));
        }}
      />
    </label>
  );
  return (
    <div class="filter-bar">
      <Segments
        label="Days"
        choices={usualDays.map((value) => ({ value, words: value === 365 ? '1 year' : `${value} days` }))}
        chosen={chosen}
        choose={(days) => change({ kind: 'days', days })}
      />
      {day('From (UTC)', from, (next) => ({ kind: 'between', from: next, to: next > to ? next : to }))}
      {day('To', to, (next) => ({ kind: 'between', from: next < from ? next : from, to: next }))}
      <button type="button" class="quiet" onClick={() => deed.run(save)}>
        <Icon name="download" />
        CSV
      </button>
      <DeedFault deed={deed} />
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
