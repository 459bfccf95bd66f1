import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { checkPurge } from '../pipeline/check-purge';
import { asOnlyRerender } from '../pipeline/rerender-image';
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
    // Before the claim, which is not for everybody to take.
    await checkPurge(front, account, fingerprint);
    const { files } = front.administration;
    // Who runs the service may be having it made again, which sets its files aside meanwhile.
    const purge = async () => {
      // Others may have pinned it, or bought it again, before it was claimed.
      await checkPurge(front, account, fingerprint);
      return await purgePicture(c, fingerprint, { account: account.id });
    };
    return await asOnlyRerender({ files, now: Date.now }, fingerprint, purge);
  })
  .all(path, refuseOtherMethods('DELETE'));
