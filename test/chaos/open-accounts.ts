import { accountPlans, linkAccount } from './accounts.ts';
import type { Front } from './front.ts';

/** A key that signs links. */
export interface LinkKey {
  readonly id: string;
  readonly key: string;
}

/** Makes the accounts with a key each, and pays in what they begin with. @returns the key that signs links */
export async function openAccounts(front: Front): Promise<LinkKey> {
  for (const { id, isPrivate, limits, openingMicros } of accountPlans) {
    const visibility = isPrivate ? 'private' : 'public';
    await front.administer('/v1/admin/accounts', { json: { id, name: id, visibility, limits } });
    const made = await newKey(front, id, {});
    front.keys.set(id, made.key);
    if (openingMicros > 0) await payIn(front, { account: id, micros: openingMicros, once: `opening-${id}` });
  }
  return await newKey(front, linkAccount, { kind: 'link' });
}

/** Pays in, once however often it has to be sent. */
export async function payIn(
  front: Front,
  { account, micros, once }: { account: string; micros: number; once: string },
): Promise<void> {
  const headers = { 'idempotency-key': once };
  await front.administer(`/v1/admin/accounts/${account}/credits`, { headers, json: { kind: 'top_up', micros } });
  front.witness.credit(account, micros);
}

async function newKey(front: Front, account: string, settings: object): Promise<LinkKey> {
  return await front.administer<LinkKey>(`/v1/admin/accounts/${account}/keys`, {
    json: { name: 'chaos', ...settings },
  });
}
