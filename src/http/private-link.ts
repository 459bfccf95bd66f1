import type { LinkSigner } from '../accounts/key-ring';
import { Fault } from '../core/fault';
import { publicNamespace } from '../storage/recipe';

/** A key that was turned off is known for half a minute yet: with another half of it, browsers forget in a minute. */
const keptSeconds = 30;

/** A link that is not its key's. One that shows a private picture no more is told the same: that is all it tells. */
export function refusedLink(): Fault {
  return new Fault(
    'forbidden',
    'The link is not good, or not any more: it was changed, signed with another key, or has ended, as its key may have.',
  );
}

/**
 * For how many seconds a browser may keep what a link shows; null: for ever, as everybody's picture. What is private is
 * shown until the link ends, and while its key is good.
 * @param link when it ends, in seconds since 1970; null: never. `now` is in milliseconds
 * @throws Fault `forbidden` where it shows nothing any more
 */
export function secondsShown(
  { holder: { account, key }, isUsable }: LinkSigner,
  { expiresAt, now }: { readonly expiresAt: number | null; readonly now: number },
): number | null {
  if (account.namespace === publicNamespace) return null;
  const ends = [expiresAt === null ? null : expiresAt * 1000, key.expiresAt].filter((end) => end !== null);
  const leftSeconds = Math.floor((Math.min(...ends) - now) / 1000);
  if (!isUsable || ends.some((end) => end <= now)) throw refusedLink();
  return Math.min(keptSeconds, leftSeconds);
}
