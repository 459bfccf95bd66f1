import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { withoutLimits } from '../../accounts/account';
import type { FrontEnv } from '../front';
import { pageQuerySchema, wirePage } from '../page';
import { readJson } from '../read-json';
import { refuse, refuseOtherMethods } from '../refuse';
import { withScope } from '../with-account';
import { accountNamed, accountsAfter, changeableAccount } from './named-account';
import { accountChangeSchema, limitsOf, newAccountSchema, wireAccount } from './wire-account';

const [all, one] = ['/v1/admin/accounts', '/v1/admin/accounts/:id'] as const;

/** `/v1/admin/accounts`: who may hold keys. */
export const adminAccounts = new Hono<FrontEnv>()
  .post(all, withScope('admin'), async (c) => {
    const { id = null, name, visibility, limits } = await readJson(c.req.raw, newAccountSchema);
    const account = { id, name, visibility, limits: { ...withoutLimits, ...limitsOf(limits) } };
    return c.json(wireAccount(await c.var.front.administration.accounts.create(c.var.actor, account)), 201);
  })
  .get(all, withScope('admin'), zValidator('query', pageQuerySchema, refuse), async (c) => {
    const { limit, cursor = '' } = c.req.valid('query');
    const rows = await accountsAfter(c, cursor, limit + 1);
    return c.json(wirePage(rows, { limit, wire: (row) => wireAccount(row), place: ({ id }) => id }));
  })
  .get(one, withScope('admin'), async (c) => {
    const account = await accountNamed(c, c.req.param('id'));
    return c.json(wireAccount(account, await c.var.front.accounts.standing(account.id)));
  })
  .patch(one, withScope('admin'), async (c) => {
    const { limits, ...change } = await readJson(c.req.raw, accountChangeSchema);
    const changes = { ...change, ...(limits === undefined ? {} : { limits: limitsOf(limits) }) };
    const { id } = await changeableAccount(c, c.req.param('id'));
    return c.json(wireAccount(await c.var.front.administration.accounts.change(c.var.actor, id, changes)));
  })
  .all(all, refuseOtherMethods('GET', 'HEAD', 'POST'))
  .all(one, refuseOtherMethods('GET', 'HEAD', 'PATCH'));
