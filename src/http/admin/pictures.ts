import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import * as z from 'zod';
import { checkAnyPurge } from '../../pipeline/check-purge';
import type { FrontEnv } from '../front';
import { fingerprintParamSchema, purgePicture } from '../purge-picture';
import { readJson } from '../read-json';
import { refuse, refuseOtherMethods } from '../refuse';
import { withScope } from '../with-account';
import { rerender } from './rerender';

const [one, again] = ['/v1/admin/pictures/:fingerprint', '/v1/admin/pictures/:fingerprint/rerender'];
export const rerenderOrderSchema = z.strictObject({
  /** Who pays; absent: who bought the picture first. */
  account: z.string().min(1).max(40, 'expected the id of an account.').optional(),
});

/** Stored pictures: to delete one for good, or to see whether its recipe still makes the same picture. */
export const adminPictures = new Hono<FrontEnv>()
  .delete(one, withScope('admin'), zValidator('param', fingerprintParamSchema, refuse), async (c) => {
    const { fingerprint } = c.req.valid('param');
    const { ports, register, administration } = c.var.front;
    const parts = { ports, register, files: administration.files };
    return await purgePicture(c, { fingerprint, check: () => checkAnyPurge(parts, fingerprint) });
  })
  .post(again, withScope('admin'), zValidator('param', fingerprintParamSchema, refuse), async (c) => {
    const { fingerprint } = c.req.valid('param');
    const { account = null } = await readJson(c.req.raw, rerenderOrderSchema);
    return c.json(await rerender(c, { fingerprint, payer: account }));
  })
  .all(again, refuseOtherMethods('POST'))
  .all(one, refuseOtherMethods('DELETE'));
