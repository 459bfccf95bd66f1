import { type Context, Hono } from 'hono';
import { developmentHolder } from '../accounts/development-key';
import type { WireKey } from '../core/wire/api-key';
import { wireAccount } from './admin/wire-account';
import type { FrontEnv } from './front';
import { refuseOtherMethods } from './refuse';
import { wireKey } from './wire-key';
import { withAnyKey, withScope } from './with-account';

/** `GET /v1/account`: whose key this is, what it may do, and how the account stands. `GET /v1/key`: the key alone. */
export const ownAccount = new Hono<FrontEnv>()
  .get('/v1/account', withScope('read'), async (c) => {
    const { front, holder } = c.var;
    const standing = await front.accounts.standing(c.var.account.id);
    if (holder === null || holder === developmentHolder) {
      const whole = { ...developmentHolder.account, visibility: 'public', createdAt: null } as const;
      return c.json({ ...wireAccount(whole, standing), key: await ownKey(c) });
    }
    const account = await front.administration.accounts.find(holder.account.id);
    return c.json({ ...wireAccount(account, standing), key: await ownKey(c) });
  })
  .all('/v1/account', refuseOtherMethods('GET', 'HEAD'))
  .get('/v1/key', withAnyKey, async (c) => c.json(await ownKey(c)))
  .all('/v1/key', refuseOtherMethods('GET', 'HEAD'));

async function ownKey({ var: { front, holder } }: Context<FrontEnv>): Promise<WireKey> {
  if (holder !== null && holder !== developmentHolder)
    return wireKey(await front.administration.keys.find(holder.key.id));
  const { account, key } = developmentHolder;
  return wireKey({ ...key, accountId: account.id, hint: 'fg_dev_…', createdAt: null, revokedAt: null });
}
