import type { AccountGateway } from './account-gateway';
import { useAsked } from './use-asked';

export interface AccountChoiceProps {
  readonly gateway: AccountGateway;
  /** null: the key's own. */
  readonly chosen: string | null;
  /** Whether the key has an account: the operator's token has none. */
  readonly hasOwn: boolean;
  readonly choose: (account: string | null) => void;
}

/** Whose figures are looked at: for who runs the service. */
export function AccountChoice({ gateway, chosen, hasOwn, choose }: AccountChoiceProps) {
  const { value } = useAsked(() => gateway.admin.accounts.list({ limit: 200 }), [gateway]);
  const choices = [
    ...(hasOwn ? [{ id: '', words: "This key's account" }] : []),
    { id: '*', words: 'All accounts together' },
    ...(value?.data ?? []).map(({ id, name }) => ({ id, words: `${name} (${id})` })),
  ];
  return (
    <div class="filter-bar">
      <label class="account-choice">
        <span>Figures of</span>
        <select
          value={chosen ?? ''}
          onChange={(event) => {
            const id = (event.target as HTMLSelectElement).value;
            choose(id === '' ? null : id);
          }}
        >
          {choices.map(({ id, words }) => (
            <option key={id} value={id} selected={id === (chosen ?? '')}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
