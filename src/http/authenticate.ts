import type { KeyHolder, Scope } from '../accounts/api-key';
import { checkPermission } from '../accounts/key-permissions';
import type { KeyRing } from '../accounts/key-ring';
import type { Dialect, Operation } from '../core/dialect';
import { Fault } from '../core/fault';

/** Our own API over tasks is part of every other dialect: answers in those lead to it. */
const everybodys = 'fluxgate';

/** Which scopes let a key do what an operation is for: any of them; none named: every key may. */
const scopesOf: Readonly<Record<Operation['kind'], readonly Scope[]>> = {
  create: ['generate'],
  cancel: ['generate'],
  upload: ['generate'],
  'upload-promise': ['generate'],
  // Whoever may order may follow what was ordered.
  read: ['read', 'generate'],
  watch: ['read', 'generate'],
  'upload-read': ['read', 'generate'],
  catalogue: [],
  list: ['read'],
  balance: ['read'],
  'webhook-key': ['read'],
};

/** What keys of web pages cannot do, whatever their scopes: ids of tasks are as good as the tasks, and who signs can forge. */
const secretKinds: ReadonlySet<Operation['kind']> = new Set(['list', 'webhook-key']);

/**
 * Who holds a request's key; null where the operation asks for none and none was sent.
 * @throws Fault `unauthenticated` for a missing key where one is needed, and for a wrong one always; `forbidden` for
 * one that may be used otherwise.
 */
export async function authenticate(
  keyRing: KeyRing,
  { dialect, operation, headers, origin }: { dialect: Dialect; operation: Operation; headers: Headers; origin: string },
): Promise<KeyHolder | null> {
  const auth = operation.auth ?? 'required';
  if (auth === 'none') return null;
  const key = dialect.credential(headers);
  if (key === null && auth === 'optional') return null;
  if (key === null) throw new Fault('unauthenticated', 'An API key is needed, and the request has none.');
  const holder = await knownHolder(keyRing, key, origin);
  checkPermission(holder.key, {
    scopes: scopesOf[operation.kind],
    dialect: dialect.id === everybodys ? null : dialect.id,
    origin: headers.get('origin'),
    needsSecret: secretKinds.has(operation.kind),
  });
  return holder;
}

const tokenWords =
  "The operator's token has no account: use a key of one. Reports and lists take the token with ?account=ID (--account ID).";

/** @throws Fault `unauthenticated` */
export async function knownHolder(keyRing: KeyRing, key: string, origin: string): Promise<KeyHolder> {
  const holder = await keyRing.holderOf(key, origin);
  if (holder !== null) return holder;
  if (keyRing.isAdminToken(key)) throw new Fault('unauthenticated', tokenWords);
  throw new Fault('unauthenticated', 'The API key is not valid: unknown, expired or revoked.');
}
