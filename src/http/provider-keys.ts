import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import * as z from 'zod';
import type { StoredKey } from '../accounts/provider-keys';
import { Fault } from '../core/fault';
import { parse } from '../core/parse';
import type { WireProviderKey } from '../core/wire/provider';
import type { FrontEnv } from './front';
import { vendorKeySchema } from './preference';
import { readBody } from './read-body';
import { refuse, refuseOtherMethods } from './refuse';
import { withSecretKey } from './with-account';

const path = '/v1/provider-keys/:provider';
const providerSchema = z.object({
  provider: z.string().regex(/^[a-z0-9-]{1,40}$/, 'expected the id of a provider.'),
});
export const newProviderKeySchema = z.strictObject({ key: vendorKeySchema });

/** `/v1/provider-keys`: vendor keys of the caller's own. They are taken, named and deleted, and never shown. */
export const providerKeyRoutes = new Hono<FrontEnv>()
  .get('/v1/provider-keys', withSecretKey('read'), async (c) => {
    const keys = await c.var.front.providerKeys.list(c.var.account.id);
    return c.json({ object: 'list', data: keys.map(wireKey) });
  })
  .put(path, withSecretKey('generate'), zValidator('param', providerSchema, refuse), async (c) => {
    const body = await readBody(c.req.raw, ['json']);
    const { key } = parse(newProviderKeySchema, body.kind === 'json' ? body.value : null);
    const { provider } = c.req.valid('param');
    return c.json(wireKey(await c.var.front.providerKeys.put(c.var.account.id, provider, key)), 201);
  })
  .delete(path, withSecretKey('generate'), zValidator('param', providerSchema, refuse), async (c) => {
    const { provider } = c.req.valid('param');
    const isRemoved = await c.var.front.providerKeys.remove(c.var.account.id, provider);
    if (!isRemoved) throw new Fault('not_found', `There is no key for ${provider} to delete.`);
    return c.body(null, 204);
  })
  .all('/v1/provider-keys', refuseOtherMethods('GET', 'HEAD'))
  .all(path, refuseOtherMethods('PUT', 'DELETE'));

function wireKey({ provider, createdAt }: StoredKey): WireProviderKey {
  return { object: 'provider_key', provider, created_at: new Date(createdAt).toISOString() };
}
