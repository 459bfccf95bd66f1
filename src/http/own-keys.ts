import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import type { FrontEnv } from './front';
import { pageOfKeys } from './key-list';
import { pageQuerySchema } from './page';
import { refuse, refuseOtherMethods } from './refuse';
import { withSecretKey } from './with-account';

/** `GET /v1/keys`: the account's own keys, what they may do, and what they spent. */
export const ownKeys = new Hono<FrontEnv>()
  .get('/v1/keys', withSecretKey('read'), zValidator('query', pageQuerySchema, refuse), async (c) => {
    return c.json(await pageOfKeys(c.var.front, c.var.account.id, c.req.valid('query')));
  })
  .all('/v1/keys', refuseOtherMethods('GET', 'HEAD'));
