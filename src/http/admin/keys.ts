import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import * as z from 'zod';
import type { MadeKey } from '../../accounts/key-register';
import type { FrontEnv } from '../front';
import { pageOfKeys } from '../key-list';
import { pageQuerySchema } from '../page';
import { readJson } from '../read-json';
import { refuse, refuseOtherMethods } from '../refuse';
import { newKeySchema, settingsOf, wireKey } from '../wire-key';
import { withScope } from '../with-account';
import { accountNamed, changeableAccount, changeableId } from './named-account';

const ofAccount = '/v1/admin/accounts/:id/keys';
const [one, rotation] = ['/v1/admin/keys/:id', '/v1/admin/keys/:id/rotate'] as const;
const wholeSeconds = 'expected a whole number of seconds from 0 to 2592000 (30 days).';
export const rotationSchema = z.strictObject({
  overlap_seconds: z
    .int(wholeSeconds)
    .min(0, wholeSeconds)
    .max(30 * 86_400, wholeSeconds)
    .default(86_400),
});

/** Keys of accounts. A key is shown once, by the answer that makes it. `dialects` are those that keys can be bound to. */
export function adminKeys(dialects: readonly string[]): Hono<FrontEnv> {
  const keySchema = newKeySchema(dialects);
  return new Hono<FrontEnv>()
    .post(ofAccount, withScope('admin'), async (c) => {
      const { id } = await changeableAccount(c, c.req.param('id'));
      const settings = settingsOf(await readJson(c.req.raw, keySchema));
      return c.json(wireMade(await c.var.front.administration.keys.create(c.var.actor, id, settings)), 201);
    })
    .get(ofAccount, withScope('admin'), zValidator('query', pageQuerySchema, refuse), async (c) => {
      const { id } = await accountNamed(c, c.req.param('id'));
      return c.json(await pageOfKeys(c.var.front, id, c.req.valid('query')));
    })
    .post(rotation, withScope('admin'), async (c) => {
      const { overlap_seconds: overlapSeconds } = await readJson(c.req.raw, rotationSchema);
      const id = changeableId(c, c.req.param('id'));
      return c.json(wireMade(await c.var.front.administration.keys.rotate(c.var.actor, id, overlapSeconds)), 201);
    })
    .delete(one, withScope('admin'), async (c) => {
      const id = changeableId(c, c.req.param('id'));
      return c.json(wireKey(await c.var.front.administration.keys.revoke(c.var.actor, id)));
    })
    .all(ofAccount, refuseOtherMethods('GET', 'HEAD', 'POST'))
    .all(rotation, refuseOtherMethods('POST'))
    .all(one, refuseOtherMethods('DELETE'));
}

const wireMade = ({ key, secret }: MadeKey) => ({ ...wireKey(key), key: secret });
