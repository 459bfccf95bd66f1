import { Hono } from 'hono';
import * as z from 'zod';
import type { FrontEnv } from './front';
import { refuseOtherMethods } from './refuse';
import { withSecretKey } from './with-account';

export const webhookSecretSchema = z.object({ object: z.literal('webhook_secret'), key: z.string() });

/** What an account can learn about itself. Any of the usual ways to send a key will do. */
export const accountRoutes = new Hono<FrontEnv>()
  .get('/v1/webhooks/secret', withSecretKey('read'), async (c) => {
    return c.json({ object: 'webhook_secret', key: await c.var.front.signatures.webhookSecret(c.var.account.id) });
  })
  .all('/v1/webhooks/secret', refuseOtherMethods('GET', 'HEAD'));
