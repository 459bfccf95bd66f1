import type { Account } from '../accounts/account';
import { RecentMemory } from '../accounts/recent-memory';
import { accountOfRow } from '../accounts/stored-account';
import type { AnonymousRules } from '../http/anonymous';
import type { LoggedRequests } from '../http/request-log';
import type { VisitorRate, Visitors } from '../http/visitor-rates';
import { AccountTable } from '../storage/account-table';
import type { Config } from './config';

/** What is known of, and allowed to, those who bring no key. */
export interface Visiting {
  readonly logged: LoggedRequests;
  readonly visitors: Visitors;
  readonly anonymous: AnonymousRules | null;
  accountOf(id: string): Promise<Account | null>;
}

export function visitingOf(env: Env, config: Config): Visiting {
  const { ANONYMOUS_ACCOUNT: accountId, ANONYMOUS_DAY_MICROS, ANONYMOUS_REQUESTS_PER_MINUTE } = config;
  const limits = { dayMicros: ANONYMOUS_DAY_MICROS, requestsPerMinute: ANONYMOUS_REQUESTS_PER_MINUTE };
  return {
    logged: config.LOG_REQUESTS,
    visitors: visitorsOf(env),
    anonymous: accountId === '' ? null : { accountId, ...limits },
    accountOf: rememberingAccounts(new AccountTable(env.LEDGER)),
  };
}

/** Names of the rate limits in wrangler.toml. */
const bindings: Readonly<Record<VisitorRate, string>> = {
  public: 'PUBLIC_RATE',
  keyless: 'KEYLESS_RATE',
  link: 'LINK_RATE',
};

/** Visitors as the platform's rate limits count them. A deployment without a binding has no such limit. */
function visitorsOf(env: object): Visitors {
  return {
    isWithin: async (rate, client) => {
      const binding: unknown = Reflect.get(env, bindings[rate]);
      if (!isRateLimit(binding)) return true;
      try {
        return (await binding.limit({ key: client })).success;
      } catch {
        // Not the visitor's doing: better too many than none.
        return true;
      }
    },
  };
}

function isRateLimit(binding: unknown): binding is RateLimit {
  return typeof binding === 'object' && binding !== null && 'limit' in binding && typeof binding.limit === 'function';
}

/** As long as a key is remembered: a change of the account takes as long to be noticed. */
function rememberingAccounts(table: AccountTable): (id: string) => Promise<Account | null> {
  const remembered = new RecentMemory<Account | null>(100, 30_000);
  return async (id) => {
    const known = remembered.recall(id, Date.now());
    if (known !== undefined) return known;
    const row = await table.find(id);
    const account = row === null ? null : accountOfRow(row);
    remembered.remember(id, account, Date.now());
    return account;
  };
}
