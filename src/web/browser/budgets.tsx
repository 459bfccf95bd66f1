import type { Page } from '../../client/page';
import type { Balance, ListedKey, Usage } from '../../client/reports';
import { dollars } from '../money';
import { KeyBudgets } from './key-budgets';
import { limitWords } from './limit-words';
import type { Holder } from './use-holder';

export interface BudgetsProps {
  readonly balance: Balance;
  readonly holder: Holder | null;
  readonly byKey: Usage;
  readonly keys: Page<ListedKey> | null;
}

/** What is left: of the account's credit, of its days and months, and of the keys. */
export function Budgets({ balance, holder, byKey, keys }: BudgetsProps) {
  return (
    <section class="budgets" aria-labelledby="budgets">
      <h2 id="budgets">Balance and budgets</h2>
      <dl class="tiles">
        <div>
          <dt>Balance</dt>
          <dd>
            <strong>{balance.balanceMicros === null ? 'not prepaid' : dollars(balance.balanceMicros)}</strong>
            <span class="hint">{dollars(balance.reservedMicros)} held for what is under way</span>
          </dd>
        </div>
        <Budget name="Today" budget={balance.day} />
        <Budget name="This month" budget={balance.month} />
      </dl>
      {holder === null ? null : <OwnKey holder={holder} byKey={byKey} />}
      {holder === null || keys === null ? null : <KeyBudgets keys={keys} asking={holder.key.id} />}
    </section>
  );
}

function Budget({ name, budget }: { readonly name: string; readonly budget: Balance['day'] }) {
  const { limitMicros, spentMicros, resetsAt } = budget;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{dollars(spentMicros)}</strong>
        <span class="hint">
          {limitMicros === null
            ? 'no limit'
            : `of ${dollars(limitMicros)}, until ${resetsAt.slice(0, 16).replace('T', ' ')} UTC`}
        </span>
        {limitMicros === null ? null : (
          <meter min={0} max={limitMicros} value={spentMicros} aria-label={`${name}: spent of the budget`} />
        )}
      </dd>
    </div>
  );
}

function OwnKey({ holder, byKey }: Pick<BudgetsProps, 'byKey'> & { readonly holder: Holder }) {
  const { key } = holder;
  const used = byKey.groups.find((row) => row.key === key.id);
  const limits = limitWords(key.limits);
  return (
    <p class="key-facts">
      This key is <strong>{key.name}</strong> <code>{key.hint}</code> of {holder.name}: it may {key.scopes.join(', ')}.{' '}
      {limits.length === 0 ? 'It has no limits of its own.' : `Its limits: ${limits.join(', ')}.`}{' '}
      {used === undefined ? '' : `In these days it spent ${dollars(used.spentMicros)}.`}
    </p>
  );
}
