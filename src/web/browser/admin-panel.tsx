import { useState } from 'hono/jsx/dom';
import type { Account } from '../../client/reports';
import { dollars } from '../money';
import type { AccountGateway } from './account-gateway';
import { AdminAccount } from './admin-account';
import { DataTable } from './data-table';
import { DeedFault } from './deed-fault';
import { FaultNote } from './fault-note';
import { TextField } from './text-field';
import { useAsked } from './use-asked';
import { useDeed } from './use-deed';

const pageLength = 200;

/** For who runs the service: its accounts, and of the chosen one the credit and the keys. */
export function AdminPanel({ gateway }: { readonly gateway: AccountGateway }) {
  const { value, fault, again } = useAsked(() => gateway.admin.accounts.list({ limit: pageLength }), [gateway]);
  const [chosen, setChosen] = useState<string | null>(null);
  if (fault !== null) return <FaultNote words={fault} retry={again} />;
  if (value === null) return null;
  const accounts = value.data;
  return (
    <section class="admin" aria-labelledby="admin">
      <h2 id="admin">Accounts</h2>
      <AccountTable accounts={accounts} chosen={chosen} choose={setChosen} />
      {value.next !== null ? (
        <p class="hint">The first {pageLength} are shown; the command line lists them all.</p>
      ) : null}
      <NewAccountForm gateway={gateway} made={(id) => [again(), setChosen(id)]} />
      {chosen === null ? null : (
        <AdminAccount
          key={chosen}
          {...{ gateway, account: chosen }}
          name={accounts.find(({ id }) => id === chosen)?.name ?? 'The new account'}
        />
      )}
    </section>
  );
}

interface AccountTableProps {
  readonly accounts: readonly Account[];
  readonly chosen: string | null;
  readonly choose: (id: string) => void;
}

function AccountTable({ accounts, chosen, choose }: AccountTableProps) {
  if (accounts.length === 0) return <p class="hint">There is no account yet. Create one, then a key for it.</p>;
  return (
    <DataTable
      caption="All accounts"
      columns={['Account', 'Name', 'Pictures', 'Pays', 'Limits'].map((name) => ({ name }))}
      rows={accounts.map(({ id, name, visibility, limits }) => ({
        id,
        cells: [
          <button
            type="button"
            class="quiet"
            aria-pressed={id === chosen ? 'true' : 'false'}
            onClick={() => choose(id)}
          >
            {id}
          </button>,
          name,
          visibility,
          limits.prepaid ? 'in advance' : 'later',
          accountLimits(limits),
        ],
      }))}
    />
  );
}

function accountLimits(limits: Account['limits']): string {
  const words = [
    ...(limits.dayMicros === null ? [] : [`${dollars(limits.dayMicros)} a day`]),
    ...(limits.monthMicros === null ? [] : [`${dollars(limits.monthMicros)} a month`]),
    ...(limits.requestsPerMinute === null ? [] : [`${limits.requestsPerMinute} a minute`]),
    ...(limits.rendersInFlight === null ? [] : [`${limits.rendersInFlight} at once`]),
  ];
  return words.length === 0 ? 'none' : words.join(', ');
}

interface NewAccountProps {
  readonly gateway: AccountGateway;
  readonly made: (id: string) => void;
}

function NewAccountForm({ gateway, made }: NewAccountProps) {
  const [name, setName] = useState('');
  const [isPrepaid, setIsPrepaid] = useState(true);
  const [isPrivate, setIsPrivate] = useState(false);
  const deed = useDeed();
  const create = async () => {
    const visibility = isPrivate ? 'private' : 'public';
    const { id } = await gateway.admin.accounts.create({ name, visibility, limits: { prepaid: isPrepaid } });
    setName('');
    made(id);
  };
  const toggle = (label: string, isOn: boolean, set: (isOn: boolean) => void) => (
    <label class="switch">
      <input type="checkbox" checked={isOn} onChange={(event) => set((event.target as HTMLInputElement).checked)} />
      <span>{label}</span>
    </label>
  );
  return (
    <fieldset class="form-line">
      <legend>New account</legend>
      <TextField label="Name" value={name} set={setName} />
      {toggle('Pays in advance', isPrepaid, setIsPrepaid)}
      {toggle('Keeps its pictures private', isPrivate, setIsPrivate)}
      <button
        type="button"
        class="button plain small"
        disabled={name.trim() === '' || deed.isUnderWay}
        onClick={() => deed.once(create)}
      >
        Create account
      </button>
      <DeedFault deed={deed} />
    </fieldset>
  );
}
