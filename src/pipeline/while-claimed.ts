import { Fault } from '../core/fault';
import { type ClaimPurpose, type PictureClaims, whileHolding } from '../storage/picture-claims';

/**
 * Does `work` as the only one who deletes the picture or makes it again: two at once would set aside what the other made,
 * buy it twice, or put back what was deleted.
 * @throws Fault `conflict` while somebody else does, and whatever `work` throws.
 */
export async function whileClaimed<Result>(
  claims: PictureClaims,
  { fingerprint, purpose }: { readonly fingerprint: string; readonly purpose: ClaimPurpose },
  work: () => Promise<Result>,
): Promise<Result> {
  const claim = await claims.claim(fingerprint, purpose, Date.now());
  if (claim === null) throw claimedAlready();
  return await whileHolding(claim, work);
}

export function claimedAlready(): Fault {
  return new Fault('conflict', 'The picture is just being made again, or deleted.', { retryAfterSeconds: 60 });
}
