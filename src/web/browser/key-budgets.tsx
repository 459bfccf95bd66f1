import type { Page } from '../../client/page';
import type { ListedKey } from '../../client/reports';
import { dollars } from '../money';
import { DataTable } from './data-table';
import { limitWords } from './limit-words';

export interface KeyBudgetsProps {
  readonly keys: Page<ListedKey>;
  /** The id of the key that asks. */
  readonly asking: string;
}

const columns = ['Key', 'Today', 'Ever', 'May', 'Other limits', 'Stands'].map((name) => ({ name }));

/** The account's keys: what each spent, and how much of its own budgets that is. */
export function KeyBudgets({ keys: { data, next }, asking }: KeyBudgetsProps) {
  return (
    <>
      <h3>Keys and their budgets</h3>
      {data.length === 0 ? (
        <p class="hint">This account has no keys of its own.</p>
      ) : (
        <DataTable
          caption="Keys and their budgets"
          class="keys"
          columns={columns}
          rows={data.map((key) => ({ id: key.id, cells: cellsOf(key, key.id === asking) }))}
        />
      )}
      {next === null ? null : <p class="hint">These are the newest {data.length}; the command line lists them all.</p>}
    </>
  );
}

function cellsOf(key: ListedKey, isAsking: boolean) {
  const { name, hint, limits, spent, scopes, origins } = key;
  const others = [...limitWords({ ...limits, dayMicros: null, totalMicros: null }), ...(origins ?? [])];
  return [
    <>
      {name}
      {isAsking ? ' (this one)' : ''} <code class="hint">{hint}</code>
    </>,
    <Spent of={`${name}, today`} micros={spent.todayMicros} limitMicros={limits.dayMicros} />,
    <Spent of={`${name}, ever`} micros={spent.everMicros} limitMicros={limits.totalMicros} />,
    scopes.join(', '),
    others.length === 0 ? 'none' : others.join(', '),
    standsAs(key),
  ];
}

interface SpentProps {
  readonly of: string;
  readonly micros: number;
  readonly limitMicros: number | null;
}

function Spent({ of, micros, limitMicros }: SpentProps) {
  if (limitMicros === null) return <>{dollars(micros)}</>;
  return (
    <>
      {dollars(micros)} of {dollars(limitMicros)}
      <meter min={0} max={Math.max(1, limitMicros)} value={micros} aria-label={`${of}: spent of the budget`} />
    </>
  );
}

function standsAs({ revokedAt, expiresAt }: ListedKey): string {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt === null) return 'in use';
  return Date.parse(expiresAt) <= Date.now() ? 'expired' : `until ${expiresAt.slice(0, 10)}`;
}
