import type { Account } from '../accounts/account';
import type { KeyRing } from '../accounts/key-ring';
import type { Dialect, Operation } from '../core/dialect';
import { Fault } from '../core/fault';

/**
 * The account behind a request's key; null where the operation asks for none and none was sent.
 * @throws Fault `unauthenticated` for a missing key where one is needed, and for a wrong one always.
 */
export async function authenticate(
  keyRing: KeyRing,
  { dialect, operation, headers, origin }: { dialect: Dialect; operation: Operation; headers: Headers; origin: string },
): Promise<Account | null> {
  const auth = operation.auth ?? 'required';
  if (auth === 'none') return null;
  const key = dialect.credential(headers);
  if (key === null && auth === 'optional') return null;
  if (key === null) throw new Fault('unauthenticated', 'An API key is needed, and the request has none.');
  const account = await keyRing.accountOf(key, origin);
  if (account === null) throw new Fault('unauthenticated', 'The API key is not valid: unknown, expired or revoked.');
  return account;
}
