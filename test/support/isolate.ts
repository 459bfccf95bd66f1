import { HitCharge, type Payer } from '../../src/accounts/hit-charge';
import { withoutLimits } from '../../src/core/spending';
import { addAccount } from './accounts';
import { accounts, entryOf } from './reserve';

/** What a hit costs in an {@link isolate}. */
export const hitPrice = 1_000;

/** A prepaid account with so much on it. */
export async function prepaid(id: string, micros: number): Promise<Payer> {
  await addAccount(id, { limits: { isPrepaid: true } });
  await accounts.credit(id, [entryOf(`top-${id}`, 'top_up', micros)]);
  return { accountId: id, limits: { ...withoutLimits, isPrepaid: true }, allowances: [] };
}

/** What one isolate has of its own. */
export function isolate() {
  const charge = new HitCharge(accounts, hitPrice);
  const take = (account: Payer, hits = 1) => charge.take(account, hits, Date.now()).then(...tookOrNot);
  const write = () => Promise.all(charge.close(Date.now()).map((request) => accounts.charge(request)));
  return { charge, take, write };
}
const tookOrNot = [() => true, () => false] as const;

/** What hits took of an account, entry by entry. */
export async function chargedTo(id: string): Promise<readonly number[]> {
  const entries = await accounts.entriesAfter(id, '', 100);
  return entries.filter(({ kind }) => kind === 'hits').map(({ micros }) => micros);
}
