import { clientPrefix } from '../accounts/allowances';
import { canonicalise, seedsOf } from '../core/canonicalise';
import { Fault } from '../core/fault';
import { fingerprint, sha256Hex } from '../core/fingerprint';
import { type ImageRequest, limits } from '../core/image-request';
import type { Order, ReferenceSource } from '../core/order';
import type { DrawnSeed } from '../core/spending';
import { ownPictures } from './own-pictures';
import type { Caller, Ports } from './ports';

/** What an order comes to: a canonical request for each picture. */
export interface ResolvedOrder {
  readonly requests: readonly ImageRequest[];
  /**
   * Tells orders for the same from others, whatever seed is drawn for them. Null where nothing depends on it: an order
   * with a seed and no name. Most are, and a hit does without the hashing.
   */
  readonly digest: string | null;
  /** The seed that had to be drawn; null where the caller gave one. */
  readonly drawn: DrawnSeed | null;
}

/** The canonical requests of an order: references taken in, seed drawn, one request for each picture. */
export async function resolveOrder(ports: Ports, caller: Caller, order: Order): Promise<ResolvedOrder> {
  const { picture, count } = order;
  refuseTooMany(picture.references);
  const own = ownPictures(ports, caller);
  const references = await Promise.all(picture.references.map((source) => ports.admitReference(source, own)));
  const requestOf = (seed: number) => {
    return canonicalise(picture, { namespace: caller.account.namespace, references, seed });
  };
  const given = picture.seed;
  if (given !== null && orderName(caller) === null)
    return { requests: seedsOf(given, count).map(requestOf), digest: null, drawn: null };
  const digest = await orderDigest(caller, order, requestOf(given ?? 0));
  const seed = given ?? (await drawSeed(ports, caller, digest));
  const drawn = given === null ? { digest, seed } : null;
  return { requests: seedsOf(seed, count).map(requestOf), digest, drawn };
}

/**
 * Holds an idempotency key to the order that it was first sent with: its pictures, what is told of them and where to.
 * Not how the answer comes, streamed or at once.
 * @param digest of {@link ResolvedOrder}
 * @throws Fault `conflict` when it was another one.
 */
export async function claimKey(ports: Ports, caller: Caller, order: Order, digest: string | null): Promise<void> {
  const name = orderName(caller);
  if (name === null || digest === null) return;
  const { wantsBytes, webhook } = order;
  const told = webhook && { url: webhook.url, secret: webhook.secret, moments: webhook.moments };
  const whole = await digestOf({ digest, wantsBytes, webhook: told });
  // A key that was sent in earlier days is held to the pictures alone: what is sent again across an upgrade is the same.
  // Named apart from what administrators book under keys of their own: no caller is to claim one of those before them.
  await bindKey(ports, { accountId: caller.account.id, name: `order ${name}` }, [whole, digest]);
}

/**
 * Binds a key to the first of the digests for a day, where it is not bound to one of them already.
 * @throws Fault `conflict` where it is bound to something else.
 */
export async function bindKey(
  { accounts }: Pick<Ports, 'accounts'>,
  { accountId, name }: { readonly accountId: string; readonly name: string },
  digests: readonly string[],
): Promise<void> {
  for (const digest of digests) if (await accounts.claim(accountId, name, digest)) return;
  throw new Fault(
    'conflict',
    'The Idempotency-Key was sent with another request within the last 24 hours. Send the same request with it, or a new key with this one.',
  );
}

/** An order under the same idempotency key, or marked by its client as a retry, is the picture that it was before. */
async function drawSeed(ports: Ports, caller: Caller, digest: string): Promise<number> {
  const { account, preference } = caller;
  const name = orderName(caller);
  if (name !== null) return await ports.seedOfKey(account.id, name);
  const earlier = preference.isRetry ? await ports.accounts.seedOf(account.id, digest) : null;
  return earlier ?? ports.drawSeed();
}

/** The idempotency key, which is a client's own where many clients share an account without a key. */
function orderName({ key, preference }: Caller): string | null {
  const { idempotencyKey } = preference;
  if (idempotencyKey === null || key === null || !key.id.startsWith(clientPrefix)) return idempotencyKey;
  return `${key.id} ${idempotencyKey}`;
}

/** Names an order across its retries; null: it is an order of its own. Hashed: what clients name orders by is their own. */
export async function orderTag(caller: Caller): Promise<string | null> {
  const name = orderName(caller);
  return name === null ? null : await digestOfText(name);
}

async function orderDigest({ dialect }: Caller, order: Order, request: ImageRequest): Promise<string> {
  const { count, format, quality, picture } = order;
  const facts = { dialect, count, format, quality, seed: picture.seed, picture: await fingerprint(request) };
  return await digestOf(facts);
}

/** Names what these facts say: the same of the same. */
export function digestOf(facts: object): Promise<string> {
  return digestOfText(JSON.stringify(facts));
}

function digestOfText(text: string): Promise<string> {
  return sha256Hex(Uint8Array.from(new TextEncoder().encode(text)));
}

/** Before any of them is fetched. */
function refuseTooMany(references: readonly ReferenceSource[]): void {
  const first = references[limits.references];
  if (first !== undefined) throw Fault.ofField(first.field, `expected at most ${limits.references} references.`);
}
