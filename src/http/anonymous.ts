import type { Account } from '../accounts/account';
import { clientPrefix } from '../accounts/allowances';
import type { KeyHolder } from '../accounts/api-key';
import { clientOf } from '../core/client-address';
import type { Operation } from '../core/dialect';
import type { Signatures } from '../storage/signatures';

/** What an operator allows those who bring no key. */
export interface AnonymousRules {
  /** The account that they spend from. */
  readonly accountId: string;
  /** For each client by itself; null: no limit but the account's own. */
  readonly dayMicros: number | null;
  readonly requestsPerMinute: number | null;
}

interface AnonymousParts {
  readonly anonymous: AnonymousRules | null;
  readonly signatures: Pick<Signatures, 'tag'>;
  readonly accountOf: (id: string) => Promise<Account | null>;
}

/** What concerns a client's own pictures alone: not what all of the account's clients, who share nothing, have in common. */
const open: ReadonlySet<Operation['kind']> = new Set([
  'create',
  'read',
  'watch',
  'cancel',
  'catalogue',
  'upload',
  'upload-promise',
  'upload-read',
]);

/**
 * The holder that a request without a key counts as, where the operator opened an account to such requests; null
 * elsewhere. Each client has an allowance of its own, under what stands for its address: the address is kept nowhere.
 */
export async function anonymousHolder(
  { anonymous, signatures, accountOf }: AnonymousParts,
  { kind, headers }: { readonly kind: Operation['kind']; readonly headers: Headers },
): Promise<KeyHolder | null> {
  if (anonymous === null || !open.has(kind)) return null;
  const account = await accountOf(anonymous.accountId);
  // An account without a limit would be everybody's to spend from, one address after the other.
  if (account === null || !isBounded(account)) return null;
  const { dayMicros, requestsPerMinute } = anonymous;
  const client = await signatures.tag('client', clientOf(headers) ?? 'this machine');
  return {
    account,
    key: {
      id: `${clientPrefix}${client}`,
      kind: 'pub',
      name: 'Anonymous',
      scopes: ['generate', 'read'],
      dialects: null,
      origins: null,
      limits: { dayMicros, totalMicros: null, requestsPerMinute, maximumSteps: null, maximumMegapixels: null },
      expiresAt: null,
    },
  };
}

function isBounded({ limits }: Account): boolean {
  return limits.isPrepaid || limits.dayMicros !== null || limits.monthMicros !== null;
}
