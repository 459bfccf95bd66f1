import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { checkPurge } from '../pipeline/check-purge';
import type { FrontEnv } from './front';
import { fingerprintParamSchema, purgePicture } from './purge-picture';
import { refuse, refuseOtherMethods } from './refuse';
import { withSecretKey } from './with-account';

const path = '/v1/pictures/:fingerprint';

/** `DELETE /v1/pictures/{fingerprint}`: an account deletes a picture of its own for good. */
export const ownPurge = new Hono<FrontEnv>()
  .delete(path, withSecretKey('generate'), zValidator('param', fingerprintParamSchema, refuse), async (c) => {
    const { front, account } = c.var;
    const { fingerprint } = c.req.valid('param');
    const check = () => checkPurge(front, account, fingerprint);
    // Before the claim, too, which is not for everybody to take.
    await check();
    return await purgePicture(c, { fingerprint, check, about: { account: account.id } });
  })
  .all(path, refuseOtherMethods('DELETE'));
