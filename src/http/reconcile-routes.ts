import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import * as z from 'zod';
import { type ReconcilePage, reconcileAccounts, reconcilePictures } from '../accounts/reconcile';
import type { WireReconciliation } from '../core/wire/administration';
import type { FrontEnv } from './front';
import { refuse, refuseOtherMethods } from './refuse';
import { withScope } from './with-account';

export const reconcileQuerySchema = z.strictObject({ cursor: z.string().max(4000).optional() });
const query = () => zValidator('query', reconcileQuerySchema, refuse);
const [accountsPath, picturesPath] = ['/v1/admin/reconcile/accounts', '/v1/admin/reconcile/pictures'];

/** `/v1/admin/reconcile`: where two records of one thing do not agree, a page at a time. Nothing is changed. */
export const reconcileRoutes = new Hono<FrontEnv>()
  .get(accountsPath, withScope('admin'), query(), async (c) => {
    return c.json(wirePage(await reconcileAccounts(c.var.front.reconciling, c.req.valid('query').cursor ?? null)));
  })
  .get(picturesPath, withScope('admin'), query(), async (c) => {
    return c.json(wirePage(await reconcilePictures(c.var.front.reconciling, c.req.valid('query').cursor ?? null)));
  })
  .all(accountsPath, refuseOtherMethods('GET', 'HEAD'))
  .all(picturesPath, refuseOtherMethods('GET', 'HEAD'));

function wirePage({ checked, differences, next }: ReconcilePage): WireReconciliation {
  return { object: 'reconciliation', checked, differences, next };
}
