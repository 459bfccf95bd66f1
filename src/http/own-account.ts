import { Hono } from 'hono';
import { developmentHolder } from '../accounts/development-key';
import { wireAccount } from './admin/wire-account';
import { wireKey } from './admin/wire-key';
import type { FrontEnv } from './front';
import { refuseOtherMethods } from './refuse';
import { withScope } from './with-account';

/** `GET /v1/account`: whose key this is, what it may do, and how the account stands. */
export const ownAccount = new Hono<FrontEnv>()
  .get('/v1/account', withScope('read'), async (c) => {
    const { front, holder } = c.var;
    const standing = await front.accounts.standing(c.var.account.id);
    if (holder === null || holder === developmentHolder) {
      const { account, key } = developmentHolder;
      const unstored = { accountId: account.id, hint: 'fg_dev_…', createdAt: null, revokedAt: null };
      const whole = { ...account, visibility: 'public', createdAt: null } as const;
      return c.json({ ...wireAccount(whole, standing), key: wireKey({ ...key, ...unstored }) });
    }
    const account = await front.administration.accounts.find(holder.account.id);
    const key = await front.administration.keys.find(holder.key.id);
    return c.json({ ...wireAccount(account, standing), key: wireKey(key) });
  })
  .all('/v1/account', refuseOtherMethods('GET', 'HEAD'));
