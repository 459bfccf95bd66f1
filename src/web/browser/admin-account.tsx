import type { AccountGateway } from './account-gateway';
import { AdminCredits } from './admin-credits';
import { AdminKeys } from './admin-keys';
import { type Asked, useAsked } from './use-asked';

export interface AdminAccountProps {
  readonly gateway: AccountGateway;
  readonly account: string;
  readonly name: string;
}

/** One account, its credit and its keys: all of it at once, so that none of it moves. */
export function AdminAccount({ gateway, account, name }: AdminAccountProps) {
  const { accounts, credits, keys } = gateway.admin;
  const standing = useAsked(() => accounts.show(account), [gateway, account]);
  const entries = useAsked(() => credits.list(account, { limit: 20 }), [gateway, account]);
  const list = useAsked(() => keys.list(account, { limit: 200 }), [gateway, account]);
  const isThere = [standing, entries, list].every(isSettled);
  return (
    <div class="admin-account">
      <h2>{name}</h2>
      {isThere ? (
        <>
          <AdminCredits {...{ gateway, account, standing, entries }} />
          <AdminKeys {...{ gateway, account }} keys={list} />
        </>
      ) : (
        <p class="hint" role="status">
          Looking…
        </p>
      )}
    </div>
  );
}

const isSettled = ({ value, fault }: Asked<unknown>) => value !== null || fault !== null;
